"""The use cases of objectives, and their evaluation."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from mainspring.capabilities.slo.domain import (
    MAX_SLOS,
    SLO_READ,
    SLO_WRITE,
    Alert,
    AlertState,
    Indicator,
    Slo,
    SloChanges,
    SloStatus,
    WindowSum,
    burning_of,
    checked_slo,
    prometheus_rules,
    status_of,
    windows_of,
    worst_of,
)
from mainspring.capabilities.slo.ports import (
    Measures,
    SloRepository,
    SloStore,
    Telling,
    TellNobody,
)
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_log = logging.getLogger(__name__)
_SELF = Scope.platform("slo")
_MINUTE = timedelta(minutes=1)
_LATE = timedelta(minutes=10)
"""Records come late while a gateway's spool waits: so many minutes are counted again each time."""
_FIRST = timedelta(days=3)
"""How far back a new objective looks: the longest window that alerts."""
_AT_ONCE = timedelta(hours=6)
"""So much is counted by one query."""


class SloService:
    """Objectives, their standing, and the alerts they gave."""

    def __init__(self, store: SloStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def create(
        self,
        scope: Scope,
        *,
        name: str,
        indicator: Indicator,
        target: float,
        changes: SloChanges,
    ) -> Slo:
        """Create an objective; ``changes`` gives what else differs from the defaults.

        Raises:
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the name is taken, or there are too many.
        """
        scope = _allowed(scope, SLO_WRITE)
        now = self._clock.now()
        made = Slo(
            id=new_id("slo"),
            name=name,
            indicator=indicator,
            target=target,
            created_at=now,
            updated_at=now,
        )
        slo = checked_slo(apply_changes(made, changes))
        async with self._store.begin(scope) as slos:
            if await slos.count() >= MAX_SLOS:
                raise ConflictError(f"there are {MAX_SLOS} objectives already")
            await slos.add(slo)
        return slo

    async def get(self, scope: Scope, slo_id: str) -> Slo:
        """Return one objective.

        Raises:
            NotFoundError: if there is none of that id.
        """
        async with self._store.begin(_allowed(scope, SLO_READ)) as slos:
            return existing(await slos.get(slo_id))

    async def list_slos(self, scope: Scope, page: PageRequest) -> Page[Slo]:
        """Return the objectives, oldest first."""
        after = decode_cursor(page.cursor, str)
        async with self._store.begin(_allowed(scope, SLO_READ)) as slos:
            found = await slos.slos(after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda slo: slo.id)

    async def update(
        self,
        scope: Scope,
        slo_id: str,
        changes: SloChanges,
        *,
        expected_revision: int | None = None,
    ) -> Slo:
        """Change an objective; if other calls count now, they are counted anew.

        Raises:
            NotFoundError: if there is none of that id.
            InvalidRequestError: if a field is not acceptable.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        async with self._store.begin(_allowed(scope, SLO_WRITE)) as slos:
            old = existing(await slos.get(slo_id))
            check_revision(expected_revision, old.revision)
            now = self._clock.now()
            changed = apply_changes(old, changes)
            slo = checked_slo(
                msgspec.structs.replace(changed, updated_at=now, revision=old.revision + 1)
            )
            await slos.replace(slo)
            if not slo.measures_like(old):
                await slos.forget_minutes(slo.id)
            if not slo.enabled or not slo.measures_like(old):
                await _resolve(slos, slo.id, now)
        return slo

    async def delete(
        self, scope: Scope, slo_id: str, *, expected_revision: int | None = None
    ) -> None:
        """Remove an objective with what was measured for it.

        Raises:
            NotFoundError: if there is none of that id.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        async with self._store.begin(_allowed(scope, SLO_WRITE)) as slos:
            slo = existing(await slos.get(slo_id))
            check_revision(expected_revision, slo.revision)
            await slos.remove(slo_id)

    async def status(self, scope: Scope, slo_id: str) -> SloStatus:
        """Return how an objective stands, by the calls that were counted until now.

        Raises:
            NotFoundError: if there is none of that id.
        """
        async with self._store.begin(_allowed(scope, SLO_READ)) as slos:
            slo = existing(await slos.get(slo_id))
            return await _status(slos, slo, self._clock.now())

    async def rules(self, scope: Scope) -> str:
        """Return every enabled objective as rules for Prometheus, in YAML."""
        async with self._store.begin(_allowed(scope, SLO_READ)) as slos:
            return prometheus_rules(await slos.slos(after=None, limit=MAX_SLOS))

    async def list_alerts(
        self,
        scope: Scope,
        page: PageRequest,
        *,
        state: AlertState | None = None,
        slo_id: str | None = None,
    ) -> Page[Alert]:
        """Return alerts, newest first."""
        before = decode_cursor(page.cursor, str)
        async with self._store.begin(_allowed(scope, SLO_READ)) as slos:
            found = await slos.alerts(
                state=state, slo_id=slo_id, before=before, limit=page.limit + 1
            )
        return page_of(found, page.limit, lambda alert: alert.id)


class SloEvaluation:
    """Counts calls and opens and resolves alerts, without any Prometheus."""

    def __init__(
        self,
        store: SloStore,
        measures: Measures,
        clock: Clock,
        *,
        telling: Telling | None = None,
    ) -> None:
        self._store = store
        self._measures = measures
        self._clock = clock
        self._telling = telling or TellNobody()

    async def evaluate(self) -> int:
        """Bring every enabled objective up to date; return how many alerts are open.

        Doing it twice changes nothing: minutes are written over, and an objective has one open
        alert at most.
        """
        async with self._store.begin(_SELF) as slos:
            wanted = [slo for slo in await slos.slos(after=None, limit=MAX_SLOS) if slo.enabled]
        opened = 0
        for slo in wanted:
            opened += await self._evaluate(slo)
        await self._tell()
        return opened

    async def _tell(self) -> None:
        async with self._store.begin(_SELF) as slos:
            by_id = {slo.id: slo for slo in await slos.slos(after=None, limit=MAX_SLOS)}
            alerts = await slos.alerts(
                state=AlertState.OPEN, slo_id=None, before=None, limit=MAX_SLOS
            )
        await self._telling.tell([(by_id[each.slo_id], each) for each in alerts])

    async def _evaluate(self, slo: Slo) -> bool:
        now = self._clock.now()
        await self._measure(slo, now)
        async with self._store.begin(_SELF) as slos:
            current = await slos.get(slo.id)
            if current is None or current.revision != slo.revision:
                return False  # it was changed meanwhile: the next minute sees it as it is
            # The whole window is weeks of minutes and decides nothing here.
            spans = [span for span in windows_of(slo) if span <= _FIRST]
            worst = worst_of(burning_of(slo, await _sums(slos, slo, spans, now)))
            known = await slos.open_alert(slo.id)
            if worst is None:
                await _resolve(slos, slo.id, now)
                return False
            alert = known or Alert(
                id=new_id("alt"),
                slo_id=slo.id,
                severity=worst.severity,
                rate=worst.long_rate,
                long_s=worst.long_s,
                opened_at=now,
                updated_at=now,
            )
            if known is None:
                _log.warning("the objective %s burns its budget (%s)", slo.name, worst.severity)
            await slos.put_alert(
                msgspec.structs.replace(
                    alert,
                    severity=worst.severity,
                    rate=worst.long_rate,
                    long_s=worst.long_s,
                    updated_at=now,
                )
            )
        return True

    async def _measure(self, slo: Slo, now: datetime) -> None:
        """Count what is new, and again what may have come late; minutes that are over only."""
        end = _minute(now)
        async with self._store.begin(_SELF) as slos:
            until = await slos.measured_until(slo.id)
        since = end - _FIRST if until is None else max(until - _LATE, end - _FIRST)
        while since < end:
            upto = min(since + _AT_ONCE, end)
            minutes = await self._measures.minutes(slo, since, upto)
            async with self._store.begin(_SELF) as slos:
                current = await slos.get(slo.id)
                if current is None or not current.measures_like(slo):
                    return
                await slos.put_minutes(slo.id, minutes, until=upto)
                await slos.forget_minutes(slo.id, before=now - slo.window - timedelta(days=1))
            since = upto


async def _status(slos: SloRepository, slo: Slo, now: datetime) -> SloStatus:
    sums = await _sums(slos, slo, windows_of(slo), now)
    return status_of(slo, sums, await slos.measured_until(slo.id))


async def _sums(
    slos: SloRepository, slo: Slo, spans: Sequence[timedelta], now: datetime
) -> Mapping[timedelta, WindowSum]:
    """Return the calls of each window that ends where counting has come to."""
    end = await slos.measured_until(slo.id) or _minute(now)
    found = await slos.sums(slo.id, {str(span): end - span for span in spans}, end)
    return {span: found[str(span)] for span in spans}


async def _resolve(slos: SloRepository, slo_id: str, now: datetime) -> None:
    alert = await slos.open_alert(slo_id)
    if alert is not None:
        await slos.put_alert(
            msgspec.structs.replace(
                alert, state=AlertState.RESOLVED, updated_at=now, resolved_at=now
            )
        )


def _allowed(scope: Scope, permission: Permission) -> Scope:
    return authorize(scope, permission, org_id=PLATFORM_ORG)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
