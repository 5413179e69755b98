"""The worker role with the platform's own jobs, against a real journal and a scripted control."""

import asyncio
import stat
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import psycopg
import pytest

from mainspring import __version__
from mainspring.app import worker
from mainspring.app.backup_job import SCHEDULED_BACKUP
from mainspring.app.settings import WorkerSettings
from mainspring.capabilities.metering.jobs import GPU_BOOKING, RECONCILIATION
from mainspring.capabilities.selfservice.jobs import GRANTS_END
from mainspring.capabilities.slo.jobs import SLO_EVALUATION
from mainspring.infra.backup import ArchiveReader
from mainspring.infra.db import Database
from mainspring.infra.feed import publish, read_frame
from mainspring.infra.feed.maintenance import SNAPSHOT_COMPACTION
from mainspring.infra.jobs import (
    PLATFORM_PROJECT,
    Job,
    JobQueue,
    JobSpec,
    JsonObject,
    JsonValue,
    Run,
    RunState,
    RunStatus,
)
from mainspring.infra.jobs.client import DbosJobs
from mainspring.infra.jobs.maintenance import JOURNAL_RETENTION
from mainspring.infra.telemetry.tracing import trace_headers, within_span
from mainspring.kernel.errors import DatabaseUnavailableError, NotFoundError
from mainspring.kernel.scope import Scope
from mainspring.kernel.tasks import TaskOwner
from mainspring.snapshot.resources import Organization
from mainspring.testing.control import ScriptedControl
from tests.fixtures.collector import Collector

WAIT_S = 20
PLATFORM = Scope.platform("test")


def _settings(dsn: str, home: Path, control: ScriptedControl) -> WorkerSettings:
    token = home / "internal.token"
    token.write_text(control.token)
    token.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return WorkerSettings(
        home=home,
        database_url=dsn,
        control_url=control.url,
        internal_token_file=token,
        instance_id="worker-1",
    )


@asynccontextmanager
async def _working(
    settings: WorkerSettings, jobs: worker.JobFactory | None = None
) -> AsyncGenerator[None]:
    ready = asyncio.Event()
    failures: list[BaseException] = []
    tasks = TaskOwner(lambda _name, error: failures.append(error))
    tasks.start(worker.run(settings, ready=ready.set, jobs=jobs), name="worker")
    try:
        async with asyncio.timeout(WAIT_S):
            await ready.wait()
        yield
    finally:
        await tasks.close()
        assert failures == []


async def _run(jobs: DbosJobs, spec: JobSpec) -> RunStatus:
    run_id = await jobs.enqueue(spec, {}, project_id=PLATFORM_PROJECT)
    return await jobs.result(run_id, wait_s=WAIT_S)


