"""A real worker process with one job for the chaos tests; run as a module.

The job's three steps write what they do into ``chaos_steps``. The second one waits until the table
``chaos_gate`` is not empty, so that a test decides when, and in which process, it ends.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop
from sqlalchemy import text

from mainspring.app import worker
from mainspring.app.settings import WorkerSettings
from mainspring.infra.db import Database
from mainspring.infra.jobs import Job, JobQueue, JobSpec, JsonObject, JsonValue, Run
from mainspring.infra.jobs.client import DbosJobs
from mainspring.kernel.clock import Clock
from mainspring.kernel.scope import Scope

SPEC = JobSpec(name="chaos.three_steps", queue=JobQueue.AGENTS)
TABLES = (
    "CREATE TABLE chaos_steps (n int GENERATED ALWAYS AS IDENTITY, step text, event text, pid int)",
    "CREATE TABLE chaos_gate (open bool)",
)
_PLATFORM = Scope.platform("chaos")
_NOTE = text("INSERT INTO chaos_steps (step, event, pid) VALUES (:step, :event, :pid)")
_OPEN = text("SELECT EXISTS (SELECT FROM chaos_gate)")


def chaos_jobs(database: Database, _journal: DbosJobs, _clock: Clock) -> Sequence[Job]:
    """Return the one job."""

    async def note(step: str, event: str) -> None:
        async with database.session(_PLATFORM) as session:
            await session.execute(_NOTE, {"step": step, "event": event, "pid": os.getpid()})

    async def gate() -> None:
        while True:
            async with database.session(_PLATFORM) as session:
                if await session.scalar(_OPEN):
                    return
            await asyncio.sleep(0.05)

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def first() -> JsonValue:
            await note("first", "done")
            return os.getpid()

        async def second() -> JsonValue:
            await note("second", "begun")
            await gate()
            await note("second", "done")
            return os.getpid()

        async def third() -> JsonValue:
            await note("third", "done")
            return os.getpid()

        return [
            await run.step("first", first),
            await run.step("second", second),
            await run.step("third", third),
        ]

    return (Job(spec=SPEC, body=body),)


async def main(dsn: str, name: str, home: Path) -> None:
    """Run the worker until SIGTERM; says ``ready`` on standard output."""
    settings = WorkerSettings(
        home=home,
        database_url=dsn,
        control_url="http://127.0.0.1:9",
        internal_token_file=home / "internal.token",
        instance_id=name,
    )
    task = asyncio.get_running_loop().create_task(
        worker.run(settings, ready=lambda: _say("ready"), jobs=chaos_jobs)
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        _say("stopped")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
