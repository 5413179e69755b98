"""The register of executors and the sweep: whose runs are taken over, and whose are not."""

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

import psycopg
import pytest

from mainspring.infra.jobs.engine import migrate_journal
from mainspring.infra.jobs.reaper import Reaper, ReaperTiming
from mainspring.kernel.errors import DatabaseUnavailableError

TIMING = ReaperTiming(beat_s=0.05, dead_after_s=0.5)
WAIT_S = 20


class Grave:
    """Stands in for the engine's recovery: notes who was buried, and gives their runs back."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.buried: list[str] = []
        self.changed = threading.Event()

    def recover(self, executor_ids: Sequence[str]) -> int:
        with psycopg.connect(self._dsn) as connection:
            recovered = connection.execute(
                "UPDATE dbos.workflow_status SET status = 'ENQUEUED' WHERE executor_id = ANY(%s)",
                [list(executor_ids)],
            )
            self.buried += executor_ids
            self.changed.set()
            return recovered.rowcount


@pytest.fixture
def journal(database_dsn: str) -> str:
    migrate_journal(database_dsn)
    return database_dsn


def _pending(dsn: str, executor_id: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO dbos.workflow_status (workflow_uuid, status, name, executor_id)"
            " VALUES (%s, 'PENDING', 'test', %s)",
            [f"run of {executor_id}", executor_id],
        )


def _last_seen(dsn: str, executor_id: str, seconds_ago: float) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO job_executors (executor_id, host, pid, seen_at)"
            " VALUES (%s, 'elsewhere', 1, now() - make_interval(secs => %s))",
            [executor_id, seconds_ago],
        )


def _registered(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        return {str(row[0]) for row in connection.execute("SELECT executor_id FROM job_executors")}


@contextmanager
def _living(dsn: str, recover: Callable[[Sequence[str]], int], name: str) -> Generator[Reaper]:
    reaper = Reaper(dsn, executor_id=name, timing=TIMING, recover=recover)
    reaper.register()
    reaper.start()
    try:
        yield reaper
    finally:
        reaper.stop()


def test_the_silent_and_the_unknown_are_buried_and_the_living_are_not(journal: str) -> None:
    for executor_id in ("silent", "unknown", "alive", "self"):
        _pending(journal, executor_id)
    _last_seen(journal, "silent", 60)
    _last_seen(journal, "alive", -3600)  # seen in an hour: nothing it does not do makes it silent
    grave = Grave(journal)
    with _living(journal, grave.recover, "self"):
        assert grave.changed.wait(WAIT_S)
    assert sorted(grave.buried) == ["silent", "unknown"]


def test_two_living_executors_spare_each_other(journal: str) -> None:
    grave = Grave(journal)
    _pending(journal, "one")
    _pending(journal, "two")
    with _living(journal, grave.recover, "one"), _living(journal, grave.recover, "two"):
        _pending(journal, "dead")
        assert grave.changed.wait(WAIT_S)
    assert grave.buried == ["dead"]


def test_who_leaves_in_order_is_out_of_the_register_at_once(journal: str) -> None:
    grave = Grave(journal)
    with _living(journal, grave.recover, "brief"):
        assert _registered(journal) == {"brief"}
    assert _registered(journal) == set()


def test_a_lost_connection_is_replaced_and_the_beat_goes_on(journal: str) -> None:
    grave = Grave(journal)
    with _living(journal, grave.recover, "self"):
        with psycopg.connect(journal) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'mainspring jobs reaper'"
                " AND datname = current_database()"
            )
        _pending(journal, "dead")
        assert grave.changed.wait(WAIT_S)


def test_right_after_a_start_nobody_is_judged(journal: str) -> None:
    # An executor that could not beat because the database was away must get time to come back.
    _pending(journal, "late")
    _last_seen(journal, "late", 60)
    grave = Grave(journal)
    patient = ReaperTiming(beat_s=0.05, dead_after_s=3600)
    reaper = Reaper(journal, executor_id="self", timing=patient, recover=grave.recover)
    reaper.register()
    reaper.start()
    with psycopg.connect(journal, autocommit=True) as connection:
        beats: set[object] = set()
        while len(beats) < 5:  # several beats, each of which could have swept
            beats |= set(connection.execute("SELECT seen_at FROM job_executors"))
    reaper.stop()
    assert grave.buried == []


def test_without_a_database_registration_fails() -> None:
    reaper = Reaper(
        "postgresql://nobody@/nothing?host=/nonexistent",
        executor_id="self",
        timing=TIMING,
        recover=len,
    )
    with pytest.raises(DatabaseUnavailableError):
        reaper.register()
