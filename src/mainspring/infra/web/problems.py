"""Problem details (RFC 9457) as the OpenAPI document describes them."""

from typing import Any

from pydantic import BaseModel, Field

from mainspring.kernel.errors import MainspringError
from mainspring.wire.problem import MEDIA_TYPE, problem


class FieldError(BaseModel):
    """One field that does not fit."""

    field: str = Field(description="Where it stands, as a path.", examples=["body.name"])
    message: str = Field(examples=["String should have at least 1 character"])


class Problem(BaseModel):
    """What every refusal of this API looks like."""

    type: str = Field(examples=["urn:mainspring:error:not_found"])
    title: str = Field(examples=["There is no such object"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no such object"])
    instance: str = Field(description="The path that was asked.")
    code: str = Field(description="Stable; see the error catalogue.", examples=["not_found"])
    next_step: str = Field(description="What to do now.")
    request_id: str | None = Field(description="Give it to your operator.")
    change_id: str | None = Field(
        default=None, description="Of a change that waits for a second person."
    )
    errors: list[FieldError] | None = Field(
        default=None, description="Present where fields do not fit."
    )


def problems(*errors: type[MainspringError]) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route that may answer with each of ``errors``."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        answer = by_status.setdefault(
            error.status,
            {
                "description": error.title,
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/Problem"},
                        "examples": {},
                    }
                },
            },
        )
        examples: dict[str, Any] = answer["content"][MEDIA_TYPE]["examples"]
        examples |= examples_of(error)
    return by_status


def examples_of(*errors: type[MainspringError]) -> dict[str, dict[str, Any]]:
    """Return an example of how each of ``errors`` looks, by its code."""
    request_id = "req_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"
    return {
        error.code: {
            "summary": error.title,
            "value": problem(error(), instance="/api/v1/…", request_id=request_id),
        }
        for error in errors
    }
