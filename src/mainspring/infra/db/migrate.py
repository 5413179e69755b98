"""Brings a database to this release's schema; safe to call from every process at its start.

Rules for a revision (``migrations/versions/NNNN_subject.py``, ``revision = "NNNN"``): statements
are written out by hand, each revision is one transaction, no statement waits for a lock longer
than four seconds or runs longer than five, so that a migration fails instead of stopping traffic.
A column leaves in two releases: first unused, then dropped. ``downgrade`` undoes ``upgrade`` for
whoever develops a revision; in operation the way back is a backup.
"""

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from mainspring.infra.db.database import unavailable_when_unreachable
from mainspring.infra.db.dsn import sqlalchemy_url
from mainspring.kernel.errors import MigrationBusyError, SchemaAheadError

LOCK_KEY = 0x6D61696E73707267
"""The advisory lock of migrations ("mainsprg"), one for the whole database."""

_RETRY_S = 0.1


class MigrationState(msgspec.Struct, frozen=True):
    """Where a database stands: its revision (``None`` when empty) and this release's newest."""

    current: str | None
    head: str

    @property
    def is_current(self) -> bool:
        """Tell whether nothing remains to be done."""
        return self.current == self.head


def migrate(dsn: str, *, wait_s: float = 60.0) -> MigrationState:
    """Apply every missing revision; return where the database stands then.

    Callers exclude each other by an advisory lock; the later ones wait up to ``wait_s`` and find
    nothing left to do. It blocks: call it by ``asyncio.to_thread`` from an event loop.

    Raises:
        MigrationBusyError: if another process held the lock for ``wait_s``.
        SchemaAheadError: if the database was migrated by a newer release.
        DatabaseUnavailableError: if the server cannot be reached.
    """
    with exclusive_migration(dsn, wait_s=wait_s) as engine, engine.connect() as connection:
        state = _state(connection)
        if not state.is_current:
            connection.execute(text("SET lock_timeout = '4s'"))
            connection.execute(text("SET statement_timeout = '5s'"))
            connection.commit()
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        return _state(connection)


def migration_state(dsn: str) -> MigrationState:
    """Return where the database stands, without changing it.

    Raises:
        SchemaAheadError: if the database was migrated by a newer release.
        DatabaseUnavailableError: if the server cannot be reached.
    """
    with unavailable_when_unreachable(), _engine(dsn) as engine, engine.connect() as connection:
        return _state(connection)


def knows_revision(revision: str) -> bool:
    """Tell whether this release can bring a database of that revision to its own."""
    scripts = ScriptDirectory.from_config(alembic_config())
    return revision in {known.revision for known in scripts.walk_revisions()}


@contextmanager
def exclusive_migration(dsn: str, *, wait_s: float) -> Generator[Engine]:
    """Hold the database's migration lock for the length of the block.

    For schemas that others migrate (the job engine's); ours is :func:`migrate`.

    Raises:
        MigrationBusyError: if another process held the lock for ``wait_s``.
        DatabaseUnavailableError: if the server cannot be reached.
    """
    # Asked for again and again rather than waited for: a waiting statement would hold a database
    # snapshot, which a CREATE INDEX CONCURRENTLY of the holder would wait for in turn.
    deadline = time.monotonic() + wait_s
    with (
        unavailable_when_unreachable(),
        _engine(dsn) as engine,
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}):
            if time.monotonic() > deadline:
                raise MigrationBusyError(f"another process has been migrating for {wait_s:.0f} s")
            time.sleep(_RETRY_S)
        try:
            yield engine
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK_KEY})


def alembic_config() -> Config:
    """Return Alembic's configuration: where the revisions lie, and nothing from a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@contextmanager
def _engine(dsn: str) -> Generator[Engine]:
    engine = create_engine(
        sqlalchemy_url(dsn),
        poolclass=NullPool,
        connect_args={"connect_timeout": 5, "application_name": "mainspring migrations"},
    )
    try:
        yield engine
    finally:
        engine.dispose()


def _state(connection: Connection) -> MigrationState:
    scripts = ScriptDirectory.from_config(alembic_config())
    head = scripts.get_current_head()
    if head is None:
        raise RuntimeError("this release ships no migrations: its package is damaged")
    current = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    if current is not None and current not in {
        known.revision for known in scripts.walk_revisions()
    }:
        raise SchemaAheadError(
            f"the database is at revision {current}, this release ends at {head}"
        )
    return MigrationState(current, head)
