"""Keeping the spans of control and worker where the gateway's are, in the background.

Fails open: without the database a bounded number waits, what comes beyond it is counted and gone,
and nobody who makes a span waits for it to be kept.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.wire.observations import ObservationBatch, TraceRecord

_log = logging.getLogger(__name__)

Ingest = Callable[[ObservationBatch], Awaitable[object]]
"""Keeps a batch; what came before changes nothing. Raises ``DatabaseUnavailableError`` if none of
it was kept."""

MAX_WAITING: Final = 4096
"""Spans that wait for a slow or absent database."""
MAX_BATCH: Final = 64
"""Records that are kept at once: a request's one span each, or the spans of a run."""
_TICK_S: Final = 0.5
_DEADLINE_S: Final = 10.0
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0


class SpanStore:
    """Holds the spans of one process until they are kept, as far as there is room."""

    def __init__(self, role: str, ingest: Ingest) -> None:
        self.dropped = 0
        """Spans that were not kept."""
        self._role = role
        self._ingest = ingest
        self._waiting: deque[TraceRecord] = deque()
        self._count = 0
        self._away = False

    def put(self, record: TraceRecord) -> None:
        """Take spans; quick, and never raises."""
        if self._count + len(record.spans) > MAX_WAITING:
            self.dropped += len(record.spans)
            return
        self._waiting.append(record)
        self._count += len(record.spans)

    async def run(self) -> None:
        """Keep what comes, until cancelled."""
        pause_s = _FIRST_PAUSE_S
        while True:
            await asyncio.sleep(_TICK_S)
            while self._waiting:
                if await self._keep():
                    pause_s = _FIRST_PAUSE_S
                else:
                    await asyncio.sleep(pause_s)
                    pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    async def flush(self, deadline_s: float) -> None:
        """Keep what waits, as far as the database takes it within ``deadline_s``."""
        try:
            async with asyncio.timeout(deadline_s):
                while self._waiting and await self._keep():
                    pass
        except TimeoutError:
            _log.info("%d spans were not kept", self._count)

    async def _keep(self) -> bool:
        """Keep one batch; tell whether it is off our hands.

        It waits with the others meanwhile, so that whoever is cancelled loses nothing.
        """
        records = [self._waiting[at] for at in range(min(MAX_BATCH, len(self._waiting)))]
        encoded = [msgspec.Raw(msgspec.msgpack.encode(each)) for each in records]
        try:
            async with asyncio.timeout(_DEADLINE_S):
                await self._ingest(ObservationBatch(gateway_id=self._role, records=encoded))
        except (DatabaseUnavailableError, TimeoutError):
            if not self._away:
                self._away = True
                _log.warning("spans wait for the database")
            return False
        except Exception:  # noqa: BLE001 - whatever these have, those after them must be kept
            _log.exception("spans could not be kept")
            self.dropped += sum(len(each.spans) for each in records)
        if self._away:
            self._away = False
            _log.info("the database takes spans again")
        for each in records:
            self._waiting.popleft()
            self._count -= len(each.spans)
        return True
