"""One part under a runner: real, tiny processes; no waiting but for what happens."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest

from mainspring.app.supervisor.backoff import Backoff, RestartPolicy
from mainspring.app.supervisor.child import Child, Launch, describe_exit
from mainspring.app.supervisor.log_stream import LogStream
from mainspring.app.supervisor.probe import Answer
from mainspring.app.supervisor.runner import LaunchError, PartPlan, PartRunner
from mainspring.app.supervisor.state import PartCondition
from mainspring.infra.processes.lifeline import Lifeline, child_setup
from mainspring.kernel.clock import SystemClock
from mainspring.kernel.tasks import TaskOwner

WITHIN_S = 20.0
SAY_READY = "import os; os.write(int(os.environ['READY']), b'1')\n"
SLEEP = "import time\nwhile True: time.sleep(60)\n"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"


class Bench:
    """Makes runners of scripts and ends them with the test."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.log = LogStream(directory / "log", clock=SystemClock())
        self.lifeline = Lifeline()
        self.hurry = asyncio.Event()
        self.failures: list[tuple[str, BaseException]] = []
        self.tasks = TaskOwner(lambda name, error: self.failures.append((name, error)))
        self.runners: list[PartRunner] = []
        self.history: list[PartCondition] = []

    def runner(
        self,
        script: str,
        *,
        probe: Callable[[Child], Awaitable[Answer]] | None = None,
        launch: Callable[[], Awaitable[Launch]] | None = None,
        policy: RestartPolicy | None = None,
        grace_s: float = WITHIN_S,
        start_within_s: float = 300.0,
        hang_after_s: float | None = None,
        needed: list[PartRunner] | None = None,
    ) -> PartRunner:
        """Return a running runner of a Python ``script``."""

        async def start() -> Launch:
            return Launch(
                argv=(sys.executable, "-c", script),
                env=dict(os.environ),
                cwd=self.directory,
                preexec=child_setup(signal.SIGKILL),
                ready_variable="READY",
            )

        plan = PartPlan(
            name=f"part-{len(self.runners)}",
            role="test",
            launch=launch or start,
            probe=probe or _said_ready,
            start_within_s=start_within_s,
            hang_after_s=hang_after_s,
            stop_grace_s=grace_s,
        )
        runner = PartRunner(
            plan,
            backoff=Backoff(
                policy or RestartPolicy(first_s=0.01, most_s=0.02, attempts=100), random.Random(1)
            ),
            lifeline_fd=self.lifeline.child_fd,
            hurry=self.hurry,
            log=self.log,
            clock=SystemClock(),
            tasks=self.tasks,
            changed=lambda: self.history.append(runner.state.state),
        )
        self.runners.append(runner)
        self.tasks.start(runner.run(needed or []), name=plan.name)
        return runner

    async def close(self) -> None:
        """End everything."""
        self.hurry.set()
        for runner in self.runners:
            await runner.stop()
        await self.tasks.close()
        self.lifeline.cut()
        self.log.close()


async def _said_ready(child: Child) -> Answer:
    return Answer.WELL if child.said_ready else Answer.UNWELL


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()
    assert made.failures == []


async def _until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not condition():  # noqa: ASYNC110 - other processes can only be asked
            await asyncio.sleep(0.005)


async def test_a_part_is_ready_when_it_says_so(bench: Bench) -> None:
    runner = bench.runner(SAY_READY + SLEEP)
    await _until(runner.ready.is_set)
    assert runner.state.state is PartCondition.READY
    assert runner.state.pid is not None
    await runner.stop()
    assert runner.state.state is PartCondition.STOPPED
    assert runner.state.pid is None


async def test_what_a_part_needs_is_awaited(bench: Bench) -> None:
    gate = bench.directory / "gate"
    first = bench.runner(
        f"import pathlib, time\nwhile not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.01)\n"
        + SAY_READY
        + SLEEP
    )
    second = bench.runner(SAY_READY + SLEEP, needed=[first])
    await _until(lambda: first.state.pid is not None)
    assert second.state.state is PartCondition.WAITING
    gate.touch()
    await _until(second.ready.is_set)


async def test_a_part_that_waits_for_another_can_be_stopped(bench: Bench) -> None:
    never = bench.runner(SLEEP)
    waiting = bench.runner(SLEEP, needed=[never])
    await waiting.stop()
    assert waiting.state.state is PartCondition.STOPPED


async def test_a_part_that_ends_is_started_again(bench: Bench) -> None:
    runner = bench.runner(SAY_READY + "raise SystemExit(3)\n")
    await _until(lambda: runner.state.restarts >= 3)
    assert runner.state.last_exit == "exit status 3"
    assert PartCondition.RESTARTING in bench.history
    assert not runner.failed.is_set()


