"""A database, out to a file and back: by ``pg_dump``, with every row counted at the same moment."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, LiteralString

import msgspec
import psycopg
from psycopg import AsyncConnection, sql

from mainspring.infra.backup.manifest import TableFacts
from mainspring.infra.backup.programs import find_program, run_program
from mainspring.infra.db.dsn import libpq_url
from mainspring.infra.db.tenancy import CROSSES_SETTING
from mainspring.infra.jobs.engine import SCHEMA as JOBS_SCHEMA
from mainspring.kernel.errors import (
    BackupDamagedError,
    BackupFailedError,
    DatabaseUnavailableError,
    RestoreRefusedError,
)

SCHEMAS = ("public", JOBS_SCHEMA)
_TIMEOUT_S = 24 * 3600.0
_RIGHTS: Final[tuple[LiteralString, ...]] = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")

_TABLES = """
    SELECT n.nspname, c.relname, c.relkind = 'p' AS divided,
           ARRAY(SELECT wanted FROM unnest(%(rights)s::text[]) AS wanted
                 WHERE NOT has_table_privilege(c.oid, wanted)) AS revoked,
           c.relrowsecurity AND NOT EXISTS (
               SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*')
               AND pg_get_expr(p.polqual, p.polrelid) LIKE '%%' || %(crosses)s || '%%'
           ) AS hidden
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY (%(schemas)s)
    ORDER BY 1, 2
"""


class Dump(msgspec.Struct, frozen=True, kw_only=True):
    """What was dumped: the schema's revision, the server's version number, and every table."""

    schema: str
    postgres: int
    tables: tuple[TableFacts, ...]


async def dump_database(dsn: str, file: Path) -> Dump:
    """Write all that the database holds to ``file``, as of one moment; others go on writing.

    Raises:
        BackupFailedError: if it cannot be dumped, or the dump would miss rows.
        DatabaseUnavailableError: if the server cannot be reached.
    """
    async with await _connect(dsn) as connection:
        program = await find_program("pg_dump", server=connection.info.server_version // 10_000)
        # One snapshot for the counts and for the program: they tell of the same moment.
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = await _value(connection, "SELECT pg_export_snapshot()")
        tables = await _tables(connection)
        await run_program(
            program,
            "--format=custom",
            "--compress=6",
            "--no-owner",
            "--no-privileges",
            "--no-comments",
            "--enable-row-security",
            f"--snapshot={snapshot}",
            "--lock-wait-timeout=30s",
            *(f"--schema={schema}" for schema in SCHEMAS),
            f"--file={file}",
            dsn=dsn,
            timeout_s=_TIMEOUT_S,
        )
        schema = await _value(connection, "SELECT version_num FROM alembic_version")
        return Dump(schema=schema, postgres=connection.info.server_version, tables=tables)


async def restore_database(dsn: str, file: Path, tables: Sequence[TableFacts]) -> None:
    """Fill the empty database at ``dsn`` from what :func:`dump_database` wrote.

    All of it or, where it fails, nothing. Afterwards every table is counted.

    Raises:
        RestoreRefusedError: if the database is not empty.
        BackupFailedError: if the program fails.
        BackupDamagedError: if there are not the rows afterwards that there were.
        DatabaseUnavailableError: if the server cannot be reached.
    """
    async with await _connect(dsn) as connection:
        await require_empty(connection)
        program = await find_program("pg_restore", server=connection.info.server_version // 10_000)
        with tempfile.NamedTemporaryFile("wb", prefix="mainspring-restore-") as contents:
            listed = await run_program(program, "--list", str(file), dsn=dsn, timeout_s=60.0)
            # Every database has this schema, and an ordinary role may not make it anew.
            kept = (line for line in listed.splitlines() if b" SCHEMA - public " not in line)
            await asyncio.to_thread(contents.write, b"\n".join(kept) + b"\n")
            await asyncio.to_thread(contents.flush)
            database = connection.info.dbname
            await run_program(
                program,
                "--single-transaction",
                "--exit-on-error",
                "--no-owner",
                "--no-privileges",
                f"--use-list={contents.name}",
                f"--dbname=dbname='{_quoted(database)}'",
                str(file),
                dsn=dsn,
                timeout_s=_TIMEOUT_S,
            )
        for table in tables:
            await _revoke(connection, table)
        await connection.execute("ANALYZE")
        there = {table.name: table for table in await _tables(connection)}
    wrong = [
        f"{table.name}: {_told(there.get(table.name))} instead of {_told(table)}"
        for table in tables
        if there.get(table.name) != table
    ]
    if wrong:
        raise BackupDamagedError(f"restored, but not as it was: {'; '.join(wrong[:5])}")


async def require_empty(connection: AsyncConnection[Any]) -> None:
    """Raise unless the database holds no table of ours or anybody's.

    Raises:
        RestoreRefusedError: if it does.
    """
    query = (
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY (%s)"
    )
    row = await (await connection.execute(query, [list(SCHEMAS)])).fetchone()
    if row is None or row[0]:
        raise RestoreRefusedError("the database is not empty; restore into a new one")


async def _connect(dsn: str) -> AsyncConnection[Any]:
    try:
        connection = await AsyncConnection.connect(
            libpq_url(dsn),
            connect_timeout=10,
            autocommit=True,
            application_name="mainspring backup",
            options=(
                f"-c {CROSSES_SETTING}=on -c statement_timeout=0 -c lock_timeout=30000"
                " -c idle_in_transaction_session_timeout=0"
            ),
        )
    except psycopg.OperationalError as error:
        raise DatabaseUnavailableError(
            f"the database cannot be reached: {' '.join(str(error).split())}"
        ) from error
    return connection


async def _tables(connection: AsyncConnection[Any]) -> tuple[TableFacts, ...]:
    parameters = {"rights": list(_RIGHTS), "crosses": CROSSES_SETTING, "schemas": list(SCHEMAS)}
    rows = await (await connection.execute(_TABLES, parameters)).fetchall()
    if hidden := [name for _, name, _, _, is_hidden in rows if is_hidden]:
        # Row-level security would let the program see nothing there, without a word.
        raise BackupFailedError(f"rows of these tables cannot be seen: {', '.join(hidden[:5])}")
    tables: list[TableFacts] = []
    for schema, name, divided, revoked, _ in rows:
        row = None
        if not divided:  # its rows are those of its partitions
            count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name))
            row = await (await connection.execute(count)).fetchone()
        tables.append(
            TableFacts(name=f"{schema}.{name}", rows=row[0] if row else 0, revoked=tuple(revoked))
        )
    return tuple(tables)


async def _revoke(connection: AsyncConnection[Any], table: TableFacts) -> None:
    """Take from the owner what it had given up, whatever its name is here."""
    if not table.revoked:
        return
    wanted = [sql.SQL(right) for right in _RIGHTS if right in table.revoked]
    schema, _, name = table.name.partition(".")
    statement = sql.SQL("REVOKE {} ON {} FROM CURRENT_USER, PUBLIC").format(
        sql.SQL(", ").join(wanted), sql.Identifier(schema, name)
    )
    await connection.execute(statement)


async def _value(connection: AsyncConnection[Any], query: LiteralString) -> str:
    row = await (await connection.execute(query)).fetchone()
    if row is None:
        raise BackupFailedError("the database was never set up by this platform")
    return str(row[0])


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")


def _told(table: TableFacts | None) -> str:
    if table is None:
        return "nothing"
    rights = f" without {'/'.join(table.revoked)}" if table.revoked else ""
    return f"{table.rows} rows{rights}"
