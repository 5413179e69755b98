"""What client and executor agree on about DBOS Transact: names, format, connections, schema."""

import logging

from dbos import DBOS, DBOSPortableJSONSerializer
from sqlalchemy import Engine, create_engine

from mainspring.infra.db.dsn import sqlalchemy_url
from mainspring.infra.db.migrate import exclusive_migration
from mainspring.infra.jobs.ports import JobQueue

APPLICATION = "mainspring"
SCHEMA = "dbos"
VERSION = "1"
"""Fixed: DBOS gives a run only to executors of the version that started it, and with its default
(a hash of the code) every release would strand the runs of the one before. Jobs stay compatible
instead: a step is never renamed or reordered under a name that may still have runs."""

SERIALIZER = DBOSPortableJSONSerializer()
"""JSON: readable by hand and by other languages, and nothing that is read can execute (pickle)."""

PARTITIONED = frozenset(JobQueue) - {JobQueue.MAINTENANCE}
"""Queues whose runs are also bounded per project; the platform's own queue has one owner."""


def quiet_engine_log() -> None:
    """Let DBOS speak through our logging, of trouble only, instead of its own console handler.

    It installs that handler only where its logger has none, so ours comes first.
    """
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.WARNING)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def journal_engine(dsn: str, *, role: str, size: int) -> Engine:
    """Return a pool of at most ``size`` connections for DBOS."""
    return create_engine(
        sqlalchemy_url(dsn),
        pool_size=size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 5,
            "application_name": f"mainspring {role} jobs",
            "options": "-c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
        },
    )


def migrate_journal(dsn: str, *, wait_s: float = 60.0) -> None:
    """Bring DBOS's own schema to the installed version; safe to call from every process.

    It blocks: call it by ``asyncio.to_thread`` from an event loop.

    Raises:
        MigrationBusyError: if another process was migrating for ``wait_s``.
        DatabaseUnavailableError: if the server cannot be reached.
    """
    quiet_engine_log()
    with exclusive_migration(dsn, wait_s=wait_s):
        url = sqlalchemy_url(dsn).render_as_string(hide_password=False)
        DBOS.migrate(url, schema=SCHEMA)
