"""One timer for thousands of paced streams.

A ``call_later`` per chunk would make the load upstream the bottleneck; here all streams due in the
same millisecond are stepped by one callback.
"""

import asyncio
import heapq
import os
from typing import Protocol


def stay_awake(loop: asyncio.AbstractEventLoop) -> None:
    """Keep ``loop`` polling instead of sleeping, leaving the core to others at every turn.

    A peer on the same machine that sleeps has to be woken by whoever writes to it, and the writer
    pays: an inter-processor interrupt, in a virtual machine several microseconds. No client across
    a network costs a gateway that, so a benchmark over loopback does better without.
    """

    def again() -> None:
        os.sched_yield()
        loop.call_soon(again)

    loop.call_soon(again)


class Paced(Protocol):
    """Something that is stepped at the moments it asks for."""

    def step(self, now_s: float) -> None:
        """Do what is due; ask for the next moment by :meth:`Pacer.at`."""
        ...


class Pacer:
    """Steps its members at loop times, to the millisecond."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._slots: dict[int, list[Paced]] = {}
        self._order: list[int] = []
        self._armed_for: int | None = None
        self._timer: asyncio.TimerHandle | None = None

    def at(self, when_s: float, member: Paced) -> None:
        """Step ``member`` at loop time ``when_s`` or up to a millisecond later."""
        slot = int(when_s * 1000) + 1
        members = self._slots.get(slot)
        if members is not None:
            members.append(member)
            return
        self._slots[slot] = [member]
        heapq.heappush(self._order, slot)
        self._arm()

    def _arm(self) -> None:
        if not self._order:
            return
        first = self._order[0]
        if self._armed_for is not None:
            if self._armed_for <= first:
                return
            if self._timer is not None:
                self._timer.cancel()
        self._armed_for = first
        self._timer = self._loop.call_at(first / 1000, self._tick)

    def _tick(self) -> None:
        self._armed_for = None
        now_s = self._loop.time()
        due = int(now_s * 1000)
        while self._order and self._order[0] <= due:
            for member in self._slots.pop(heapq.heappop(self._order)):
                member.step(now_s)
        self._arm()
