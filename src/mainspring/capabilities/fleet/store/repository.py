"""The fleet in PostgreSQL."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.fleet.domain import Part
from mainspring.capabilities.fleet.store.tables import parts as table
from mainspring.infra.db import Database
from mainspring.infra.db.rows import from_row, to_row
from mainspring.kernel.scope import Scope


class PostgresFleetStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresFleet"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresFleet(session)


class PostgresFleet:
    """The parts as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, parts: Sequence[Part]) -> None:
        """Keep what the parts tell of themselves now."""
        statement = insert(table).values([to_row(part) for part in parts])
        changed = {
            column.name: statement.excluded[column.name]
            for column in table.columns
            if not column.primary_key
        }
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["instance_id"], set_=changed)
        )

    async def parts(self) -> Sequence[Part]:
        """Return every part, by role and name."""
        query = select(table).order_by(table.c.role, table.c.name, table.c.instance_id).limit(1000)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Part) for row in rows]

    async def forget(self, silent_since: datetime) -> int:
        """Remove the parts last heard of before that."""
        gone = await self._session.execute(
            delete(table).where(table.c.last_seen_at < silent_since).returning(table.c.instance_id)
        )
        return len(gone.all())
