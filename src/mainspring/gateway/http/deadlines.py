"""Deadlines without timers: one coarse sweep serves every connection of a loop.

A timer per request costs several microseconds to arm and cancel, and nearly none of them ever
fires. Here a connection keeps its own deadline in a float, moving it is an attribute store, and
the sweeper looks at a connection only when the deadline it last knew of has passed: mostly to
learn that it has moved on.
"""

import asyncio
from math import inf
from typing import Protocol


class Watched(Protocol):
    """Something with deadlines."""

    due: float
    """When the sweeper will look next, ``inf`` while it does not. Only the sweeper sets it."""

    def on_due(self, now: float) -> float:
        """Act on deadlines that have passed; return when to look again, ``inf`` for never."""
        ...


class Sweeper:
    """Looks at watched things when they are due, never early, up to two resolutions late.

    To move a deadline, compare first, as nearly every move is to a later time::

        if deadline < self.due:
            sweeper.watch(self, deadline)

    It ticks only while it watches something. A tick that comes late looks at nothing: after the
    loop itself stalled, peers get one more tick to be read before they are blamed for silence.
    """

    __slots__ = ("_buckets", "_deferred", "_expected", "_handle", "_swept", "now", "step")

    def __init__(self, step: float = 0.05) -> None:
        self.step = step
        """Resolution in seconds."""
        self.now = 0.0
        """The loop's time at the last tick; valid while something is watched, else :meth:`wake`."""
        self._handle: asyncio.TimerHandle | None = None
        self._buckets: dict[int, set[Watched]] = {}
        self._swept = 0
        self._expected = 0.0
        self._deferred = False

    @property
    def watched(self) -> int:
        """How many things are watched."""
        return sum(map(len, self._buckets.values()))

    @property
    def resting(self) -> bool:
        """Whether it ticks no more, as it watches nothing."""
        return self._handle is None

    def wake(self) -> float:
        """Return the time, fresh even if nothing was watched until now."""
        if self._handle is None:
            self._arm(asyncio.get_running_loop())
        return self.now

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        self.now = now = loop.time()
        if not self._buckets:
            self._swept = int(now / self.step) - 1
        self._expected = now + self.step
        self._handle = loop.call_later(self.step, self._tick, loop)

    def watch(self, item: Watched, at: float) -> None:
        """Look at ``item`` at ``at``, unless it is to be looked at sooner anyway."""
        if self._handle is None:
            self._arm(asyncio.get_running_loop())
        if at >= item.due or at == inf:
            return
        if item.due != inf:
            self._take_out(item)
        index = max(int(at / self.step), self._swept + 1)
        item.due = index * self.step
        bucket = self._buckets.get(index)
        if bucket is None:
            self._buckets[index] = {item}
        else:
            bucket.add(item)

    def forget(self, item: Watched) -> None:
        """Look at ``item`` no more, and keep no reference to it."""
        if item.due != inf:
            self._take_out(item)
            item.due = inf

    def _take_out(self, item: Watched) -> None:
        bucket = self._buckets.get(round(item.due / self.step))
        if bucket is not None:
            bucket.discard(item)

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        self.now = now = loop.time()
        late = now - self._expected > 4 * self.step
        self._deferred = late and not self._deferred
        if not self._deferred:
            self._sweep(now)
        if self._buckets:
            self._arm(loop)
        else:
            self._handle = None

    def _sweep(self, now: float) -> None:
        buckets = self._buckets
        # A bucket is due once all of its span has passed, so nothing is looked at early.
        last = int(now / self.step) - 1
        first = self._swept + 1
        self._swept = last
        passed = (
            range(first, last + 1)
            if last - first < len(buckets)
            else sorted(index for index in buckets if index <= last)
        )
        for index in passed:
            bucket = buckets.get(index)
            if bucket is None:
                continue
            while bucket:
                item = bucket.pop()
                item.due = inf
                again = item.on_due(now)
                if again < item.due:
                    self.watch(item, again)
            del buckets[index]
