"""The ledger in PostgreSQL."""

import logging
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, delete, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.metering.domain import (
    CostQuery,
    MinuteQuality,
    ModelSum,
    Part,
    Quality,
    Unreadable,
    UsageEntry,
    UsageFilter,
    UsageSum,
    UsageSummary,
)
from mainspring.capabilities.metering.ports import EntryRefusedError
from mainspring.capabilities.metering.store.costs import costs, counted, total, within
from mainspring.capabilities.metering.store.tables import (
    CHANNEL,
    gpu_charges,
    unreadable_records,
    usage_records,
)
from mainspring.infra.db import Database
from mainspring.infra.db.partitions import (
    drop_partition,
    ensure_partition,
    missing_partitions,
    partitions_before,
)
from mainspring.infra.db.rows import from_row, to_row, values_of
from mainspring.kernel.scope import Scope

_log = logging.getLogger(__name__)
_SELF = Scope.platform("metering")
_NOTIFY = text("SELECT pg_notify(:channel, :payload)")
_PER_NOTIFICATION = 100
"""A payload has room for 8,000 bytes; a pair takes 54."""


class PostgresUsageStore:
    """Opens transactions on PostgreSQL and makes partitions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._days: set[date] = set()

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresUsage"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresUsage(session)

    async def ensure_days(self, days: Collection[date]) -> None:
        """Make the partitions that are missing, each in a short transaction of its own."""
        wanted = set(days) - self._days
        if not wanted:
            return
        async with self._database.session(_SELF) as session:
            missing = await missing_partitions(session, [usage_records.name], wanted)
        for parent, day in missing:
            async with self._database.session(_SELF) as session:
                await ensure_partition(session, parent, day)
        self._days |= wanted

    async def drop_before(self, day: date) -> int:
        """Drop partitions of days before ``day``, each in a transaction of its own.

        One that is being read is left for the next time.
        """
        async with self._database.session(_SELF) as session:
            names = await partitions_before(session, usage_records.name, day)
        dropped = 0
        for name in names:
            try:
                async with self._database.session(_SELF) as session:
                    await drop_partition(session, name)
                dropped += 1
            except OperationalError:
                _log.info("%s is in use and goes another time", name)
        async with self._database.session(_SELF) as session:
            await session.execute(
                delete(gpu_charges).where(gpu_charges.c.at < datetime.combine(day, time(), UTC))
            )
        self._days = {each for each in self._days if each >= day}
        return dropped


class PostgresUsage:
    """The ledger as one transaction sees it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, entries: Sequence[UsageEntry]) -> list[UsageEntry]:
        """Keep the entries; return those that were not there yet."""
        if not entries:
            return []
        statement = (
            insert(usage_records)
            .on_conflict_do_nothing(index_elements=["day", "id"])
            .returning(usage_records.c.id)
        )
        try:
            result = await self._session.execute(statement, [to_row(entry) for entry in entries])
        except (DataError, IntegrityError) as error:
            raise EntryRefusedError(str(error.orig)) from error
        new = set(result.scalars())
        return [entry for entry in entries if entry.id in new]

    async def add_unreadable(self, records: Sequence[Unreadable]) -> int:
        """Keep the records as they came; return how many were not there yet."""
        if not records:
            return 0
        statement = (
            insert(unreadable_records)
            .on_conflict_do_nothing(index_elements=["digest"])
            .returning(unreadable_records.c.digest)
        )
        result = await self._session.execute(statement, [to_row(record) for record in records])
        return len(result.all())

    async def announce(self, entries: Sequence[UsageEntry]) -> None:
        """Tell whoever follows the ledger, once this transaction commits."""
        for start in range(0, len(entries), _PER_NOTIFICATION):
            pairs = [(entry.day, entry.id) for entry in entries[start : start + _PER_NOTIFICATION]]
            payload = msgspec.json.encode(pairs).decode()
            await self._session.execute(_NOTIFY, {"channel": CHANNEL, "payload": payload})

    async def entries(
        self, which: UsageFilter, *, before: tuple[int, str] | None, limit: int
    ) -> Sequence[UsageEntry]:
        """Return up to ``limit`` entries, newest first."""
        query = (
            select(usage_records)
            .where(*_conditions(which))
            .order_by(usage_records.c.at.desc(), usage_records.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            at = datetime.fromtimestamp(before[0] / 1000, UTC)
            query = query.where(
                tuple_(usage_records.c.at, usage_records.c.id) < tuple_(at, before[1]),
                usage_records.c.day <= at.date(),
            )
        return await self._read(query)

    async def entries_of(self, pairs: Sequence[tuple[date, str]]) -> Sequence[UsageEntry]:
        """Return the entries of those (day, id) pairs, oldest first."""
        columns = tuple_(usage_records.c.day, usage_records.c.id)
        query = (
            select(usage_records)
            .where(columns.in_(list(pairs)))
            .order_by(usage_records.c.at, usage_records.c.id)
        )
        return await self._read(query)

    async def entry(self, days: Collection[date], entry_id: str) -> UsageEntry | None:
        """Return the entry of that id, of one of those days, if the scope sees it."""
        query = select(usage_records).where(
            usage_records.c.day.in_(sorted(days)), usage_records.c.id == entry_id
        )
        found = await self._read(query)
        return found[0] if found else None

    async def quality(self, which: Quality) -> Sequence[MinuteQuality]:
        """Return the sums of each minute that had calls, oldest first."""
        calls = usage_records.c
        conditions = [
            calls.at >= which.since,
            calls.at < which.until,
            calls.day.between(which.since.date(), which.until.date()),
        ]
        if which.model is not None:
            conditions.append(calls.model == which.model)
        if which.operation is not None:
            conditions.append(calls.operation == which.operation)
        if which.bad_ttft_ms is not None:
            conditions.append(calls.ttft_ms.is_not(None))
            bad = calls.ttft_ms > which.bad_ttft_ms
        elif which.bad_duration_ms is not None:
            bad = calls.duration_ms > which.bad_duration_ms
        else:
            bad = calls.status >= (which.bad_status or 500)
        minute = func.date_trunc("minute", calls.at)
        query = (
            select(minute.label("at"), func.count(), func.count().filter(bad))
            .where(*conditions)
            .group_by(minute)
            .order_by(minute)
        )
        rows = await self._session.execute(query)
        return [MinuteQuality(at, total, failed) for at, total, failed in rows]

    async def summary(self, which: UsageFilter) -> UsageSummary:
        """Return the sums by model, and over all of them in the same pass."""
        table = usage_records.c
        query = (
            select(
                table.model,
                func.grouping(table.model).label("is_total"),
                *counted(),
                _percentile(0.5).label("ttft_ms_p50"),
                _percentile(0.95).label("ttft_ms_p95"),
            )
            .where(*_conditions(which))
            .group_by(func.grouping_sets(tuple_(table.model), tuple_()))
            .order_by(func.count().desc(), table.model)
        )
        costs = await self._costs(which)
        items: list[ModelSum] = []
        totals = UsageSum()
        for row in (await self._session.execute(query)).mappings():
            values = values_of(row)
            if values.pop("is_total"):
                del values["model"]
                totals = msgspec.convert({**values, "costs": costs.get(None, {})}, UsageSum)
            else:
                model = values["model"]
                items.append(msgspec.convert({**values, "costs": costs.get(model, {})}, ModelSum))
        return UsageSummary(since=which.since, until=which.until, items=items, totals=totals)

    async def costs(self, query: CostQuery, *, limit: int) -> Sequence[Part]:
        """Return the sums that ``query`` asks for, by currency, up to ``limit`` of them."""
        return await costs(self._session, query, limit)

    async def _costs(self, which: UsageFilter) -> dict[str | None, dict[str, int]]:
        """Return what was spent in each currency, by model; ``None`` is all of them."""
        table = usage_records.c
        query = (
            select(
                table.model,
                func.grouping(table.model).label("is_total"),
                table.currency,
                total(table.cost_nanos),
            )
            .where(*_conditions(which), table.cost_nanos.is_not(None))
            .group_by(
                func.grouping_sets(tuple_(table.model, table.currency), tuple_(table.currency))
            )
            .order_by(table.currency)
        )
        found: dict[str | None, dict[str, int]] = {}
        for model, is_total, currency, nanos in await self._session.execute(query):
            found.setdefault(None if is_total else model, {})[currency or ""] = nanos
        return found

    async def _read(self, query: Select[Any]) -> list[UsageEntry]:
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, UsageEntry) for row in rows]


def _conditions(which: UsageFilter) -> list[ColumnElement[bool]]:
    table = usage_records.c
    conditions = within(which.since, which.until)
    if which.org_id is not None:
        conditions.append(table.org_id == which.org_id)
    if which.project_id is not None:
        conditions.append(table.project_id == which.project_id)
    return conditions


def _percentile(fraction: float) -> ColumnElement[float | None]:
    return func.percentile_cont(fraction).within_group(usage_records.c.ttft_ms)