async def _execute(dsn: str, statement: str) -> list[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        cursor = await connection.execute(statement.encode())
        return await cursor.fetchall() if cursor.description else []


async def test_starts_from_an_empty_database_says_how_it_is_and_leaves_in_order(
    empty_database_dsn: str, tmp_path: Path
) -> None:
    async with ScriptedControl() as control:
        async with _working(_settings(empty_database_dsn, tmp_path, control)):
            await control.until(lambda: "worker-1" in control.heartbeats, timeout_s=WAIT_S)
            register = await _execute(empty_database_dsn, "SELECT executor_id FROM job_executors")
        heartbeat = control.heartbeats["worker-1"]
        assert (heartbeat.role, heartbeat.state, heartbeat.version) == (
            "worker",
            "ready",
            __version__,
        )
        assert register == [(heartbeat.details["executor_id"],)]
        assert heartbeat.details["running"] == 0
    assert await _execute(empty_database_dsn, "SELECT FROM job_executors") == []


async def test_a_job_is_a_span_of_the_trace_that_started_it_and_its_calls_go_on_with_it(
    database_dsn: str, tmp_path: Path
) -> None:
    told: list[str | None] = []

    async def body(run: Run, arguments: JsonObject) -> JsonValue:
        async def call() -> JsonValue:
            told.append(trace_headers().get("traceparent"))
            if arguments.get("fails"):
                raise ValueError("private words")
            return [*sorted(arguments)]

        return await run.step("call", call)

    spec = JobSpec(name="test.traced", queue=JobQueue.MAINTENANCE)
    parent = f"00-{'a' * 32}-{'b' * 16}"
    jobs = DbosJobs(database_dsn, role="test")
    async with ScriptedControl() as control, Collector(tmp_path) as collector:
        settings = msgspec.structs.replace(
            _settings(database_dsn, tmp_path, control),
            otlp_endpoint=collector.url,
            trace_ratio=0.0,
        )

        def make(*_: object) -> Sequence[Job]:
            return [Job(spec=spec, body=body)]

        async with _working(settings, make):
            with within_span(f"{parent}-01"):
                done = await _run(jobs, spec)
            assert done.output == []  # the body sees what it was given, and nothing of traces
            assert (await _run(jobs, spec)).state is RunState.SUCCEEDED
            with within_span(f"{parent}-00"):
                failed = await jobs.enqueue(spec, {"fails": True}, project_id=PLATFORM_PROJECT)
            assert (await jobs.result(failed, wait_s=WAIT_S)).state is RunState.FAILED
        async with asyncio.timeout(WAIT_S):
            while len(collector.spans()) < 4:  # noqa: ASYNC110 - another process has no event
                await asyncio.sleep(0.02)
        step, run, failed_step, failed_run = collector.spans()
        assert "private words" not in collector.told()
    await jobs.close()
    assert (run["Name"], run["Trace ID"], run["Parent ID"]) == (
        "job test.traced",
        "a" * 32,
        "b" * 16,
    )
    assert (step["Name"], step["Trace ID"], step["Parent ID"]) == (
        "step call",
        "a" * 32,
        run["ID"],
    )
    assert run["mainspring.job.run.id"] == f"Str({done.id})"
    # Who started it decided against spans; of what fails there are some all the same.
    assert (failed_run["Status code"], failed_run["error.type"]) == (
        "STATUS_CODE_ERROR",
        "Str(ValueError)",
    )
    assert failed_step["Parent ID"] == failed_run["ID"]
    first, alone, last = told
    assert first == f"00-{'a' * 32}-{step['ID']}-01"
    assert last == f"00-{'a' * 32}-{failed_step['ID']}-00"
    assert alone is not None
    assert alone.endswith("-00")


async def test_works_while_control_is_away(database_dsn: str, tmp_path: Path) -> None:
    jobs = DbosJobs(database_dsn, role="test")
    async with ScriptedControl() as control:
        settings = _settings(database_dsn, tmp_path, control)
        await control.go_down()
        async with _working(settings):
            assert (await _run(jobs, SNAPSHOT_COMPACTION)).state is RunState.SUCCEEDED
    await jobs.close()


async def test_old_tombstones_leave_the_snapshot(
    database: Database, database_dsn: str, tmp_path: Path
) -> None:
    jobs = DbosJobs(database_dsn, role="test")
    async with database.session(PLATFORM) as session:
        await publish(session, [Organization(id=f"org_{n}", name="Acme") for n in range(3)])
    async with database.session(PLATFORM) as session:
        await publish(session, deletes=[("organization", "org_0"), ("organization", "org_1")])
    await _execute(
        database_dsn,
        "UPDATE snapshot_resources SET changed_at = now() - interval '8 days' WHERE key <> 'org_1'",
    )
    async with ScriptedControl() as control, _working(_settings(database_dsn, tmp_path, control)):
        assert (await _run(jobs, SNAPSHOT_COMPACTION)).output == {"removed": 1}
    base = await read_frame(database)
    assert base is not None
    assert [entry.key for entry in base.entries] == ["org_2"]
    await jobs.close()


async def test_runs_that_ended_long_ago_leave_the_journal(
    database_dsn: str, tmp_path: Path
) -> None:
    jobs = DbosJobs(database_dsn, role="test")
    async with ScriptedControl() as control, _working(_settings(database_dsn, tmp_path, control)):
        old, recent = await _run(jobs, SNAPSHOT_COMPACTION), await _run(jobs, SNAPSHOT_COMPACTION)
        age = "UPDATE dbos.workflow_status SET completed_at = completed_at - 31 * 86400000::bigint"
        await _execute(database_dsn, f"{age} WHERE workflow_uuid = '{old.id}'")
        assert (await _run(jobs, JOURNAL_RETENTION)).output == {"removed": 1}
        with pytest.raises(NotFoundError):
            await jobs.status(old.id)
        assert (await jobs.status(recent.id)).state is RunState.SUCCEEDED
    await jobs.close()


async def test_the_clock_knows_every_platform_job(database_dsn: str, tmp_path: Path) -> None:
    async with ScriptedControl() as control, _working(_settings(database_dsn, tmp_path, control)):
        schedules = await _execute(
            database_dsn, "SELECT schedule_name FROM dbos.workflow_schedules ORDER BY 1"
        )
    known = (
        JOURNAL_RETENTION,
        SNAPSHOT_COMPACTION,
        GRANTS_END,
        SLO_EVALUATION,
        RECONCILIATION,
        GPU_BOOKING,
    )
    assert {name for (name,) in schedules} == {spec.name for spec in known}


async def test_without_a_database_it_does_not_start(tmp_path: Path) -> None:
    async with ScriptedControl() as control:
        dsn = "postgresql://nobody@/nothing?host=/nonexistent"
        with pytest.raises(DatabaseUnavailableError):
            await worker.run(_settings(dsn, tmp_path, control), ready=lambda: None)


async def test_backups_are_made_by_the_clock_and_the_newest_stay(
    database_dsn: str, tmp_path: Path
) -> None:
    jobs = DbosJobs(database_dsn, role="test")
    place = tmp_path / "backups"
    place.mkdir()
    for year in (2019, 2020):
        (place / f"mainspring-{year}0101T000000Z.tar").write_bytes(b"old")
    (place / "mine.tar").write_bytes(b"somebody's own")
    async with ScriptedControl() as control:
        settings = msgspec.structs.replace(
            _settings(database_dsn, tmp_path, control), backup_directory=place, backup_keep=2
        )
        async with _working(settings):
            made = await _run(jobs, SCHEDULED_BACKUP)
    await jobs.close()
    assert isinstance(made.output, dict)
    file = Path(str(made.output["file"]))
    assert sorted(place.iterdir()) == [
        place / "mainspring-20200101T000000Z.tar",
        file,
        place / "mine.tar",
    ]
    manifest = ArchiveReader(file).verify()
    assert "public.organizations" in {table.name for table in manifest.tables}
