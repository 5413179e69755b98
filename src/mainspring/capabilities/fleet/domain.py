"""Parts and their liveness."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from mainspring.kernel.access import Permission
from mainspring.wire.records import MAX_TARGETS_TOLD, Heartbeat, TargetSeen

SYSTEM_READ = Permission(
    "system:read", "See the platform's parts and their health.", of_platform=True
)

PERMISSIONS = (SYSTEM_READ,)
"""Every permission of this capability."""

LOST: Final = "lost"
"""The state of a part that has not been heard of for :data:`LOST_AFTER`."""

STOPPED: Final = "stopped"
"""The last word of a part that ends in order."""

_GONE = frozenset({LOST, STOPPED})

LOST_AFTER: Final = timedelta(seconds=12)
"""Several heartbeats; one that is late is no alarm."""

FORGOTTEN_AFTER: Final = timedelta(hours=1)
"""A part that has been silent for so long was replaced or taken away."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A running part as it last told of itself.

    ``details`` are small display facts; ``targets`` is what a gateway has seen of those it calls.
    """

    instance_id: str
    role: str
    name: str
    state: str
    version: str
    started_at: datetime
    last_seen_at: datetime
    details: dict[str, str | int | float | bool] = {}
    targets: tuple[TargetSeen, ...] = ()

    def seen_from(self, now: datetime) -> "Part":
        """Return this part with the state that its silence until ``now`` gives it."""
        if self.state == STOPPED or now - self.last_seen_at < LOST_AFTER:
            return self
        return msgspec.structs.replace(self, state=LOST)


class Breaker(msgspec.Struct, frozen=True, kw_only=True):
    """How one gateway has found a target, at its last word.

    ``retry_at`` is when it asks the target again, where something keeps it from that now.
    """

    gateway: str
    instance_id: str
    upstream_id: str
    upstream_model: str
    circuit: str
    obstacle: str | None
    retry_at: datetime | None
    in_flight: int
    latency_ms: float | None
    opened: int
    seen_at: datetime

    @property
    def id(self) -> str:
        """Return what tells it from all others."""
        return f"{self.instance_id}/{self.upstream_id}/{self.upstream_model}"


def current(parts: Iterable[Part], now: datetime) -> list[Part]:
    """Return the parts as they are at ``now``, without those that a living one has replaced.

    A part that was restarted comes back under its name as another instance; showing the old one as
    lost beside it would be an alarm about nothing.
    """
    seen = [part.seen_from(now) for part in parts]
    living = {(part.role, part.name) for part in seen if part.state not in _GONE}
    return [
        part for part in seen if part.state not in _GONE or (part.role, part.name) not in living
    ]


def part_of(heartbeat: Heartbeat, now: datetime) -> Part:
    """Return the part that ``heartbeat`` tells of."""
    try:
        started_at = datetime.fromtimestamp(heartbeat.started_at_ms / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        started_at = now
    return Part(
        instance_id=heartbeat.instance_id,
        role=heartbeat.role,
        name=heartbeat.name,
        state=heartbeat.state,
        version=heartbeat.version,
        started_at=started_at,
        last_seen_at=now,
        details=heartbeat.details,
        targets=tuple(heartbeat.targets[:MAX_TARGETS_TOLD]),
    )


def breakers(parts: Iterable[Part], upstream_id: str | None = None) -> list[Breaker]:
    """Return what living parts have seen of targets, those that are kept from calls first.

    What a part that fell silent saw last says nothing about how a target is now.
    """
    found = [
        Breaker(
            gateway=part.name,
            instance_id=part.instance_id,
            upstream_id=seen.upstream_id,
            upstream_model=seen.upstream_model,
            circuit=seen.circuit,
            obstacle=seen.obstacle,
            retry_at=_later(part.last_seen_at, seen.retry_in_s) if seen.obstacle else None,
            in_flight=seen.in_flight,
            latency_ms=seen.latency_ms or None,
            opened=seen.opened,
            seen_at=part.last_seen_at,
        )
        for part in parts
        if part.state not in _GONE
        for seen in part.targets
        if upstream_id is None or seen.upstream_id == upstream_id
    ]
    return sorted(found, key=lambda one: (one.circuit == "closed" and not one.obstacle, one.id))


def _later(moment: datetime, seconds: float) -> datetime | None:
    try:
        return moment + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None
