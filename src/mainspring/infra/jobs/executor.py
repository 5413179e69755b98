"""Executes runs in this process: DBOS with our jobs, our queues, and no console of its own.

DBOS is one per process, and its registry of functions is global; so is this.
"""

import asyncio
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import msgspec
from dbos import DBOS, DBOSConfig, ScheduleInput, StepOptions

from mainspring.infra.jobs.engine import (
    APPLICATION,
    PARTITIONED,
    SCHEMA,
    SERIALIZER,
    VERSION,
    journal_engine,
    quiet_engine_log,
)
from mainspring.infra.jobs.ports import PLATFORM_PROJECT, Job, JobQueue, JsonObject, JsonValue
from mainspring.infra.jobs.reaper import Reaper, ReaperTiming
from mainspring.infra.jobs.watching import TRACE_ARGUMENT, NoWatch, RunWatch, StepWatch

_THREADS = 32
_CONNECTIONS = 10
_SCHEDULED = "@schedule"
_RECOVER = "_recover_pending_workflows"


class QueueBounds(msgspec.Struct, frozen=True):
    """How much of a queue runs at once: in one worker, and for one project over all workers.

    ``poll_s`` is how often a worker looks for waiting runs.
    """

    per_worker: int
    per_project: int
    poll_s: float = 1.0


BOUNDS: dict[JobQueue, QueueBounds] = {
    JobQueue.INGEST: QueueBounds(per_worker=4, per_project=2),
    JobQueue.BATCH: QueueBounds(per_worker=4, per_project=2),
    JobQueue.EVAL: QueueBounds(per_worker=4, per_project=2),
    JobQueue.AGENTS: QueueBounds(per_worker=32, per_project=8, poll_s=0.5),
    JobQueue.MAINTENANCE: QueueBounds(per_worker=2, per_project=2),
}


class JobExecutor:
    """The one executor of this process.

    ``executor_id`` must belong to this process alone: after its death others take its runs over,
    and they can only tell the dead from the living by this name.
    """

    def __init__(
        self,
        dsn: str,
        *,
        executor_id: str,
        jobs: Sequence[Job],
        timing: ReaperTiming | None = None,
        watch: RunWatch | None = None,
    ) -> None:
        names = [job.spec.name for job in jobs]
        if len(set(names)) != len(names):
            raise ValueError(f"two jobs share a name: {sorted(names)}")
        for job in jobs:
            if job.schedule and job.spec.queue is not JobQueue.MAINTENANCE:
                raise ValueError(f"{job.spec.name}: only maintenance jobs run by the clock")
        self._executor_id = executor_id
        self._jobs = jobs
        self._watch = watch or NoWatch()
        self._engine = journal_engine(dsn, role="worker", size=_CONNECTIONS)
        self._reaper = Reaper(
            dsn, executor_id=executor_id, timing=timing or ReaperTiming(), recover=_recover
        )
        self._bodies: set[asyncio.Task[Any]] = set()
        self.finished: Counter[tuple[str, str]] = Counter(
            {(name, result): 0 for name in names for result in ("ok", "failed")}
        )
        """Runs that ended here, by job and result; one that was interrupted has not ended."""
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def executor_id(self) -> str:
        """Return the name under which the register knows this process."""
        return self._executor_id

    @property
    def running(self) -> int:
        """Return how many runs execute here at this moment."""
        return len(self._bodies)

    async def start(self) -> None:
        """Enter the register of executors, then begin to execute runs on the calling event loop.

        Raises:
            DatabaseUnavailableError: if the database cannot be reached.
        """
        quiet_engine_log()
        # Registered as alive before anything runs: no reaper may mistake a newcomer for a corpse.
        await asyncio.to_thread(self._reaper.register)
        config = DBOSConfig(
            name=APPLICATION,
            system_database_engine=self._engine,
            dbos_system_schema=SCHEMA,
            application_version=VERSION,
            executor_id=self._executor_id,
            serializer=SERIALIZER,
            run_migrations=False,
            max_executor_threads=_THREADS,
            log_level="WARNING",
        )
        DBOS(config=config)
        scheduled = [entry for job in self._jobs if (entry := self._register(job))]
        # Not in a thread: DBOS runs coroutines on the loop that it is launched from, and the
        # steps of our jobs use connections that belong to this one. It blocks for a few queries.
        DBOS.launch()
        await _declare_queues()
        await _declare_schedules(scheduled)
        self._reaper.start()

    async def stop(self, *, within_s: float) -> None:
        """Take no more runs, give those under way ``within_s`` to finish, and leave.

        What is not finished by then is interrupted; another executor takes it over at once, or the
        next one does when it comes.
        """
        patience = 0 if self._idle.is_set() else math.ceil(within_s) + 2
        ending = asyncio.to_thread(
            DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=patience
        )
        await asyncio.gather(ending, self._interrupt_bodies(within_s))
        # DBOS made its own threads the loop's default ones, and has just ended them.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        await asyncio.to_thread(self._reaper.stop)
        await asyncio.to_thread(self._engine.dispose)

    async def _interrupt_bodies(self, after_s: float) -> None:
        try:
            async with asyncio.timeout(after_s):
                await self._idle.wait()
        except TimeoutError:
            # A cancelled body leaves its run pending in the journal, for the next executor.
            for body in self._bodies:
                body.cancel()

    def _register(self, job: Job) -> ScheduleInput | None:
        """Make ``job`` known to DBOS; return its schedule, if it has one."""

        async def execute(arguments: JsonObject, project_id: str) -> JsonValue:
            return await self._execute(job, arguments, project_id)

        async def execute_scheduled(scheduled_at: datetime, _context: object) -> None:
            arguments: JsonObject = {"scheduled_at": scheduled_at.astimezone(UTC).isoformat()}
            await self._execute(job, arguments, PLATFORM_PROJECT)

        takeovers = job.spec.takeovers
        DBOS.workflow(name=job.spec.name, max_recovery_attempts=takeovers)(execute)
        if job.schedule is None:
            return None
        return ScheduleInput(
            schedule_name=job.spec.name,
            workflow_fn=DBOS.workflow(
                name=job.spec.name + _SCHEDULED, max_recovery_attempts=takeovers
            )(execute_scheduled),
            schedule=job.schedule,
            queue_name=job.spec.queue,
        )

    async def _execute(self, job: Job, arguments: JsonObject, project_id: str) -> JsonValue:
        body = asyncio.current_task()
        if body is None:
            raise RuntimeError("a job's body runs in a task")
        self._bodies.add(body)
        self._idle.clear()
        run_id = DBOS.workflow_id or ""
        parent = arguments.get(TRACE_ARGUMENT)
        given = {name: value for name, value in arguments.items() if name != TRACE_ARGUMENT}
        parent = parent if isinstance(parent, str) else None
        try:
            with self._watch.run(job.spec.name, run_id, parent) as steps:
                answer = await job.body(DbosRun(run_id, project_id, steps), given)
        except Exception:
            self.finished[job.spec.name, "failed"] += 1
            raise
        else:
            self.finished[job.spec.name, "ok"] += 1
            return answer
        finally:
            self._bodies.discard(body)
            if not self._bodies:
                self._idle.set()


