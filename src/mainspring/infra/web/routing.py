"""How a model's calls are routed, as bodies of the API have it."""

from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field

from mainspring.infra.web.bodies import Shape
from mainspring.snapshot.route_policy import Release, Routing

Status = Annotated[int, Field(ge=400, le=599)]
Milliseconds = Annotated[int, Field(ge=1, le=600_000)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Share = Annotated[float, Field(gt=0, le=1)]
Percent = Annotated[int, Field(ge=0, le=100)]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class StickyBody(Shape):
    """What keeps calls together under the strategy `sticky`."""

    by: Literal["user", "header", "prefix"] = "user"
    header: HeaderName = "x-session-id"
    prefix_bytes: int = Field(default=1024, ge=16, le=65_536)


class RetryBody(Shape):
    """When another target is asked; never after the client has seen a byte."""

    max_attempts: int = Field(default=3, ge=1, le=10)
    statuses: Annotated[tuple[Status, ...], Field(max_length=32)] = (429, 500, 502, 503, 504, 529)
    on_timeout: bool = Field(default=True, description="After silence, once the request was sent.")
    on_reset: bool = Field(
        default=True, description="After a connection that broke without an answer."
    )
    deadline_s: Seconds | None = Field(default=None, description="Over all attempts together.")
    same_target_after_ms: Milliseconds | None = Field(
        default=None, description="Ask the last target again after this pause; `null`: never."
    )


class BreakerBody(Shape):
    """When a target is left alone."""

    window_s: Seconds = 30.0
    min_samples: int = Field(default=20, ge=1, le=100_000)
    error_share: Share = 0.5
    open_s: Seconds = 10.0
    eject_after: int = Field(default=5, ge=1, le=1000, description="Failures in a row.")
    max_ejected_share: float = Field(default=0.5, ge=0, le=1)
    max_cooldown_s: float = Field(default=60.0, ge=0, le=3600, description="Bounds `Retry-After`.")


class RoutingBody(Shape):
    """How targets are chosen, and what happens when they fail."""

    strategy: Literal["weighted", "priority", "least_busy", "latency", "cost", "sticky"] = (
        "weighted"
    )
    sticky: StickyBody = StickyBody()
    retry: RetryBody = RetryBody()
    breaker: BreakerBody = BreakerBody()
    hedge_after_ms: Milliseconds | None = Field(
        default=None,
        description="Ask a second target when the first shows nothing for so long.",
    )
    degraded_text: str | None = Field(
        default=None,
        max_length=4000,
        description="Answered, and so marked, when everything failed.",
    )
    client_hints: bool = Field(default=False, description="Honour X-Mainspring-Region and -Tags.")

    def value(self) -> Routing:
        """Return the snapshot's value."""
        return msgspec.convert(self.model_dump(), Routing)


class HeaderRuleBody(Shape):
    """A header by which a call belongs to the canary."""

    name: HeaderName = Field(examples=["x-beta"])
    values: Annotated[tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=32)] = (
        Field(default=(), description="Without any, whatever it says will do.")
    )

    def lowered(self) -> dict[str, Any]:
        """Return its fields as they compare: without regard to case."""
        values = [each.strip().lower() for each in self.values]
        return {"name": self.name.lower(), "values": values}


class ReleaseBody(Shape):
    """Who is served by the targets of the track `canary`."""

    canary_weight: Percent = 0
    canary_subjects: Annotated[
        tuple[Annotated[str, Field(max_length=300)], ...],
        Field(
            max_length=1000,
            description="Ids of keys, people, service accounts, groups, projects or organisations;"
            " `<token issuer's id>/<group>` for a group that its tokens name.",
        ),
    ] = ()
    canary_headers: Annotated[tuple[HeaderRuleBody, ...], Field(max_length=16)] = ()
    by_user: bool = Field(default=False, description="Share callers out, not calls.")
    pin_header: bool = Field(default=False, description="Honour `X-Routing-Strategy`.")
    shadow_share: Percent = 100

    def value(self) -> Release:
        """Return the snapshot's value."""
        fields = self.model_dump()
        fields["canary_headers"] = [rule.lowered() for rule in self.canary_headers]
        return msgspec.convert(fields, Release)
