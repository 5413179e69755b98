"""Sums of the ledger by any dimensions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, func, literal, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.metering.domain import COLUMNS, COUNTS, CostQuery, Part
from mainspring.capabilities.metering.store.tables import gpu_charges, usage_records
from mainspring.infra.db.rows import values_of

_GOOD_OUTCOMES: Final = ("ok", "client_closed")
_DERIVED: Final = ("requests", "errors", "unpriced")


async def costs(session: AsyncSession, query: CostQuery, limit: int) -> Sequence[Part]:
    """Return up to ``limit`` sums; regions are not in the ledger: their place has upstreams.

    Shares of GPU hours are parts of their own, in which nothing is counted.
    """
    table = usage_records.c
    names = {COLUMNS[dimension] for dimension in query.by}
    if "region" in names:
        names = names - {"region"} | {"upstream_id"}
    columns: list[Column[Any]] = [table[name] for name in sorted(names)]
    start: ColumnElement[Any] = null()
    if query.interval is not None:
        start = func.date_trunc(literal(query.interval), table.at, literal("UTC"))
    wanted = select(
        start.label("start"),
        *columns,
        table.currency,
        total(table.cost_nanos),
        total(table.saved_nanos),
        *counted(),
    ).where(*_conditions(query))
    wanted = wanted.group_by(*columns, table.currency).limit(limit)
    if query.interval is not None:
        wanted = wanted.group_by("start")
    found = [
        Part(
            start=values["start"],
            group={name: values[name] for name in names},
            currency=values["currency"],
            cost_nanos=values["cost_nanos"],
            saved_nanos=values["saved_nanos"],
            counts={name: values[name] for name in COUNTS},
        )
        for values in map(values_of, (await session.execute(wanted)).mappings())
    ]
    return found + await _gpu_hours(session, query, sorted(names), limit)


async def _gpu_hours(
    session: AsyncSession, query: CostQuery, names: Sequence[str], limit: int
) -> list[Part]:
    table = gpu_charges.c
    columns: list[Column[Any]] = [table[name] for name in names]
    start: ColumnElement[Any] = null()
    if query.interval is not None:
        start = func.date_trunc(literal(query.interval), table.at, literal("UTC"))
    wanted = (
        select(start.label("start"), *columns, table.currency, total(table.nanos))
        .where(table.at >= query.since, table.at < query.until, table.idle.is_(False))
        .where(*_narrowed(gpu_charges, query))
        .group_by(*columns, table.currency)
        .limit(limit)
    )
    if query.interval is not None:
        wanted = wanted.group_by("start")
    return [
        Part(
            start=values["start"],
            group={name: values[name] for name in names},
            currency=values["currency"],
            cost_nanos=values["nanos"],
            saved_nanos=0,
            counts=dict.fromkeys(COUNTS, 0),
            gpu_nanos=values["nanos"],
        )
        for values in map(values_of, (await session.execute(wanted)).mappings())
    ]


def counted() -> list[ColumnElement[Any]]:
    """Return what is counted of calls, each under its name in ``COUNTS``."""
    table = usage_records.c
    return [
        func.count().label("requests"),
        func.count().filter(table.outcome.not_in(_GOOD_OUTCOMES)).label("errors"),
        func.count().filter(table.cost_nanos.is_(None)).label("unpriced"),
        *(total(table[name]) for name in COUNTS if name not in _DERIVED),
    ]


def within(since: datetime, until: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions of a range of time."""
    table = usage_records.c
    return [
        table.at >= since,
        table.at < until,
        # Lets the planner skip the partitions of other days.
        table.day >= since.date(),
        table.day <= until.date(),
    ]


def total(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the sum of a column under its own name, in its own type."""
    # bigint sums are numeric in PostgreSQL; a total beyond bigint would take centuries.
    return func.coalesce(func.sum(column), 0).cast(column.type).label(column.name)


def _conditions(query: CostQuery) -> list[ColumnElement[bool]]:
    return [*within(query.since, query.until), *_narrowed(usage_records, query)]


def _narrowed(table: Table, query: CostQuery) -> list[ColumnElement[bool]]:
    wanted = {
        "org_id": query.org_id,
        "project_id": query.project_id,
        "key_id": query.key_id,
        "actor_id": query.actor_id,
        "model": query.model,
    }
    return [table.c[name] == value for name, value in wanted.items() if value is not None]
