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

HEAD: LiteralString = """
    SELECT version, floor, left(encode(sha256(convert_to(concat_ws(' ',
        extract(epoch FROM pg_postmaster_start_time()),
        (SELECT oid FROM pg_database WHERE datname = current_database()),
        pg_relation_filenode('snapshot_resources')), 'UTF8')), 'hex'), 32)
    FROM snapshot_head
"""
"""The newest version, the oldest one that deltas start from, and the epoch of both.

Nothing that a backup carries with it names an epoch: a copy would have the same name. What does is
this run of the server, this database in it, and the very file of the table. A server that starts
anew begins an epoch; that costs every gateway a base, and no kind of restore goes unnoticed.
"""
_BASE = "SELECT kind, key, version, data FROM snapshot_resources WHERE data IS NOT NULL"
_DELTA = "SELECT kind, key, version, data FROM snapshot_resources WHERE version > %s"
_ROWS_AT_ONCE = 2_000


async def read_frame(
    database: Database, since: int | None = None, *, epoch: str = ""
) -> Frame | None:
    """Return what takes a reader from ``since`` to the newest version; ``None`` if it is there.

    ``since`` ``None`` asks for a base. A base is also the answer where ``since`` is older than
    the tombstones that are kept, where it is from the future, and where it is a version of
    another ``epoch``: the database was restored from a backup. An empty epoch fits every one.

    Raises:
        DatabaseUnavailableError: if the server cannot be reached.
    """
    try:
        async with database.engine.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            if not isinstance(raw, AsyncConnection):
                raise TypeError("the engine's driver is not psycopg")
            try:
                return await _read(cast("AsyncConnection[Any]", raw), since, epoch)
            finally:
                await raw.rollback()
    except (DBAPIError, PoolTimeoutError, psycopg.OperationalError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(error, PoolTimeoutError) or is_unreachable(cause):
            raise DatabaseUnavailableError(retry_after_s=1.0) from error
        raise


async def _read(connection: AsyncConnection[Any], since: int | None, epoch: str) -> Frame | None:
    # One database snapshot for head and rows. Publications commit in the order of their versions
    # (they queue for the head row), so what is visible is always a prefix of the history.
    await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    head = await (await connection.execute(HEAD)).fetchone()
    if head is None:
        raise RuntimeError("snapshot_head has lost its row: restore the database from a backup")
    version, floor, present = head
    if epoch not in ("", present):
        since = None
    if since == version:
        return None
    if since is None or since < floor or since > version:
        entries = await _entries(connection, _BASE)
        return Frame(version=version, entries=entries, epoch=present)
    entries = await _entries(connection, _DELTA, since)
    return Frame(version=version, since=since, entries=entries, epoch=present)


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
