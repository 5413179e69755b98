"""Durable jobs on a real journal: start, watch, bound, retry, cancel."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from mainspring.infra.db import Database
from mainspring.infra.jobs import (
    PLATFORM_PROJECT,
    Job,
    JobQueue,
    JobSpec,
    JsonObject,
    JsonValue,
    Run,
    RunState,
)
from mainspring.infra.jobs.client import DbosJobs
from mainspring.infra.jobs.engine import migrate_journal
from mainspring.infra.jobs.executor import JobExecutor
from mainspring.kernel.errors import DatabaseUnavailableError, NotFoundError
from mainspring.kernel.scope import Scope

PLATFORM = Scope.platform("test")
WAIT_S = 20
Body = Callable[[Run, JsonObject], Awaitable[JsonValue]]


@asynccontextmanager
async def _executing(dsn: str, *jobs: Job) -> AsyncGenerator[DbosJobs]:
    await asyncio.to_thread(migrate_journal, dsn)
    client = DbosJobs(dsn, role="test")
    executor = JobExecutor(dsn, executor_id="ins_test", jobs=jobs)
    await executor.start()
    try:
        yield client
    finally:
        await executor.stop(within_s=0)
        await client.close()


def _job(body: Body, *, queue: JobQueue = JobQueue.AGENTS, timeout_s: float | None = None) -> Job:
    return Job(spec=JobSpec(name="test.job", queue=queue, timeout_s=timeout_s), body=body)


async def test_a_run_answers_with_what_its_steps_made(database_dsn: str) -> None:
    async def body(run: Run, arguments: JsonObject) -> JsonValue:
        async def double() -> JsonValue:
            number = arguments["number"]
            assert isinstance(number, int)
            return number * 2

        return {"project": run.project_id, "doubled": await run.step("double", double)}

    job = _job(body)
    async with _executing(database_dsn, job) as jobs:
        run_id = await jobs.enqueue(job.spec, {"number": 21}, project_id="prj_1")
        status = await jobs.result(run_id, wait_s=WAIT_S)
    assert (status.state, status.error) == (RunState.SUCCEEDED, None)
    assert status.output == {"project": "prj_1", "doubled": 42}
    assert (status.id, status.job, status.project_id) == (run_id, "test.job", "prj_1")
    assert (status.executor_id, status.attempts) == ("ins_test", 1)
    assert status.finished_at_ms is not None
    assert status.finished_at_ms >= (status.started_at_ms or 0) >= status.created_at_ms > 0


async def test_a_step_is_tried_again_as_often_as_told(database_dsn: str) -> None:
    tries: list[int] = []

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def flaky() -> JsonValue:
            tries.append(1)
            if len(tries) < 3:
                raise ConnectionError("not yet")
            return len(tries)

        return await run.step("flaky", flaky, attempts=3, backoff_s=0.01)

    job = _job(body)
    async with _executing(database_dsn, job) as jobs:
        run_id = await jobs.enqueue(job.spec, {}, project_id="prj_1")
        status = await jobs.result(run_id, wait_s=WAIT_S)
    assert (status.state, status.output) == (RunState.SUCCEEDED, 3)


async def test_a_failing_run_says_why(database_dsn: str) -> None:
    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def fail() -> JsonValue:
            raise LookupError("no such document")

        return await run.step("fail", fail)

    job = _job(body)
    async with _executing(database_dsn, job) as jobs:
        run_id = await jobs.enqueue(job.spec, {}, project_id="prj_1")
        status = await jobs.result(run_id, wait_s=WAIT_S)
    assert (status.state, status.error) == (RunState.FAILED, "LookupError: no such document")


async def test_one_dedup_id_is_one_run_until_that_is_over(database_dsn: str) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def wait() -> JsonValue:
            begun.set()
            await go.wait()
            return None

        return await run.step("wait", wait)

    job = _job(body, queue=JobQueue.INGEST)
    async with _executing(database_dsn, job) as jobs:

        async def start() -> str:
            return await jobs.enqueue(job.spec, {}, project_id="prj_1", dedup_id="doc_1")

        first = await start()
        assert await start() == first
        async with asyncio.timeout(WAIT_S):
            await begun.wait()
        assert await start() == first
        go.set()
        await jobs.result(first, wait_s=WAIT_S)
        assert await start() != first


async def test_cancelling_interrupts_the_step_at_once(database_dsn: str) -> None:
    begun, interrupted = asyncio.Event(), asyncio.Event()

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def endless() -> JsonValue:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                interrupted.set()
            return None

        return await run.step("endless", endless)

    job = _job(body)
    async with _executing(database_dsn, job) as jobs:
        run_id = await jobs.enqueue(job.spec, {}, project_id="prj_1")
        async with asyncio.timeout(WAIT_S):
            await begun.wait()
            await jobs.cancel(run_id)
            await interrupted.wait()
        assert (await jobs.status(run_id)).state is RunState.CANCELLED


async def test_a_run_beyond_its_timeout_is_cancelled(database_dsn: str) -> None:
    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        await run.sleep(3600)
        return None

    job = _job(body, timeout_s=0.5)
    async with _executing(database_dsn, job) as jobs:
        run_id = await jobs.enqueue(job.spec, {}, project_id="prj_1")
        assert (await jobs.result(run_id, wait_s=WAIT_S)).state is RunState.CANCELLED


async def test_one_project_cannot_take_the_whole_queue(database_dsn: str) -> None:
    running: dict[str, int] = {}
    most: dict[str, int] = {}
    full, go = asyncio.Event(), asyncio.Event()

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def work() -> JsonValue:
            project = run.project_id
            running[project] = running.get(project, 0) + 1
            most[project] = max(most.get(project, 0), running[project])
            if running == {"prj_greedy": 2, "prj_modest": 1}:
                full.set()
            await go.wait()
            running[project] -= 1
            return None

        return await run.step("work", work)

    job = _job(body, queue=JobQueue.INGEST)
    async with _executing(database_dsn, job) as jobs:
        greedy = [await jobs.enqueue(job.spec, {}, project_id="prj_greedy") for _ in range(6)]
        modest = await jobs.enqueue(job.spec, {}, project_id="prj_modest")
        async with asyncio.timeout(WAIT_S):
            await full.wait()
        go.set()
        for run_id in (*greedy, modest):
            assert (await jobs.result(run_id, wait_s=WAIT_S)).state is RunState.SUCCEEDED
    assert most == {"prj_greedy": 2, "prj_modest": 1}


async def test_a_run_started_in_a_transaction_exists_if_that_commits(
    database: Database, database_dsn: str
) -> None:
    async def body(_run: Run, arguments: JsonObject) -> JsonValue:
        return arguments

    job = _job(body)
    async with _executing(database_dsn, job) as jobs:

        async def start(*, commit: bool) -> str:
            async with database.session(PLATFORM) as session:
                arguments: JsonObject = {"commit": commit}
                run_id = await jobs.enqueue_in(session, job.spec, arguments, project_id="prj_1")
                if not commit:
                    await session.rollback()
                return run_id

        committed, undone = await start(commit=True), await start(commit=False)
        assert (await jobs.result(committed, wait_s=WAIT_S)).output == {"commit": True}
        with pytest.raises(NotFoundError):
            await jobs.status(undone)


async def test_a_delayed_run_waits(database_dsn: str) -> None:
    async def body(_run: Run, _arguments: JsonObject) -> JsonValue:
        return None

    job = _job(body)
    async with _executing(database_dsn, job) as jobs:
        run_id = await jobs.enqueue(job.spec, {}, project_id="prj_1", delay_s=3600)
        assert (await jobs.result(run_id, wait_s=1)).state is RunState.WAITING


async def test_the_clock_starts_a_scheduled_job_once(database_dsn: str) -> None:
    seen: list[tuple[str, JsonObject]] = []
    twice = asyncio.Event()

    async def body(run: Run, arguments: JsonObject) -> JsonValue:
        seen.append((run.project_id, arguments))
        if len(seen) == 2:
            twice.set()
        return None

    spec = JobSpec(name="test.tick", queue=JobQueue.MAINTENANCE)
    # Six fields: every second. The product's schedules have five.
    job = Job(spec=spec, body=body, schedule="* * * * * *")
    async with _executing(database_dsn, job):
        async with asyncio.timeout(WAIT_S):
            await twice.wait()
    moments = [arguments["scheduled_at"] for _, arguments in seen]
    assert len(set(moments)) == len(moments)
    assert {project for project, _ in seen} == {PLATFORM_PROJECT}


async def test_an_orderly_stop_interrupts_late_and_leaves_the_run_to_the_next(
    database_dsn: str,
) -> None:
    begun = asyncio.Event()
    done: list[str] = []
    block = True

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def first() -> JsonValue:
            done.append("first")
            return None

        async def second() -> JsonValue:
            begun.set()
            if block:
                await asyncio.Event().wait()
            done.append("second")
            return None

        await run.step("first", first)
        await run.step("second", second)
        return None

    job = _job(body)
    async with _executing(database_dsn, job) as jobs:
        run_id = await jobs.enqueue(job.spec, {}, project_id="prj_1")
        async with asyncio.timeout(WAIT_S):
            await begun.wait()
    block = False
    async with _executing(database_dsn, job) as jobs:
        status = await jobs.result(run_id, wait_s=WAIT_S)
    assert (status.state, status.attempts, done) == (RunState.SUCCEEDED, 2, ["first", "second"])


def _refused(jobs: Sequence[Job]) -> None:
    JobExecutor("postgresql://nobody@/nothing", executor_id="ins_test", jobs=jobs)


async def test_jobs_that_contradict_each_other_are_refused() -> None:
    async def body(_run: Run, _arguments: JsonObject) -> JsonValue:
        return None

    with pytest.raises(ValueError, match="share a name"):
        _refused([_job(body), _job(body)])
    with pytest.raises(ValueError, match="by the clock"):
        _refused([Job(spec=_job(body).spec, body=body, schedule="0 * * * *")])


async def test_without_a_database_nothing_is_started() -> None:
    jobs = DbosJobs("postgresql://nobody@/nothing?host=/nonexistent", role="test")
    spec = JobSpec(name="test.job", queue=JobQueue.AGENTS)
    with pytest.raises(DatabaseUnavailableError):
        await jobs.enqueue(spec, {}, project_id="prj_1")
    with pytest.raises(DatabaseUnavailableError):
        await jobs.status("job_1")
    await jobs.close()
