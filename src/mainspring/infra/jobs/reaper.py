"""Heartbeat of this executor, and the sweep that takes over what dead executors left.

The engine's library knows no heartbeat: a run of a process that died stays "pending" until somebody
recovers it. Each executor keeps a row alive in ``job_executors``; each looks, under an advisory
lock, for pending runs whose executor has no living row, and hands them back to their queues. Alive
or dead is decided by the database's clock alone.

All of it happens in a thread with a connection of its own, so that neither a busy event loop nor a
busy pool makes a living executor look dead. Should that happen all the same (a stopped machine), a
step may be executed twice, which steps must bear anyway; the journal admits one outcome.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence

import msgspec
import psycopg

from mainspring.infra.db.database import is_unreachable
from mainspring.infra.db.dsn import libpq_url
from mainspring.kernel.errors import DatabaseUnavailableError

_log = logging.getLogger(__name__)

_LOCK_KEY = 0x6D61696E72656170  # "mainreap"
_BEAT = """
    INSERT INTO job_executors (executor_id, host, pid) VALUES (%s, %s, %s)
    ON CONFLICT (executor_id) DO UPDATE SET seen_at = now()
"""
_LEAVE = "DELETE FROM job_executors WHERE executor_id = %s"
_FORGET = "DELETE FROM job_executors WHERE seen_at < now() - interval '1 day'"
_LOCK = "SELECT pg_try_advisory_xact_lock(%s)"
_DEAD = """
    SELECT DISTINCT run.executor_id FROM dbos.workflow_status AS run
    WHERE run.status = 'PENDING' AND run.executor_id <> %s AND NOT EXISTS (
        SELECT FROM job_executors AS executor
        WHERE executor.executor_id = run.executor_id
          AND executor.seen_at > now() - make_interval(secs => %s)
    )
"""
_OPTIONS = "-c statement_timeout=3000 -c lock_timeout=3000 -c timezone=UTC"


class ReaperTiming(msgspec.Struct, frozen=True):
    """How often an executor shows that it lives, and after how long a silence it is dead; seconds.

    ``dead_after_s`` spans several beats, so that one late beat kills nobody.
    """

    beat_s: float = 1.0
    dead_after_s: float = 5.0


class Reaper:
    """Keeps one executor alive in the register and buries the others.

    ``recover`` hands the pending runs of the named executors back to their queues and returns how
    many there were; it is called in the reaper's thread.
    """

    def __init__(
        self,
        dsn: str,
        *,
        executor_id: str,
        timing: ReaperTiming,
        recover: Callable[[Sequence[str]], int],
    ) -> None:
        self._dsn = libpq_url(dsn)
        self._executor_id = executor_id
        self._timing = timing
        self._recover = recover
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._steady_since: float | None = None

    def register(self) -> None:
        """Write the first beat.

        Raises:
            DatabaseUnavailableError: if the database cannot be reached.
        """
        try:
            with self._connect() as connection:
                self._beat(connection)
        except psycopg.OperationalError as error:
            if is_unreachable(error):
                raise DatabaseUnavailableError from error
            raise

    def start(self) -> None:
        """Begin to beat and to sweep."""
        self._thread = threading.Thread(target=self._live, name="jobs-reaper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and leave the register: what is still pending here is free to take."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        try:
            with self._connect() as connection:
                connection.execute(_LEAVE, [self._executor_id])
        except psycopg.OperationalError as error:
            # Others will notice by our silence.
            _log.warning("could not leave the register of executors: %s", type(error).__name__)

    def _live(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._connect() as connection:
                    self._live_on(connection)
            except psycopg.OperationalError as error:
                # Nobody's silence means anything after the database itself was away.
                self._steady_since = None
                _log.warning("jobs heartbeat lost the database: %s", type(error).__name__)
                self._stopping.wait(self._timing.beat_s)

    def _live_on(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        while True:
            self._beat(connection)
            if self._may_judge():
                self._sweep(connection)
            if self._stopping.wait(self._timing.beat_s):
                return

    def _may_judge(self) -> bool:
        # After a start or an outage the others get as long to come back as they have to be silent.
        now = time.monotonic()
        if self._steady_since is None:
            self._steady_since = now
        return now - self._steady_since >= self._timing.dead_after_s

    def _beat(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        connection.execute(_BEAT, [self._executor_id, socket.gethostname(), os.getpid()])

    def _sweep(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        with connection.transaction():
            locked = connection.execute(_LOCK, [_LOCK_KEY]).fetchone()
            if locked != (True,):
                return
            rows = connection.execute(_DEAD, [self._executor_id, self._timing.dead_after_s])
            dead = [str(row[0]) for row in rows]
            if dead:
                taken = self._recover(dead)
                _log.warning("took over %d runs of dead executors %s", taken, ", ".join(dead))
            connection.execute(_FORGET)

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            self._dsn,
            autocommit=True,
            connect_timeout=3,
            application_name="mainspring jobs reaper",
            options=_OPTIONS,
        )
