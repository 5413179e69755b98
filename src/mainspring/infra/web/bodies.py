"""What every request body and every answer of the control API have in common."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

SECRET: Final[JsonDict] = {"format": "password"}
"""``json_schema_extra`` of an answer's field that readers must not print."""


class Body(BaseModel):
    """A request body: a field that it does not declare is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Shape(BaseModel):
    """A part of a body that an answer repeats: strict like a body, read like a view."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, str_strip_whitespace=True)


class View(BaseModel):
    """An answer, read from the attributes of a domain value."""

    model_config = ConfigDict(from_attributes=True)


def _without_defaults(schema: dict[str, Any]) -> None:
    for field in schema.get("properties", {}).values():
        field.pop("default", None)


class Patch(Body):
    """The body of a partial update: absent means "leave it", null means "clear it".

    Every field needs a default, which is never used and which the OpenAPI document hides.
    """

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    def changed_fields(self) -> dict[str, Any]:
        """Return the fields that the caller sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}
