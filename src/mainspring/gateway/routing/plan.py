"""A model as the pipeline uses it: its targets joined with their upstreams and what is known of
them."""

from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.routing.health import TargetHealth
from mainspring.gateway.routing.notice import header_safe, notice_of
from mainspring.gateway.upstreams import UpstreamRuntime
from mainspring.snapshot.resources import Model, ModelTarget
from mainspring.snapshot.route_policy import SHADOW

_LEASE_MARGIN_S = 60.0


class Destination:
    """One target of a model with the upstream that serves it."""

    __slots__ = (
        "health",
        "index",
        "line",
        "protocol",
        "target",
        "timeouts",
        "upstream",
        "upstream_model",
    )

    def __init__(
        self, index: int, target: ModelTarget, upstream: UpstreamRuntime, health: TargetHealth
    ) -> None:
        self.index = index
        self.target = target
        self.upstream = upstream
        self.protocol = upstream.protocol
        self.upstream_model = target.upstream_model
        self.health = health
        self.line = b"x-mainspring-target: %b\r\n" % header_safe(upstream.resource.name)
        """The header line by which an answer tells where it came from."""
        self.timeouts: Timeouts | None = None
        """Deadlines of a first attempt, where the model's own are tighter than the upstream's."""


class Plan:
    """A model as the pipeline uses it; valid until an upstream changes.

    ``bounded`` tells whether the model has limits of its own. ``sole`` is set where there is
    nothing to choose: one target, and no rule that could exclude it.
    ``deadline_s`` bounds all attempts together; ``lease_s`` is how long a call may take at the
    most, with a margin.
    """

    __slots__ = (
        "bounded",
        "deadline_s",
        "destinations",
        "healths",
        "hedge_s",
        "lease_s",
        "model",
        "needs_facts",
        "notice",
        "price",
        "retry",
        "retry_statuses",
        "shadows",
        "sole",
        "tasks",
        "tells_callers_apart",
        "weighs_latency",
    )

    def __init__(self, model: Model, destinations: dict[int, Destination]) -> None:
        self.model = model
        self.tasks = frozenset(model.tasks)
        self.bounded = model.limits is not None or model.key_limits is not None
        self.price = model.price
        self.destinations = destinations
        targets = model.targets
        routing = model.routing
        self.healths: tuple[TargetHealth | None, ...] = tuple(
            destinations[index].health if index in destinations else None
            for index in range(len(targets))
        )
        self.shadows = tuple(each for each in destinations.values() if each.target.track == SHADOW)
        self.weighs_latency = routing.strategy == "latency"
        self.retry = routing.retry
        self.retry_statuses = frozenset(routing.retry.statuses)
        self.hedge_s = None if routing.hedge_after_ms is None else routing.hedge_after_ms / 1000
        totals = [each.upstream.resource.timeouts.total_s for each in destinations.values()]
        self.deadline_s = max(totals, default=0.0)
        own = routing.retry.deadline_s
        if own is not None and own < self.deadline_s:
            self.deadline_s = own
            for each in destinations.values():
                each.timeouts = bounded(each.upstream, own)
        self.lease_s = self.deadline_s + _LEASE_MARGIN_S
        self.notice = notice_of(model)
        """Header lines by which every answer of the model tells that it is on its way out."""
        for each in destinations.values():
            if model.release is not None:
                each.line += b"x-mainspring-track: %b\r\n" % header_safe(each.target.track)
            each.line += self.notice
        self.tells_callers_apart = any(target.subjects for target in targets)
        self.needs_facts = (
            routing.client_hints
            or routing.strategy == "sticky"
            or model.release is not None
            or self.tells_callers_apart
            or any(target.tasks for target in targets)
        )
        plain = len(targets) == 1 and not self.needs_facts and targets[0].track != SHADOW
        self.sole = destinations.get(0) if plain else None


def bounded(upstream: UpstreamRuntime, remaining_s: float) -> Timeouts:
    """Return the upstream's deadlines with no phase beyond ``remaining_s``."""
    own = upstream.resource.timeouts
    return Timeouts(
        connect_s=min(own.connect_s, remaining_s),
        first_byte_s=min(own.first_byte_s, remaining_s),
        idle_s=min(own.idle_s, remaining_s),
        total_s=min(own.total_s, remaining_s),
    )
