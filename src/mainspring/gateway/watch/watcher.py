"""From finished requests to those who tell of them, off the path of any request."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from typing import Final, Protocol

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.watch.exchange import WatchedExchange
from mainspring.gateway.watch.notes import Captured, Note, Told

_log = logging.getLogger(__name__)

MAX_NOTES: Final = 20_000
"""Notes that wait at the most; what comes beyond them is counted and gone."""
MAX_HELD: Final = 64 * 1024 * 1024
"""Bytes of contents that wait at the most; beyond them calls are noted without theirs."""
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
        self.left_out = 0
        """Calls whose contents were not kept, because those of others took all the room."""
        self._outlets = tuple(outlets)
        self._notes: deque[Note] = deque()
        self._arrived = asyncio.Event()
        self._held = 0

    def take(self, exchange: WatchedExchange) -> None:
        """Note that ``exchange`` has ended."""
        if len(self._notes) >= MAX_NOTES:
            self.dropped += 1
            return
        captured = exchange.captured
        if captured is not None:
            captured = self._held_back(exchange, captured)
        if not self._notes:
            self._arrived.set()
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
                captured,
            )
        )

    def tell(self, exchange: Exchange, told: Told, status: int) -> None:
        """Note a call of which only the pipeline tells: its exchange is not watched."""
        if len(self._notes) >= MAX_NOTES:
            self.dropped += 1
            return
        if not self._notes:
            self._arrived.set()
        self._notes.append(
            Note(
                exchange.method,
                exchange.path,
                status,
                len(exchange.body),
                -1,
                time.time_ns(),
                time.monotonic() - exchange.received_at,
                told,
            )
        )

    async def run(self) -> None:
        """Work notes off until cancelled."""
        while True:
            await self._arrived.wait()
            await asyncio.sleep(TICK_S)
            self._arrived.clear()
            while self._notes:
                self._work_off_some()
                await asyncio.sleep(0)

    def work_off(self) -> None:
        """Hand on every note at once."""
        while self._notes:
            self._work_off_some()

    def _held_back(self, exchange: WatchedExchange, captured: Captured) -> Captured:
        """Return what is kept of a call, as far as there is room for contents."""
        pieces = exchange.pieces
        if pieces is not None:
            answer = pieces[0] if len(pieces) == 1 else b"".join(pieces)
            captured = captured._replace(answer=answer, cut=exchange.cut)
        if self._held + captured.size > MAX_HELD:
            self.left_out += 1
            return captured._replace(request=None, answer=None, cut=True)
        self._held += captured.size
        return captured

    def _work_off_some(self) -> None:
        """Hand on a few notes: one, where there are contents to read."""
        notes = self._notes
        for _ in range(min(_SLICE, len(notes))):
            note = notes.popleft()
            for outlet in self._outlets:
                try:
                    outlet.put(note)
                except Exception:  # noqa: BLE001 - what cannot be told must not silence the rest
                    self.dropped += 1
                    _log.exception("an outlet of the watcher failed")
            if note.captured is not None:
                self._held -= note.captured.size
                return