async def test_a_part_that_does_not_stay_up_has_failed_and_that_is_said(bench: Bench) -> None:
    runner = bench.runner(
        "raise SystemExit(3)\n", policy=RestartPolicy(first_s=0.01, attempts=3, jitter=0)
    )
    await _until(runner.failed.is_set)
    assert runner.state.state is PartCondition.FAILED
    assert runner.failure == "part-0 does not stay up: exit status 3"
    assert any("next start in 60.0 s" in line for line in bench.log.recent("supervisor"))


async def test_a_refused_setting_is_not_tried_again(bench: Bench) -> None:
    runner = bench.runner("raise SystemExit(78)\n")
    await _until(runner.failed.is_set)
    assert runner.state.restarts == 1


async def test_a_part_that_cannot_be_launched_says_why(bench: Bench) -> None:
    async def launch() -> Launch:
        raise LaunchError("its data is of another release")

    runner = bench.runner("", launch=launch, policy=RestartPolicy(first_s=0.01, attempts=2))
    await _until(runner.failed.is_set)
    assert runner.state.last_exit == "its data is of another release"


async def test_a_missing_program_is_an_end_like_any_other(bench: Bench) -> None:
    async def launch() -> Launch:
        return Launch(
            argv=("/nowhere/program",),
            env={},
            cwd=bench.directory,
            preexec=child_setup(signal.SIGKILL),
        )

    runner = bench.runner("", launch=launch, policy=RestartPolicy(first_s=0.01, attempts=2))
    await _until(runner.failed.is_set)
    assert "/nowhere/program" in str(runner.state.last_exit)


async def test_a_part_that_does_not_stop_is_ended_after_its_grace(bench: Bench) -> None:
    runner = bench.runner(STUBBORN + SAY_READY + SLEEP, grace_s=0.2)
    await _until(runner.ready.is_set)
    await runner.stop()
    assert any("does not stop in time" in line for line in bench.log.recent("supervisor"))


async def test_a_hurried_stop_waits_for_no_grace(bench: Bench) -> None:
    runner = bench.runner(STUBBORN + SAY_READY + SLEEP, grace_s=3600)
    await _until(runner.ready.is_set)
    bench.hurry.set()
    async with asyncio.timeout(WITHIN_S):
        await runner.stop()


async def test_a_part_that_hangs_is_ended_and_started_again(bench: Bench) -> None:
    silent = False

    async def probe(child: Child) -> Answer:
        return Answer.SILENT if silent else await _said_ready(child)

    runner = bench.runner(SAY_READY + SLEEP, probe=probe, hang_after_s=0.1)
    await _until(runner.ready.is_set)
    silent = True
    await _until(lambda: runner.state.restarts == 1)
    assert runner.state.last_exit == "signal SIGKILL"


async def test_a_part_that_never_serves_is_ended_and_started_again(bench: Bench) -> None:
    runner = bench.runner(SLEEP, start_within_s=0.1)
    await _until(lambda: runner.state.restarts == 2)
    assert runner.state.last_exit == "signal SIGKILL"
    assert not runner.ready.is_set()


async def test_a_part_that_is_unwell_is_degraded_and_recovers(bench: Bench) -> None:
    answer = Answer.WELL

    async def probe(_child: Child) -> Answer:
        return answer

    runner = bench.runner(SLEEP, probe=probe, hang_after_s=None)
    await _until(runner.ready.is_set)
    answer = Answer.UNWELL
    await _until(lambda: runner.state.state is PartCondition.DEGRADED)
    answer = Answer.WELL
    await _until(lambda: runner.state.state is PartCondition.READY)
    assert runner.state.restarts == 0


async def test_every_line_arrives_whole_or_cut_at_a_bound(bench: Bench) -> None:
    script = (
        "import sys\n"
        "print('one'); print(); print('x' * 40000); sys.stdout.flush()\n"
        "sys.stderr.write('no newline'); sys.stderr.flush()\n"
    )
    runner = bench.runner(SAY_READY + script)
    await _until(lambda: "no newline" in bench.log.recent("part-0"))
    lines = bench.log.recent("part-0")
    assert lines[0] == "one"
    assert "".join(lines[1:4]) == "x" * 40000
    assert max(map(len, lines)) == 16 * 1024
    await runner.stop()


def test_ends_are_told_in_words() -> None:
    told = [describe_exit(status) for status in (0, 3, -9, -15, -77)]
    assert told == [
        "exit status 0",
        "exit status 3",
        "signal SIGKILL",
        "signal SIGTERM",
        "signal 77",
    ]
