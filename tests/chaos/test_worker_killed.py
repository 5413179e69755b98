"""A worker dies, freezes or leaves in the middle of a job; another one carries on."""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from mainspring.infra.jobs import RunState
from mainspring.infra.jobs.client import DbosJobs
from mainspring.infra.jobs.reaper import ReaperTiming
from tests.chaos.worker_process import SPEC, TABLES

_log = logging.getLogger(__name__)

REPOSITORY = Path(__file__).parents[2]
WAIT_S = 40
MOST_S = ReaperTiming().dead_after_s + 10
"""Silence, one beat and one look at the queue; the rest is for slow machines."""

Step = tuple[str, str, int]


class Worker:
    """One started worker process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.pid = process.pid

    async def says(self, word: str) -> None:
        assert self.process.stdout is not None
        async with asyncio.timeout(WAIT_S):
            assert (await self.process.stdout.readline()).decode().strip() == word


@asynccontextmanager
async def _worker(dsn: str, name: str, home: Path) -> AsyncGenerator[Worker]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos.worker_process", dsn, name, str(home)),
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Worker(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Scene:
    """Two workers, one job that waits in its second step, and the table it writes to."""

    def __init__(self, dsn: str, jobs: DbosJobs, workers: dict[int, Worker], run_id: str) -> None:
        self._dsn = dsn
        self.jobs = jobs
        self.workers = workers
        self.run_id = run_id

    async def steps(self) -> list[Step]:
        async with await psycopg.AsyncConnection.connect(self._dsn) as connection:
            rows = await connection.execute("SELECT step, event, pid FROM chaos_steps ORDER BY n")
            return [(str(step), str(event), int(pid)) for step, event, pid in await rows.fetchall()]

    async def open_gate(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._dsn) as connection:
            await connection.execute("INSERT INTO chaos_gate VALUES (true)")

    async def begun_by(self, wanted: Callable[[int], bool]) -> int:
        """Wait until a wanted process is in the second step; return its id."""
        return await self.noted("second", "begun", wanted)

    async def noted(self, step: str, event: str, wanted: Callable[[int], bool]) -> int:
        """Wait until a wanted process has noted this; return its id."""
        async with asyncio.timeout(WAIT_S):
            while True:
                for noted_step, noted_event, pid in await self.steps():
                    if (noted_step, noted_event) == (step, event) and wanted(pid):
                        return pid
                await asyncio.sleep(0.02)

    def other(self, pid: int) -> Worker:
        return next(worker for other, worker in self.workers.items() if other != pid)


@pytest.fixture
async def scene(database_dsn: str, tmp_path: Path) -> AsyncGenerator[Scene]:
    async with await psycopg.AsyncConnection.connect(database_dsn) as connection:
        for table in TABLES:
            await connection.execute(table.encode())
    jobs = DbosJobs(database_dsn, role="test")
    async with (
        _worker(database_dsn, "worker-1", tmp_path) as one,
        _worker(database_dsn, "worker-2", tmp_path) as two,
    ):
        await one.says("ready")
        await two.says("ready")
        run_id = await jobs.enqueue(SPEC, {}, project_id="prj_1")
        yield Scene(database_dsn, jobs, {one.pid: one, two.pid: two}, run_id)
    await jobs.close()


async def test_a_killed_workers_run_goes_on_elsewhere_and_repeats_no_finished_step(
    scene: Scene,
) -> None:
    victim = await scene.begun_by(lambda _pid: True)
    heir = scene.other(victim)
    killed_at = time.monotonic()
    os.kill(victim, signal.SIGKILL)
    assert await scene.begun_by(lambda pid: pid != victim) == heir.pid
    takeover_s = time.monotonic() - killed_at
    _log.info("took over %.1f s after kill -9", takeover_s)
    assert takeover_s < MOST_S
    await scene.open_gate()
    status = await scene.jobs.result(scene.run_id, wait_s=WAIT_S)
    assert (status.state, status.attempts) == (RunState.SUCCEEDED, 2)
    assert status.output == [victim, heir.pid, heir.pid]
    assert await scene.steps() == [
        ("first", "done", victim),
        ("second", "begun", victim),
        ("second", "begun", heir.pid),
        ("second", "done", heir.pid),
        ("third", "done", heir.pid),
    ]


async def test_a_worker_that_froze_and_thaws_does_not_give_the_run_a_second_outcome(
    scene: Scene,
) -> None:
    frozen = await scene.begun_by(lambda _pid: True)
    heir = scene.other(frozen)
    os.kill(frozen, signal.SIGSTOP)
    assert await scene.begun_by(lambda pid: pid != frozen) == heir.pid
    await scene.open_gate()
    status = await scene.jobs.result(scene.run_id, wait_s=WAIT_S)
    assert status.output == [frozen, heir.pid, heir.pid]
    os.kill(frozen, signal.SIGCONT)
    # It finds its step done elsewhere; what it may do is end that one step a second time.
    await scene.noted("second", "done", lambda pid: pid == frozen)
    scene.workers[frozen].process.terminate()
    await scene.workers[frozen].says("stopped")
    assert [step for step in await scene.steps() if step[0] == "third"] == [
        ("third", "done", heir.pid)
    ]
    assert (await scene.jobs.status(scene.run_id)).output == status.output


async def test_a_worker_told_to_stop_lets_its_run_end(scene: Scene) -> None:
    leaving = await scene.begun_by(lambda _pid: True)
    scene.workers[leaving].process.terminate()
    await scene.open_gate()
    await scene.workers[leaving].says("stopped")
    status = await scene.jobs.result(scene.run_id, wait_s=WAIT_S)
    assert (status.state, status.attempts) == (RunState.SUCCEEDED, 1)
    assert status.output == [leaving] * 3
