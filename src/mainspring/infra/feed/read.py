"""Reading: one consistent frame, straight from the driver because a base may be large."""

import asyncio
from typing import Any, LiteralString, cast

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import class_row
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeoutError

from mainspring.infra.db.database import Database, is_unreachable
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.snapshot.frame import Entry, Frame

_HEAD = "SELECT version, floor FROM snapshot_head"
_BASE = "SELECT kind, key, version, data FROM snapshot_resources WHERE data IS NOT NULL"
_DELTA = "SELECT kind, key, version, data FROM snapshot_resources WHERE version > %s"
_ROWS_AT_ONCE = 2_000


async def read_frame(database: Database, since: int | None = None) -> Frame | None:
    """Return what takes a reader from ``since`` to the newest version; ``None`` if it is there.

    ``since`` ``None`` asks for a base. A base is also the answer where ``since`` is older than
    the tombstones that are kept, and where it is from the future: the database was restored from
    a backup.

    Raises:
        DatabaseUnavailableError: if the server cannot be reached.
    """
    try:
        async with database.engine.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            if not isinstance(raw, AsyncConnection):
                raise TypeError("the engine's driver is not psycopg")
            try:
                return await _read(cast("AsyncConnection[Any]", raw), since)
            finally:
                await raw.rollback()
    except (DBAPIError, PoolTimeoutError, psycopg.OperationalError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(error, PoolTimeoutError) or is_unreachable(cause):
            raise DatabaseUnavailableError(retry_after_s=1.0) from error
        raise


async def _read(connection: AsyncConnection[Any], since: int | None) -> Frame | None:
    # One database snapshot for head and rows. Publications commit in the order of their versions
    # (they queue for the head row), so what is visible is always a prefix of the history.
    await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    head = await (await connection.execute(_HEAD)).fetchone()
    if head is None:
        raise RuntimeError("snapshot_head has lost its row: restore the database from a backup")
    version, floor = head
    if since == version:
        return None
    if since is None or since < floor or since > version:
        return Frame(version=version, entries=await _entries(connection, _BASE))
    return Frame(version=version, since=since, entries=await _entries(connection, _DELTA, since))


async def _entries(
    connection: AsyncConnection[Any], query: LiteralString, *arguments: object
) -> list[Entry]:
    entries: list[Entry] = []
    async with connection.cursor(binary=True, row_factory=class_row(Entry)) as cursor:
        await cursor.execute(query, arguments)
        while rows := await cursor.fetchmany(_ROWS_AT_ONCE):
            entries += rows
            await asyncio.sleep(0)  # a large base must not stop the process's other work
    return entries
