"""Limits as bodies and answers spell them."""

from pydantic import Field

from mainspring.infra.web.bodies import Shape
from mainspring.snapshot.resources import Limits


class LimitsBody(Shape):
    """Bounds on one subject; `null` leaves that dimension unbounded."""

    requests_per_minute: int | None = Field(None, ge=1, le=1_000_000_000, examples=[600])
    tokens_per_minute: int | None = Field(None, ge=1, le=1_000_000_000_000, examples=[200_000])
    max_concurrency: int | None = Field(None, ge=1, le=1_000_000, examples=[50])


def as_limits(body: LimitsBody | None) -> Limits | None:
    """Return the limits of ``body``."""
    return None if body is None else Limits(**body.model_dump())
