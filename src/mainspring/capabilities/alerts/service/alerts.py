"""Alerts as sources report them and as people look them up."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from mainspring.capabilities.alerts.domain import (
    ALERT_READ,
    ALERT_REPORT,
    MAX_FIRING,
    Alert,
    AlertState,
    Report,
    Severity,
    checked_report,
)
from mainspring.capabilities.alerts.ports import AlertStore
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_log = logging.getLogger(__name__)

_SELF = Scope.platform("alerts")
_MAX_REPORTS = 1000


class AlertService:
    """Takes reports in, and tells what fires."""

    def __init__(self, store: AlertStore, tenancy: TenancyService, clock: Clock) -> None:
        self._store = store
        self._tenancy = tenancy
        self._clock = clock

    async def receive(
        self, scope: Scope, org_id: str | None, source: str, reports: Sequence[Report]
    ) -> int:
        """Take what another system reports; return how many alerts were known or are kept now.

        What is not reported stays as it is. Beyond ``MAX_FIRING`` nothing new is kept.

        Raises:
            NotFoundError: if the caller sees no such organisation.
            InvalidRequestError: if a report is not acceptable.
        """
        granted = authorize(scope, ALERT_REPORT, org_id=org_id or PLATFORM_ORG)
        if org_id is not None:
            await self._tenancy.check_organization(org_id)
        if len(reports) > _MAX_REPORTS:
            raise InvalidRequestError(f"up to {_MAX_REPORTS} alerts at once", param="alerts")
        return await self._take(granted, org_id, source, reports, is_all=False)

    async def report(self, source: str, reports: Sequence[Report]) -> None:
        """Take what a part of the platform reports; what it does not report stays as it is."""
        await self._take(_SELF, None, source, reports, is_all=False)

    async def report_all(self, source: str, reports: Sequence[Report]) -> None:
        """Take everything that a part of the platform knows to fire; all else of it is over.

        Doing it again changes nothing.
        """
        await self._take(_SELF, None, source, reports, is_all=True)

    async def get(self, scope: Scope, alert_id: str) -> Alert:
        """Return one alert.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.begin(_SELF) as alerts:
            owner = existing(await alerts.alert(alert_id)).org_id
        granted = authorize(scope, ALERT_READ, org_id=owner or PLATFORM_ORG)
        async with self._store.begin(granted) as alerts:
            return existing(await alerts.alert(alert_id))

    async def list_of(
        self,
        scope: Scope,
        org_id: str | None,
        page: PageRequest,
        *,
        state: AlertState | None = None,
        severity: Severity | None = None,
    ) -> Page[Alert]:
        """Return the alerts of an organisation, or (``None``) of the platform, newest first."""
        before = decode_cursor(page.cursor, str)
        granted = authorize(scope, ALERT_READ, org_id=org_id or PLATFORM_ORG)
        async with self._store.begin(granted) as alerts:
            found = await alerts.alerts(
                org_id, state=state, severity=severity, before=before, limit=page.limit + 1
            )
        return page_of(found, page.limit, lambda alert: alert.id)

    async def _take(
        self,
        scope: Scope,
        owner: str | None,
        source: str,
        reports: Sequence[Report],
        *,
        is_all: bool,
    ) -> int:
        checked = {each.fingerprint: each for each in map(checked_report, reports)}
        now = self._clock.now()
        async with self._store.begin(scope) as alerts:
            await alerts.hold_reports(owner, source)
            present = await alerts.firing(owner)
            known = {each.fingerprint: each for each in present if each.source == source}
            room = MAX_FIRING - len(present)
            changed: list[Alert] = []
            refused = 0
            for fingerprint, report in checked.items():
                alert = known.get(fingerprint)
                if alert is None and report.is_over:
                    continue  # it was never told of here
                if alert is None:
                    if room <= 0:
                        refused += 1
                        continue
                    room -= 1
                changed.append(_as_reported(alert, report, owner, source, now))
            if is_all:
                gone = (each for each in known.values() if each.fingerprint not in checked)
                changed += _ended(gone, now)
            await alerts.put_alerts(changed)
        if refused:
            _log.warning("%d alerts of %s were not kept: too many fire", refused, source)
        return len(changed)


def _as_reported(
    known: Alert | None, report: Report, owner: str | None, source: str, now: datetime
) -> Alert:
    alert = known or Alert(
        id=new_id("alr"),
        org_id=owner,
        source=source,
        fingerprint=report.fingerprint,
        name=report.name,
        severity=report.severity,
        labels={},
        started_at=min(report.started_at or now, now),
        seen_at=now,
    )
    return msgspec.structs.replace(
        alert,
        name=report.name,
        severity=report.severity,
        labels=dict(report.labels),
        summary=report.summary,
        summary_zh=report.summary_zh,
        description=report.description,
        runbook_url=report.runbook_url,
        runbook_url_zh=report.runbook_url_zh,
        seen_at=now,
        state=AlertState.RESOLVED if report.is_over else AlertState.FIRING,
        ended_at=now if report.is_over else None,
    )


def _ended(alerts: Iterable[Alert], now: datetime) -> list[Alert]:
    return [
        msgspec.structs.replace(alert, state=AlertState.RESOLVED, ended_at=now) for alert in alerts
    ]
