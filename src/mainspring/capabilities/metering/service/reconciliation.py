"""The ledger beside what gateways counted."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from mainspring.capabilities.metering.domain import (
    KEPT_DAYS,
    MAX_RECONCILIATION_RANGE,
    SETTLES_AFTER,
    TOLERANCE,
    USAGE_READ,
    Agreement,
    Reconciliation,
    compared,
    tallies_of,
)
from mainspring.capabilities.metering.ports import DriftTelling, TallyStore, TellNobodyOfDrift
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.ranges import checked_range
from mainspring.kernel.scope import PLATFORM_ORG, Scope
from mainspring.wire.tallies import TallyReport

_log = logging.getLogger(__name__)
_SELF = Scope.platform("reconciliation")
_LOOKED_BACK = timedelta(hours=48)
_AT_ONCE = 500
_MAX_DRIFTED = 1000


class ReconciliationService:
    """Takes counts in, compares them with the ledger, and tells what was found."""

    def __init__(
        self,
        store: TallyStore,
        clock: Clock,
        *,
        tolerance: float = TOLERANCE,
        telling: DriftTelling | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._tolerance = tolerance
        self._telling = telling or TellNobodyOfDrift()

    async def take(self, report: TallyReport) -> None:
        """Keep what a gateway counted; telling it again changes nothing.

        Raises:
            DatabaseUnavailableError: if nothing was kept.
        """
        tallies = tallies_of(report)
        async with self._store.begin(_SELF) as kept:
            await kept.put(tallies)
            if report.earlier_delivered and tallies:
                await kept.note_delivered(tallies[0].gateway_id, other_than=tallies[0].epoch)

    async def reconcile(self) -> int:
        """Compare every hour that is over and does not match; return how many have drifted.

        An hour is looked at for two days: what drifted may mend, as late records arrive. Doing it
        twice changes nothing.
        """
        now = self._clock.now()
        since = now - _LOOKED_BACK
        async with self._store.begin(_SELF) as kept:
            await kept.drop_before(now - timedelta(days=KEPT_DAYS))
            hours = await kept.unsettled(
                since=since, before=_hour(now - SETTLES_AFTER), limit=_AT_ONCE
            )
            booked = await kept.booked(hours)
            for hour in hours:
                found = booked.get((hour.gateway_id, hour.epoch, hour.since), {})
                await kept.settle(compared(hour, found, now, tolerance=self._tolerance))
        drifted = await self.drifted()
        for hour in drifted:
            _log.warning(
                "the ledger does not agree with what %s counted from %s on",
                hour.gateway_id,
                hour.since.isoformat(timespec="seconds"),
            )
        await self._telling.tell(drifted)
        return len(drifted)

    async def drifted(self) -> Sequence[Reconciliation]:
        """Return the hours of the last two days that have drifted, for the platform's parts."""
        now = self._clock.now()
        async with self._store.begin(_SELF) as kept:
            return await kept.hours(
                since=now - _LOOKED_BACK,
                until=now,
                state=Agreement.DRIFTED,
                gateway_id=None,
                before=None,
                limit=_MAX_DRIFTED,
            )

    async def list_hours(
        self,
        scope: Scope,
        page: PageRequest,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        state: Agreement | None = None,
        gateway_id: str | None = None,
    ) -> Page[Reconciliation]:
        """Return what was counted and compared, newest first; by default of the last 24 hours.

        Raises:
            PermissionDeniedError: unless the caller may see the usage of the whole platform.
            InvalidRequestError: if the range or the cursor is not one.
        """
        scope = authorize(scope, USAGE_READ, org_id=PLATFORM_ORG)
        before = decode_cursor(page.cursor, tuple[datetime, str, str])
        start, end = checked_range(
            since, until, self._clock.now(), longest=MAX_RECONCILIATION_RANGE
        )
        async with self._store.begin(scope) as kept:
            found = await kept.hours(
                since=start,
                until=end,
                state=state,
                gateway_id=gateway_id,
                before=before,
                limit=page.limit + 1,
            )
        return page_of(found, page.limit, lambda hour: (hour.since, hour.gateway_id, hour.epoch))


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
