"""Costs put where FinOps tools and warehouses read them: a file for each day."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta

from mainspring.capabilities.metering.domain.focus import FOCUS_DIMENSIONS
from mainspring.capabilities.metering.service.costs import CostService
from mainspring.capabilities.metering.service.parquet import parquet_of
from mainspring.infra.blob import BlobStore
from mainspring.kernel.clock import Clock
from mainspring.kernel.scope import Scope

_log = logging.getLogger(__name__)
_SELF = Scope.platform("cost-export")

DAYS_AGAIN = 4
"""How many whole days are written each time: records, and shares of GPU hours, come late."""

EXPORT_ROWS = 200_000
"""The most lines of one day."""


class CostExport:
    """Writes days to a store of blobs, the same day under the same key."""

    def __init__(self, costs: CostService, store: BlobStore, clock: Clock) -> None:
        self._costs = costs
        self._store = store
        self._clock = clock

    async def export(self) -> int:
        """Write the last whole days, over what was written of them before; return how many.

        Raises:
            BlobStoreError: if the store cannot be used; what was written stays.
        """
        today = self._clock.now().astimezone(UTC).date()
        for ago in range(DAYS_AGAIN, 0, -1):
            await self.write(today - timedelta(days=ago))
        return DAYS_AGAIN

    async def write(self, day: date) -> str:
        """Write one day of UTC; return its key.

        Raises:
            InvalidRequestError: if it has too many lines, or Parquet cannot be written here.
            BlobStoreError: if the store cannot be used.
        """
        since = datetime.combine(day, time(), UTC)
        report = await self._costs.report(
            _SELF,
            since=since,
            until=since + timedelta(days=1),
            by=FOCUS_DIMENSIONS,
            interval="day",
            most=EXPORT_ROWS,
        )
        data = await asyncio.to_thread(parquet_of, report)
        key = export_key(day)
        await self._store.put(key, _whole(data))
        _log.info("wrote the costs of %s, %d bytes", day, len(data))
        return key


def export_key(day: date) -> str:
    """Return where a day lies, in the manner of Hive: readers take ``day`` for a column."""
    return f"focus/day={day.isoformat()}/costs.parquet"


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data
