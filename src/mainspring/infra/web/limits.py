"""Limits as bodies and answers spell them."""

from pydantic import ConfigDict, Field

from mainspring.infra.web.bodies import View
from mainspring.snapshot.resources import Limits


class LimitsBody(View):
    """Bounds on one subject; `null` leaves that dimension unbounded."""

    model_config = ConfigDict(extra="forbid")

    requests_per_minute: int | None = Field(None, ge=1, le=1_000_000_000, examples=[600])
    tokens_per_minute: int | None = Field(None, ge=1, le=1_000_000_000_000, examples=[200_000])
    max_concurrency: int | None = Field(None, ge=1, le=1_000_000, examples=[50])


def as_limits(body: LimitsBody | None) -> Limits | None:
    """Return the limits of ``body``."""
    return None if body is None else Limits(**body.model_dump())
