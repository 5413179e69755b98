"""Batches in PostgreSQL."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.batches.domain import BATCH_RUN, FINAL, Batch, Item
from mainspring.capabilities.batches.store.tables import batch_items, batches
from mainspring.infra.db import Database
from mainspring.infra.db.rows import from_row, insert_row, to_row
from mainspring.infra.jobs import Jobs
from mainspring.kernel.scope import Scope


class PostgresBatchStore:
    """Opens transactions on PostgreSQL; a new batch's run starts in the same one."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresBatches"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresBatches(session, self._jobs)


class PostgresBatches:
    """Batches as one transaction sees them."""

    def __init__(self, session: AsyncSession, jobs: Jobs) -> None:
        self._session = session
        self._jobs = jobs

    async def add(self, batch: Batch) -> Batch:
        """Keep a new batch and start its run, both or neither."""
        run_id = await self._jobs.enqueue_in(
            self._session, BATCH_RUN, {"batch_id": batch.id}, project_id=batch.project_id
        )
        batch = msgspec.structs.replace(batch, run_id=run_id)
        await insert_row(self._session, batches, batch, taken={})
        return batch

    async def find(self, batch_id: str, *, lock: bool = False) -> Batch | None:
        """Return the batch, locked if asked for."""
        query = select(batches).where(batches.c.id == batch_id)
        if lock:
            query = query.with_for_update()
        row = (await self._session.execute(query)).mappings().one_or_none()
        return None if row is None else from_row(row, Batch)

    async def list(self, project_id: str, *, after: str | None, limit: int) -> Sequence[Batch]:
        """Return up to ``limit`` batches of the project, newest first."""
        query = select(batches).where(batches.c.project_id == project_id)
        if after is not None:
            query = query.where(batches.c.id < after)
        rows = await self._session.execute(query.order_by(batches.c.id.desc()).limit(limit))
        return [from_row(row, Batch) for row in rows.mappings()]

    async def replace(self, batch: Batch) -> None:
        """Write the batch anew."""
        await self._session.execute(
            update(batches).where(batches.c.id == batch.id).values(to_row(batch))
        )

    async def add_items(self, items: Sequence[Item]) -> Sequence[str]:
        """Keep those items that are not there yet; return custom ids that another line has."""
        if not items:
            return []
        await self._session.execute(
            insert(batch_items).on_conflict_do_nothing(), [to_row(item) for item in items]
        )
        query = select(batch_items.c.custom_id, batch_items.c.line).where(
            batch_items.c.batch_id == items[0].batch_id,
            batch_items.c.custom_id.in_([item.custom_id for item in items]),
        )
        lines = {str(row[0]): int(row[1]) for row in await self._session.execute(query)}
        return [item.custom_id for item in items if lines.get(item.custom_id) != item.line]

    async def items(
        self, batch_id: str, first: int, last: int, *, unfinished: bool = False
    ) -> Sequence[Item]:
        """Return the items of lines ``first`` to ``last``, in order."""
        query = select(batch_items).where(
            batch_items.c.batch_id == batch_id, batch_items.c.line.between(first, last)
        )
        if unfinished:
            query = query.where(batch_items.c.finished_at.is_(None))
        rows = await self._session.execute(query.order_by(batch_items.c.line))
        return [from_row(row, Item) for row in rows.mappings()]

    async def begin_item(self, item: Item) -> None:
        """Note under which request id an item is about to be sent, and when."""
        await self._session.execute(
            update(batch_items)
            .where(batch_items.c.batch_id == item.batch_id, batch_items.c.line == item.line)
            .values(request_id=item.request_id, started_at=item.started_at)
        )

    async def finish_item(self, item: Item) -> bool:
        """Keep an item's result, once, and count it."""
        kept = await self._session.execute(
            update(batch_items)
            .where(
                batch_items.c.batch_id == item.batch_id,
                batch_items.c.line == item.line,
                batch_items.c.finished_at.is_(None),
            )
            .values(
                request_id=item.request_id,
                status=item.status,
                answer=item.answer,
                error=item.error,
                finished_at=item.finished_at,
            )
            .returning(batch_items.c.line)
        )
        if kept.one_or_none() is None:
            return False
        counter = batches.c.completed if item.succeeded else batches.c.failed
        await self._session.execute(
            update(batches).where(batches.c.id == item.batch_id).values({counter: counter + 1})
        )
        return True

    async def remove_items(self, batch_id: str) -> None:
        """Remove every item of the batch."""
        await self._session.execute(delete(batch_items).where(batch_items.c.batch_id == batch_id))

    async def overdue(self, before: datetime) -> Sequence[Batch]:
        """Return batches that are not final and expired before that moment."""
        query = select(batches).where(batches.c.status.not_in(FINAL), batches.c.expires_at < before)
        rows = await self._session.execute(query.limit(100).with_for_update(skip_locked=True))
        return [from_row(row, Batch) for row in rows.mappings()]

    async def remove_of_organization(self, org_id: str) -> None:
        """Remove every batch of an organisation."""
        await self._session.execute(delete(batches).where(batches.c.org_id == org_id))
