"""Limits split among processes that have no store in common: each grants its own part."""

import time
from collections.abc import Callable
from typing import Final
from zlib import crc32

import msgspec

from mainspring.gateway.limits.ledger import LedgerFile
from mainspring.gateway.limits.local import LocalLimiter
from mainspring.gateway.limits.port import Decision
from mainspring.kernel.money import Money
from mainspring.snapshot.limits import Bound
from mainspring.snapshot.resources import Limits

_SCALED: Final = tuple(
    name
    for name in Limits.__struct_fields__
    if name.startswith(("requests", "tokens", "budget", "max"))
)
_MOST_KEPT = 10_000


def scaled(limits: Limits, part: Callable[[int], int]) -> Limits:
    """Return ``limits`` with every cap replaced by ``part`` of it."""
    changes: dict[str, int] = {}
    for name in _SCALED:
        cap: int | None = getattr(limits, name)
        if cap is not None:
            changes[name] = part(cap)
    return msgspec.structs.replace(limits, **changes)


def exact_part(cap: int, subject: str, number: int, count: int) -> int:
    """Return what process ``number`` (from 1) of ``count`` grants of ``cap``; the parts add up.

    What does not divide goes to processes that the subject's name chooses, so that small limits
    are not all granted by the same process.
    """
    place = (number - 1 + crc32(subject.encode())) % count
    return cap // count + (place < cap % count)


class SharingLimiter(LocalLimiter):
    """One of several processes on one machine, each granting its exact part of every limit.

    Together they never grant more than the limit. A caller whose connections all lead to one
    process gets that process's part only: where that matters, count in Redis.
    """

    def __init__(
        self,
        ledger: LedgerFile | None = None,
        wall: Callable[[], float] = time.time,
        *,
        number: int,
        count: int,
    ) -> None:
        super().__init__(ledger, wall)
        self._number = number
        self._count = count
        self._parts: dict[int, tuple[tuple[Bound, ...], tuple[Bound, ...]]] = {}

    def reserve(
        self,
        bounds: tuple[Bound, ...],
        tokens: int,
        now: float,
        lease_s: float,
        cost: Money | None = None,
        *,
        place: bool = True,
    ) -> Decision:
        """Reserve under this process's part of every bound."""
        known = self._parts.get(id(bounds))
        if known is None or known[0] is not bounds:
            if len(self._parts) >= _MOST_KEPT:
                self._parts.clear()
            known = self._parts[id(bounds)] = (bounds, tuple(map(self._part, bounds)))
        return super().reserve(known[1], tokens, now, lease_s, cost, place=place)

    def _part(self, bound: Bound) -> Bound:
        def part(cap: int) -> int:
            return exact_part(cap, bound.subject, self._number, self._count)

        return Bound(bound.subject, scaled(bound.limits, part))