class DbosRun:
    """The port :class:`~mainspring.infra.jobs.ports.Run` inside DBOS's workflow."""

    def __init__(self, run_id: str, project_id: str, watch: StepWatch) -> None:
        self._id = run_id
        self._project_id = project_id
        self._watch = watch

    @property
    def id(self) -> str:
        """Return the run's id."""
        return self._id

    @property
    def project_id(self) -> str:
        """Return the project on whose behalf it runs."""
        return self._project_id

    async def step(
        self,
        name: str,
        work: Callable[[], Awaitable[JsonValue]],
        *,
        attempts: int = 1,
        backoff_s: float = 1.0,
        timeout_s: float | None = None,
    ) -> JsonValue:
        """See :meth:`~mainspring.infra.jobs.ports.Run.step`."""

        async def execute() -> JsonValue:
            with self._watch.step(name):
                return await work()

        options = StepOptions(name=name, preemptible=True, timeout_seconds=timeout_s)
        if attempts > 1:
            options.update(retries_allowed=True, max_attempts=attempts, interval_seconds=backoff_s)
        return await DBOS.run_step_async(options, execute)

    async def sleep(self, seconds: float) -> None:
        """See :meth:`~mainspring.infra.jobs.ports.Run.sleep`."""
        await DBOS.sleep_async(seconds)


async def _declare_queues() -> None:
    for queue, bounds in BOUNDS.items():
        await DBOS.register_queue_async(
            queue,
            worker_concurrency=bounds.per_worker,
            partition_concurrency=bounds.per_project if queue in PARTITIONED else None,
            polling_interval_sec=bounds.poll_s,
            on_conflict="always_update",
        )


async def _declare_schedules(wanted: list[ScheduleInput]) -> None:
    names = {entry.get("schedule_name") for entry in wanted}
    for found in await DBOS.list_schedules_async():
        if found["schedule_name"] not in names:
            await DBOS.delete_schedule_async(found["schedule_name"])
    await DBOS.apply_schedules_async(wanted)


def _recover(executor_ids: Sequence[str]) -> int:
    # DBOS offers this to its own commercial service only, hence the underscore. It is guarded by
    # the executor's id in the journal, so a second call, or a late one, recovers nothing twice.
    recover: Callable[[list[str]], list[object]] = getattr(DBOS, _RECOVER)
    return len(recover(list(executor_ids)))
