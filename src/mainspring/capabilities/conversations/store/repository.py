"""Kept turns in PostgreSQL."""

from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import and_, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.conversations.domain import Link, Turn
from mainspring.capabilities.conversations.store.tables import stored_turns
from mainspring.infra.db import Database
from mainspring.infra.db.rows import from_row, to_row
from mainspring.kernel.scope import Scope


class PostgresTurnStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresTurns"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresTurns(session)


class PostgresTurns:
    """The turns as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, turns: Sequence[Turn]) -> int:
        """Keep the turns; return how many were not there yet."""
        if not turns:
            return 0
        statement = (
            insert(stored_turns)
            .on_conflict_do_nothing(index_elements=["id"])
            .returning(stored_turns.c.id)
        )
        result = await self._session.execute(statement, [to_row(turn) for turn in turns])
        return len(result.all())

    async def links(
        self, project_id: str, turn_id: str, *, at_most: int, now: datetime
    ) -> list[Link]:
        """Return a turn of the project and those before it, newest first."""
        table = stored_turns
        columns = (
            table.c.id,
            table.c.previous_id,
            (func.length(table.c.input) + func.length(table.c.response)).label("size"),
            and_(table.c.deleted_at.is_(None), table.c.expires_at > now).label("usable"),
        )
        chain = (
            select(*columns, literal(1).label("depth"))
            .where(table.c.id == turn_id, table.c.project_id == project_id)
            .cte("chain", recursive=True)
        )
        chain = chain.union_all(
            select(*columns, (chain.c.depth + 1).label("depth")).where(
                table.c.id == chain.c.previous_id,
                table.c.project_id == project_id,
                chain.c.depth < at_most,
                chain.c.usable,
            )
        )
        query = select(chain.c.id, chain.c.previous_id, chain.c.size, chain.c.usable).order_by(
            chain.c.depth
        )
        return [Link(*row) for row in await self._session.execute(query)]

    async def turns(self, project_id: str, ids: Collection[str]) -> Sequence[Turn]:
        """Return those turns of the project."""
        query = select(stored_turns).where(
            stored_turns.c.id.in_(list(ids)), stored_turns.c.project_id == project_id
        )
        return [from_row(row, Turn) for row in (await self._session.execute(query)).mappings()]

    async def bury(self, grave: Turn) -> bool:
        """Delete what a turn said, also one that has yet to arrive; tell whether it was there."""
        statement = insert(stored_turns).values(to_row(grave))
        emptied = statement.on_conflict_do_update(
            index_elements=["id"],
            set_={
                "input": statement.excluded.input,
                "response": statement.excluded.response,
                "deleted_at": statement.excluded.deleted_at,
            },
            # A row of another project is none of the caller's: it stays as it is.
            where=and_(
                stored_turns.c.project_id == grave.project_id, stored_turns.c.deleted_at.is_(None)
            ),
        ).returning(stored_turns.c.id)
        return (await self._session.execute(emptied)).one_or_none() is not None

    async def remove_of_organization(self, org_id: str) -> None:
        """Remove every turn of an organisation."""
        await self._session.execute(delete(stored_turns).where(stored_turns.c.org_id == org_id))

    async def remove_expired(self, now: datetime, *, at_most: int) -> int:
        """Remove up to ``at_most`` turns whose time is over; return how many."""
        over = select(stored_turns.c.id).where(stored_turns.c.expires_at <= now).limit(at_most)
        result = await self._session.execute(
            delete(stored_turns).where(stored_turns.c.id.in_(over)).returning(stored_turns.c.id)
        )
        return len(result.all())
