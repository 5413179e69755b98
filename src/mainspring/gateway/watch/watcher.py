"""From finished requests to those who tell of them, off the path of any request."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from typing import Final, Protocol

from mainspring.gateway.watch.exchange import WatchedExchange
from mainspring.gateway.watch.notes import Note

MAX_NOTES: Final = 20_000
"""Notes that wait at the most; what comes beyond them is counted and gone."""
TICK_S: Final = 0.1
_SLICE: Final = 32
"""Notes that are worked off before requests have their turn again: well below a millisecond."""


class Outlet(Protocol):
    """Tells of requests. Fails open: what it cannot pass on, it counts and drops."""

    def put(self, note: Note) -> None:
        """Take a note; quick, and never raises."""
        ...


class Watcher:
    """Gathers notes and hands each to every outlet."""

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self.dropped = 0
        """Requests of which nothing was told, because too many notes waited."""
        self._outlets = tuple(outlets)
        self._notes: deque[Note] = deque()

    def take(self, exchange: WatchedExchange) -> None:
        """Note that ``exchange`` has ended."""
        if len(self._notes) >= MAX_NOTES:
            self.dropped += 1
            return
        self._notes.append(
            Note(
                exchange.method,
                exchange.path,
                exchange.status,
                len(exchange.body),
                exchange.bytes_out,
                time.time_ns(),
                time.monotonic() - exchange.received_at,
                exchange.told,
                exchange.request_id,
            )
        )

    async def run(self) -> None:
        """Work notes off until cancelled."""
        while True:
            await asyncio.sleep(TICK_S)
            while self._notes:
                self.work_off(_SLICE)
                await asyncio.sleep(0)

    def work_off(self, most: int = MAX_NOTES) -> None:
        """Hand on up to ``most`` notes at once."""
        notes = self._notes
        for _ in range(min(most, len(notes))):
            note = notes.popleft()
            for outlet in self._outlets:
                outlet.put(note)
