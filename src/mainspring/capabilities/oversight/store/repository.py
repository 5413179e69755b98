"""Oversight in PostgreSQL."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.oversight.domain import (
    Emergency,
    FourEyes,
    PendingChange,
    State,
)
from mainspring.capabilities.oversight.store.tables import (
    emergencies,
    four_eyes,
    pending_changes,
)
from mainspring.infra.db import Database
from mainspring.infra.db.rows import from_row, insert_row, to_row
from mainspring.kernel.errors import PreconditionFailedError
from mainspring.kernel.scope import Scope

_TAKEN = {"uq_emergencies_user_id": "you act in an emergency already: end that one first"}


class PostgresOversightStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresOversight"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresOversight(session)


class PostgresOversight:
    """Settings, changes and emergencies as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def four_eyes(self, *, lock: bool = False) -> FourEyes:
        """Return the settings."""
        query = select(four_eyes)
        rows = await self._session.execute(query.with_for_update() if lock else query)
        return from_row(rows.mappings().one(), FourEyes).as_proposed()

    async def put_four_eyes(self, settings: FourEyes) -> None:
        """Write the next revision."""
        await self._session.execute(update(four_eyes).values(to_row(settings)))

    async def add(self, change: PendingChange) -> None:
        """Keep a new change."""
        await self._session.execute(insert(pending_changes).values(_row(change)))

    async def get(self, change_id: str, *, lock: bool = False) -> PendingChange | None:
        """Return the change."""
        query = select(pending_changes).where(pending_changes.c.id == change_id)
        rows = await self._session.execute(query.with_for_update() if lock else query)
        row = rows.mappings().one_or_none()
        return None if row is None else from_row(row, PendingChange)

    async def waiting_of(self, author_id: str) -> Sequence[PendingChange]:
        """Return the changes of an actor that wait, and hold up others of the same actor."""
        lock = func.pg_advisory_xact_lock(func.hashtext("pending changes of " + author_id))
        await self._session.execute(select(lock))
        table = pending_changes.c
        return await self._changes(
            select(pending_changes)
            .where(table.author_id == author_id, table.state == State.PENDING.value)
            .order_by(table.id)
        )

    async def list(
        self,
        *,
        states: Sequence[State],
        author_id: str | None,
        before: str | None,
        limit: int,
    ) -> Sequence[PendingChange]:
        """Return up to ``limit`` changes, newest first."""
        table = pending_changes.c
        query = select(pending_changes).order_by(table.id.desc()).limit(limit)
        if states:
            query = query.where(table.state.in_([each.value for each in states]))
        if author_id is not None:
            query = query.where(table.author_id == author_id)
        if before is not None:
            query = query.where(table.id < before)
        return await self._changes(query)

    async def replace(self, change: PendingChange) -> None:
        """Write the next revision."""
        table = pending_changes.c
        statement = (
            update(pending_changes)
            .where(table.id == change.id, table.revision == change.revision - 1)
            .values(_row(change))
            .returning(table.id)
        )
        if (await self._session.execute(statement)).one_or_none() is None:
            raise PreconditionFailedError

    async def overdue(
        self, now: datetime, approved_before: datetime, limit: int
    ) -> Sequence[PendingChange]:
        """Return changes that expired, and approved ones that never got an outcome."""
        table = pending_changes.c
        expired = and_(table.state == State.PENDING.value, table.expires_at <= now)
        lost = and_(table.state == State.APPROVED.value, table.decided_at <= approved_before)
        query = select(pending_changes).where(or_(expired, lost)).order_by(table.id).limit(limit)
        return await self._changes(query)

    async def add_emergency(self, emergency: Emergency) -> None:
        """Keep a new emergency."""
        await insert_row(self._session, emergencies, emergency, taken=_TAKEN)

    async def emergency(self, emergency_id: str, *, lock: bool = False) -> Emergency | None:
        """Return the emergency."""
        query = select(emergencies).where(emergencies.c.id == emergency_id)
        rows = await self._session.execute(query.with_for_update() if lock else query)
        row = rows.mappings().one_or_none()
        return None if row is None else from_row(row, Emergency)

    async def open_emergencies(self) -> Sequence[Emergency]:
        """Return those that nobody has ended, also where their time is over."""
        query = select(emergencies).where(emergencies.c.ended_at.is_(None))
        return await self._emergencies(query.order_by(emergencies.c.id))

    async def emergencies(self, *, before: str | None, limit: int) -> Sequence[Emergency]:
        """Return up to ``limit`` emergencies, newest first."""
        query = select(emergencies).order_by(emergencies.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(emergencies.c.id < before)
        return await self._emergencies(query)

    async def replace_emergency(self, emergency: Emergency) -> None:
        """Write the next revision; what was counted meanwhile stays counted."""
        row = to_row(emergency)
        del row["uses"]
        statement = update(emergencies).where(emergencies.c.id == emergency.id).values(row)
        await self._session.execute(statement)

    async def count_use(self, emergency_id: str) -> None:
        """Count one more change that was made."""
        statement = (
            update(emergencies)
            .where(emergencies.c.id == emergency_id)
            .values(uses=emergencies.c.uses + 1)
        )
        await self._session.execute(statement)

    async def _changes(self, query: Select[Any]) -> "list[PendingChange]":
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, PendingChange) for row in rows]

    async def _emergencies(self, query: Select[Any]) -> "list[Emergency]":
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Emergency) for row in rows]


def _row(change: PendingChange) -> dict[str, Any]:
    """Return the column values; what lies within JSON is told as JSON does."""
    return {**to_row(change), "approvals": msgspec.to_builtins(change.approvals)}
