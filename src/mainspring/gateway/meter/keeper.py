"""Looking after the spool: disk syncs, the next segment, room for what waits in memory."""

import asyncio
import logging

from mainspring.gateway.meter.spool import Segment, Spool

_log = logging.getLogger(__name__)

SYNC_INTERVAL_S = 0.5
"""The death of the machine (not of the process) takes at most this much."""


class SpoolKeeper:
    """Does in a worker thread whatever would hold up the loop.

    ``arrived`` is set while the spool may hold something; without it the spool is looked at again
    and again, which is cheaper than a signal for each of many records.
    """

    def __init__(self, spool: Spool, arrived: asyncio.Event | None = None) -> None:
        self._spool = spool
        self._arrived = arrived

    async def run(self) -> None:
        """Tend the spool until cancelled."""
        while True:
            if self._arrived is not None:
                await self._arrived.wait()
            await asyncio.sleep(SYNC_INTERVAL_S)
            await self.tend()

    async def tend(self) -> None:
        """Bring what was appended to the disk, and prepare the next segment if it is near."""
        spool = self._spool
        spool.drain_overflow()
        try:
            segments = spool.unsynced()
            if segments:
                await asyncio.to_thread(_sync_all, segments)
            if spool.wants_spare:
                spool.take_spare(await asyncio.to_thread(spool.make_spare))
        except OSError as error:
            _log.error("the spool's disk fails: %s", error)


def _sync_all(segments: list[Segment]) -> None:
    for segment in segments:
        segment.sync()
