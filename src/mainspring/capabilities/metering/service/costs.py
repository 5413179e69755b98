"""What calls cost."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from mainspring.capabilities.metering.domain import (
    CHARGED_BY,
    COLUMNS,
    LOOKED_BACK,
    MAX_COST_RANGE,
    MAX_DIMENSIONS,
    MAX_HOURLY_RANGE,
    MAX_ROWS,
    SHOWN,
    Chargeback,
    CostQuery,
    CostReport,
    Dimension,
    Forecast,
    Interval,
    Part,
    chargeback_of,
    forecast_of,
    month_before,
    report_of,
    span_of,
)
from mainspring.capabilities.metering.ports import Names, NoNames, UsageStore
from mainspring.capabilities.metering.service.narrowing import narrowed
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.ranges import checked_range
from mainspring.kernel.scope import Scope


class CostService:
    """Sums of the ledger, by whatever tells calls apart."""

    def __init__(
        self,
        store: UsageStore,
        tenancy: TenancyService,
        clock: Clock,
        *,
        names: Names | None = None,
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._clock = clock
        self._names = names or NoNames()

    async def report(
        self,
        scope: Scope,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        by: Sequence[Dimension] = (),
        interval: Interval | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        key_id: str | None = None,
        actor_id: str | None = None,
        model: str | None = None,
        most: int = MAX_ROWS,
    ) -> CostReport:
        """Return sums of the calls that the caller may see; by default over the last 24 hours.

        Raises:
            NotFoundError: if the caller sees no such organisation or project.
            InvalidRequestError: if the range is not one or too long, a dimension is named twice,
                there are more than four of them, or more than ``most`` sums.
        """
        if len(set(by)) != len(by) or len(by) > MAX_DIMENSIONS:
            raise InvalidRequestError(
                f"group_by takes up to {MAX_DIMENSIONS} dimensions, each once", param="group_by"
            )
        longest = MAX_HOURLY_RANGE if interval == "hour" else MAX_COST_RANGE
        start, end = checked_range(since, until, self._clock.now(), longest=longest)
        scope, seen = await narrowed(self._tenancy, scope, org_id, project_id)
        query = CostQuery(
            since=start,
            until=end,
            by=tuple(by),
            interval=interval,
            org_id=seen,
            project_id=project_id,
            key_id=key_id,
            actor_id=actor_id,
            model=model,
        )
        async with self._store.begin(scope) as ledger:
            parts = await ledger.costs(query, limit=most + 1)
        if len(parts) > most:
            raise InvalidRequestError(
                f"that makes more than {most} sums: ask for a shorter range, a longer interval "
                "or fewer dimensions",
                param="group_by",
            )
        regions: Mapping[str, str | None] = {}
        if "region" in by:
            ids = {part.group["upstream_id"] for part in parts}
            regions = await self._names.upstream_regions(each for each in ids if each is not None)
        return await self._named(scope, report_of(query, parts, regions), parts)

    async def chargeback(
        self, scope: Scope, *, month: str | None = None, org_id: str | None = None
    ) -> Chargeback:
        """Return what a month (``2026-10``, by UTC) cost; by default the one before this.

        Raises:
            NotFoundError: if the caller sees no such organisation.
            InvalidRequestError: if it is no month, or there are more than 10,000 sums.
        """
        now = self._clock.now()
        wanted = month_before(now) if month is None else month
        span = span_of(wanted)
        if span is None:
            raise InvalidRequestError("month is a year and a month: 2026-10", param="month")
        since, until = span
        report = await self.report(scope, since=since, until=until, by=CHARGED_BY, org_id=org_id)
        return chargeback_of(wanted, report, now)

    async def forecast(
        self,
        scope: Scope,
        *,
        org_id: str | None = None,
        project_id: str | None = None,
        model: str | None = None,
    ) -> Forecast:
        """Return what the present month will have cost, and which days were unlike others.

        Raises:
            NotFoundError: if the caller sees no such organisation or project.
        """
        now = self._clock.now().astimezone(UTC)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        report = await self.report(
            scope,
            since=midnight - timedelta(days=LOOKED_BACK + SHOWN),
            by=(),
            interval="day",
            org_id=org_id,
            project_id=project_id,
            model=model,
        )
        return forecast_of(report, now)

    async def _named(self, scope: Scope, report: CostReport, parts: Sequence[Part]) -> CostReport:
        """Return ``report`` with the names of what its groups are of."""
        known: dict[str, Mapping[str, str]] = {}
        for dimension in report.by:
            column = COLUMNS[dimension]
            ids = {part.group.get(column) for part in parts}
            wanted = [each for each in ids if each is not None]
            match dimension:
                case "organization":
                    known[column] = await self._names.organization_names(scope, wanted)
                case "project":
                    known[column] = await self._names.project_names(scope, wanted)
                case "key":
                    known[column] = await self._names.key_names(scope, wanted)
                case "upstream":
                    known[column] = await self._names.upstream_names(wanted)
                case _:
                    pass
        if not known:
            return report
        return msgspec.structs.replace(
            report,
            items=[
                msgspec.structs.replace(
                    row,
                    names={
                        column: names[value]
                        for column, names in known.items()
                        if (value := row.group[column]) is not None and value in names
                    },
                )
                for row in report.items
            ],
        )
