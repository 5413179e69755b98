"""The arithmetic of rate limits, free of any store.

Consumption is counted in fixed windows of a minute whose number is part of the counter's name, so
nothing ever has to be reset. What a subject has used "in the last minute" is estimated as the
present window's count plus the share of the previous window that the last minute still covers.
The estimate never admits more than the limit into one window, and it does not let a burst at a
window's edge pass twice.
"""

from typing import Literal

import msgspec

from mainspring.snapshot.resources import ApiKey, Limits, Organization, Project

WINDOW_S = 60.0
"""Length of a window in seconds."""

Dimension = Literal["requests", "tokens", "concurrency"]


class Bound(msgspec.Struct, frozen=True):
    """Limits that hold for one subject; ``subject`` is ``organization/<id>`` and the like."""

    subject: str
    limits: Limits


def bounds_of(
    organization: Organization, project: Project, key: ApiKey | None
) -> tuple[Bound, ...]:
    """Return every bound that a call must pass, all at once or not at all."""
    owners = (("organization", organization), ("project", project), ("key", key))
    return tuple(
        Bound(f"{name}/{owner.key}", owner.limits)
        for name, owner in owners
        if owner is not None and owner.limits is not None and owner.limits != Limits()
    )


def window_at(now: float) -> int:
    """Return the number of the window that ``now`` (seconds) falls into."""
    return int(now // WINDOW_S)


def previous_share(now: float) -> float:
    """Return how much of the previous window the minute before ``now`` still covers."""
    return 1.0 - (now % WINDOW_S) / WINDOW_S


def seconds_until_fits(
    demand: int, limit: int, current: float, previous: float, now: float
) -> float | None:
    """Return after how many seconds ``demand`` fits under ``limit`` if nothing else is admitted.

    ``None`` says: never, for it exceeds the limit by itself.
    """
    room = limit - demand
    if room < 0:
        return None
    elapsed = now % WINDOW_S
    if current <= room:
        if previous <= 0:
            return 0.0
        fits_at = WINDOW_S * (1.0 - (room - current) / previous)
        return max(fits_at - elapsed, 0.0)
    # The present window must first become the previous one and then fade far enough.
    return (WINDOW_S - elapsed) + WINDOW_S * (1.0 - room / current)
