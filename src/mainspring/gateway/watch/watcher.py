"""From finished requests to those who tell of them, off the path of any request."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.watch.exchange import Capturing, WatchedExchange
from mainspring.gateway.watch.notes import Captured, Note, Told
from mainspring.gateway.watch.spans import failed

_log = logging.getLogger(__name__)

MAX_NOTES: Final = 20_000
"""Notes that wait at the most; what comes beyond them is counted and gone."""
MAX_HELD: Final = 64 * 1024 * 1024
"""Bytes of contents that wait at the most; beyond them calls are noted without theirs."""
TICK_S: Final = 0.1
_SLICE: Final = 8
"""Notes that are worked off before requests have their turn again: well below a millisecond."""


_PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})


class Outlet(Protocol):
    """Tells of requests. Fails open: what it cannot pass on, it counts and drops."""

    def put(self, note: Note) -> None:
        """Take a note; quick, and never raises."""
        ...


class Watcher:
    """Hands the note of each finished request to those who tell of it.

    ``log`` tells of every request, in so little time that it does so at once: notes that wait cost
    more than its lines, for their memory is cold when their turn comes. ``outlets`` tell at length
    of the few requests that are sampled, failed or captured; those notes wait for them.
    """

    def __init__(self, outlets: Sequence[Outlet], log: Outlet | None = None) -> None:
        self.dropped = 0
        """Requests of which nothing was told, because too many notes waited."""
        self.left_out = 0
        """Calls whose contents were not kept, because those of others took all the room."""
        self._log = log
        self._outlets = tuple(outlets)
        self._notes: deque[Note] = deque()
        self._arrived = asyncio.Event()
        self._held = 0

    def take(self, exchange: WatchedExchange) -> None:
        """Note that ``exchange`` has ended."""
        told = exchange.told
        note = Note(
            exchange.method,
            exchange.path,
            exchange.status,
            len(exchange.body),
            exchange.bytes_out,
            time.time_ns(),
            time.monotonic() - exchange.received_at,
            told,
            exchange.request_id,
        )
        if self._log is not None and (told is not None or not _is_probe(note)):
            self._put(self._log, note)
        if exchange.capturing is not None:
            self._wait(note, exchange.capturing)
        elif told is not None and (told.trace.sampled or failed(note.status, told.record)):
            self._wait(note)

    def tell(self, exchange: Exchange, told: Told, status: int) -> None:
        """Note a call of which only the pipeline tells: its exchange is not watched."""
        note = Note(
            exchange.method,
            exchange.path,
            status,
            len(exchange.body),
            -1,
            time.time_ns(),
            time.monotonic() - exchange.received_at,
            told,
        )
        if self._log is not None:
            self._put(self._log, note)
        self._wait(note)

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

    def _wait(self, note: Note, capturing: Capturing | None = None) -> None:
        """Have ``note`` wait for the outlets, with what was kept of its call."""
        if len(self._notes) >= MAX_NOTES:
            self.dropped += 1
            return
        if capturing is not None:
            note = msgspec.structs.replace(note, captured=self._held_back(capturing.taken()))
        if not self._notes:
            self._arrived.set()
        self._notes.append(note)

    def _held_back(self, captured: Captured) -> Captured:
        """Return what is kept of a call, as far as there is room for contents."""
        if self._held + captured.size > MAX_HELD:
            self.left_out += 1
            return msgspec.structs.replace(captured, request=None, answer=None, cut=True)
        self._held += captured.size
        return captured

    def _work_off_some(self) -> None:
        """Hand on a few notes: one, where there are contents to read."""
        notes = self._notes
        for _ in range(min(_SLICE, len(notes))):
            note = notes.popleft()
            for outlet in self._outlets:
                self._put(outlet, note)
            if note.captured is not None:
                self._held -= note.captured.size
                return

    def _put(self, outlet: Outlet, note: Note) -> None:
        try:
            outlet.put(note)
        except Exception:  # noqa: BLE001 - what cannot be told must not silence the rest
            self.dropped += 1
            _log.exception("an outlet of the watcher failed")


def _is_probe(note: Note) -> bool:
    """Tell whether a supervisor or a scraper asked, and all was well: each second, forever."""
    return note.path in _PROBES and note.status < 400
