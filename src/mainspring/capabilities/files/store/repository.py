"""Files in PostgreSQL."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.files.domain import File, FileQuestion
from mainspring.capabilities.files.store.tables import files
from mainspring.infra.db import Database
from mainspring.infra.db.rows import find_where, from_row, insert_row, to_row
from mainspring.kernel.scope import Scope


class PostgresFileStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresFiles"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresFiles(session)


class PostgresFiles:
    """The files as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, file: File) -> None:
        """Keep a new file."""
        await insert_row(self._session, files, file, taken={})

    async def replace(self, file: File) -> None:
        """Write the file anew."""
        await self._session.execute(update(files).where(files.c.id == file.id).values(to_row(file)))

    async def find(self, project_id: str, file_id: str, now: datetime) -> File | None:
        """Return the project's file, if it is ready and has not expired."""
        return await find_where(
            self._session, files, File, files.c.id == file_id, *_shown(project_id, now)
        )

    async def list(self, project_id: str, question: FileQuestion, now: datetime) -> Sequence[File]:
        """Return up to ``question.limit + 1`` ready files of the project."""
        # Ids sort by their time.
        order = files.c.id.desc() if question.newest_first else files.c.id
        query = select(files).where(*_shown(project_id, now)).order_by(order)
        if question.purpose is not None:
            query = query.where(files.c.purpose == question.purpose)
        if question.after is not None:
            beyond = files.c.id < question.after
            query = query.where(beyond if question.newest_first else files.c.id > question.after)
        rows = await self._session.execute(query.limit(question.limit + 1))
        return [from_row(row, File) for row in rows.mappings()]

    async def total_size(self, project_id: str) -> int:
        """Return the bytes of all files of the project."""
        query = select(func.coalesce(func.sum(files.c.size), 0)).where(
            files.c.project_id == project_id
        )
        return int((await self._session.execute(query)).scalar_one())

    async def over(self, now: datetime, stranded: datetime, *, at_most: int) -> Sequence[File]:
        """Return files to sweep up."""
        query = select(files).where(
            or_(
                files.c.expires_at <= now,
                files.c.state == "leaving",
                and_(files.c.state == "arriving", files.c.created_at < stranded),
            )
        )
        rows = await self._session.execute(query.limit(at_most))
        return [from_row(row, File) for row in rows.mappings()]

    async def of_organization(self, org_id: str, *, at_most: int) -> Sequence[File]:
        """Return files of an organisation, in whatever state."""
        query = select(files).where(files.c.org_id == org_id).limit(at_most)
        rows = await self._session.execute(query)
        return [from_row(row, File) for row in rows.mappings()]

    async def remove(self, file_id: str) -> None:
        """Remove the row."""
        await self._session.execute(delete(files).where(files.c.id == file_id))


def _shown(project_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        files.c.project_id == project_id,
        files.c.state == "ready",
        or_(files.c.expires_at.is_(None), files.c.expires_at > now),
    )
