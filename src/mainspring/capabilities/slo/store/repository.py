"""Objectives, measures and alerts in PostgreSQL."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.slo.domain import Alert, AlertState, Slo, WindowSum
from mainspring.capabilities.slo.ports import MinuteSum
from mainspring.capabilities.slo.store.tables import slo_alerts, slo_minutes, slo_progress, slos
from mainspring.infra.db import Database
from mainspring.infra.db.rows import (
    find_row,
    find_where,
    from_row,
    insert_row,
    replace_row,
    to_row,
)
from mainspring.kernel.scope import Scope

_TAKEN = {"uq_slos_name": "another objective has this name"}


class PostgresSloStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresSlos"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresSlos(session)


class PostgresSlos:
    """Objectives, measures and alerts as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, slo: Slo) -> None:
        """Keep a new objective."""
        await insert_row(self._session, slos, slo, taken=_TAKEN)

    async def get(self, slo_id: str) -> Slo | None:
        """Return the objective, if there is one."""
        return await find_row(self._session, slos, Slo, slo_id)

    async def slos(self, *, after: str | None, limit: int) -> Sequence[Slo]:
        """Return up to ``limit`` objectives, oldest first."""
        query = select(slos).order_by(slos.c.id).limit(limit)
        if after is not None:
            query = query.where(slos.c.id > after)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Slo) for row in rows]

    async def count(self) -> int:
        """Return how many objectives there are."""
        return (await self._session.execute(select(func.count()).select_from(slos))).scalar_one()

    async def replace(self, slo: Slo) -> None:
        """Write the next revision."""
        await replace_row(self._session, slos, slo, taken=_TAKEN)

    async def remove(self, slo_id: str) -> None:
        """Remove the objective; what hangs on it goes with it."""
        await self._session.execute(delete(slos).where(slos.c.id == slo_id))

    async def measured_until(self, slo_id: str) -> datetime | None:
        """Return up to when calls were counted."""
        query = select(slo_progress.c.measured_until).where(slo_progress.c.slo_id == slo_id)
        return (await self._session.execute(query)).scalar_one_or_none()

    async def put_minutes(
        self, slo_id: str, minutes: Sequence[MinuteSum], *, until: datetime
    ) -> None:
        """Write what was counted, over what was counted before of the same minutes."""
        if minutes:
            statement = insert(slo_minutes)
            statement = statement.on_conflict_do_update(
                index_elements=["slo_id", "at"],
                set_={"total": statement.excluded.total, "bad": statement.excluded.bad},
            )
            rows = [{"slo_id": slo_id, **to_row(minute)} for minute in minutes]
            await self._session.execute(statement, rows)
        progress = insert(slo_progress).values(slo_id=slo_id, measured_until=until)
        await self._session.execute(
            progress.on_conflict_do_update(
                index_elements=["slo_id"], set_={"measured_until": until}
            )
        )

    async def forget_minutes(self, slo_id: str, *, before: datetime | None = None) -> None:
        """Drop minutes before a moment, or all of them and how far was counted."""
        statement = delete(slo_minutes).where(slo_minutes.c.slo_id == slo_id)
        if before is not None:
            await self._session.execute(statement.where(slo_minutes.c.at < before))
            return
        await self._session.execute(statement)
        await self._session.execute(delete(slo_progress).where(slo_progress.c.slo_id == slo_id))

    async def sums(
        self, slo_id: str, since: Mapping[str, datetime], until: datetime
    ) -> Mapping[str, WindowSum]:
        """Return sums of the minutes in ``since <= at < until``, by the names in ``since``."""
        names = list(since)
        columns: list[ColumnElement[int]] = [
            func.coalesce(func.sum(column).filter(slo_minutes.c.at >= since[name]), 0)
            for name in names
            for column in (slo_minutes.c.total, slo_minutes.c.bad)
        ]
        query = select(*columns).where(
            slo_minutes.c.slo_id == slo_id,
            slo_minutes.c.at >= min(since.values()),
            slo_minutes.c.at < until,
        )
        figures = [int(each) for each in (await self._session.execute(query)).one()]
        return {
            name: WindowSum(figures[2 * place], figures[2 * place + 1])
            for place, name in enumerate(names)
        }

    async def open_alert(self, slo_id: str) -> Alert | None:
        """Return the objective's open alert, if there is one."""
        return await find_where(
            self._session,
            slo_alerts,
            Alert,
            slo_alerts.c.slo_id == slo_id,
            slo_alerts.c.state == AlertState.OPEN.value,
        )

    async def put_alert(self, alert: Alert) -> None:
        """Write an alert, new or known."""
        row = to_row(alert)
        statement = insert(slo_alerts).values(row)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=row)
        )

    async def alerts(
        self, *, state: AlertState | None, slo_id: str | None, before: str | None, limit: int
    ) -> Sequence[Alert]:
        """Return up to ``limit`` alerts, newest first."""
        query = select(slo_alerts).order_by(slo_alerts.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(slo_alerts.c.state == state.value)
        if slo_id is not None:
            query = query.where(slo_alerts.c.slo_id == slo_id)
        if before is not None:
            query = query.where(slo_alerts.c.id < before)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Alert) for row in rows]
