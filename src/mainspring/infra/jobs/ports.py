"""The port: what a job is, how it is started and watched, and what its body may use.

A job's body is *replayed* after a crash: it runs again from its beginning, and every finished step
answers from the journal instead of running again. So a body decides, deterministically, which
steps come next, and everything that reads or changes the world happens inside a step. A step runs
at least once; give it an id to be idempotent by where that matters.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Protocol, TypeAlias

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, JsonValue]

PLATFORM_PROJECT = "platform"
"""The project id under which the platform's own jobs run."""


class JobQueue(StrEnum):
    """The queues. Each bounds how many of its runs execute per worker and per project."""

    INGEST = "ingest"
    BATCH = "batch"
    EVAL = "eval"
    AGENTS = "agents"
    MAINTENANCE = "maintenance"


class RunState(StrEnum):
    """Where a run stands. The last three are final."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Tell whether nothing more will happen to the run."""
        return self in {RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED}


class JobSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller needs to know of a job; its body lives in the worker.

    ``name`` is stable for ever: it is what the journal holds. ``timeout_s`` ends a run that long
    after it began to execute. ``takeovers`` bounds how often a run is taken over from a dead
    executor before it fails: a run that kills its process must not kill all of them, one by one.
    """

    name: str
    queue: JobQueue
    timeout_s: float | None = None
    takeovers: int = 20


class RunStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One run, as far as it got; times are Unix milliseconds.

    ``executor_id`` is the process that executes it, or did last. ``attempts`` counts executions:
    more than one means that it was taken over. ``error`` names the failure, without a traceback.
    """

    id: str
    job: str
    state: RunState
    project_id: str
    created_at_ms: int
    started_at_ms: int | None = None
    finished_at_ms: int | None = None
    executor_id: str | None = None
    attempts: int = 0
    output: JsonValue = None
    error: str | None = None


class Jobs(Protocol):
    """Starts, watches and cancels runs.

    Fails closed: a method that cannot reach the journal raises
    :class:`~mainspring.kernel.errors.DatabaseUnavailableError`, and then nothing was started.
    """

    async def enqueue(
        self,
        spec: JobSpec,
        arguments: JsonObject,
        *,
        project_id: str,
        dedup_id: str | None = None,
        delay_s: float | None = None,
    ) -> str:
        """Start a run and return its id; it begins when its queue has room for the project.

        While a run of the same queue with this ``dedup_id`` waits or executes, that run's id is
        returned and nothing is started. ``delay_s`` is the earliest beginning, from now.
        """
        ...

    async def enqueue_in(
        self,
        session: AsyncSession,
        spec: JobSpec,
        arguments: JsonObject,
        *,
        project_id: str,
        delay_s: float | None = None,
    ) -> str:
        """Start a run as part of ``session``'s transaction: it exists if that commits."""
        ...

    async def status(self, run_id: str) -> RunStatus:
        """Return where a run stands.

        Raises:
            NotFoundError: if there is no such run.
        """
        ...

    async def result(self, run_id: str, *, wait_s: float) -> RunStatus:
        """Return the run once it is final, or as it stands after ``wait_s``.

        Raises:
            NotFoundError: if there is no such run.
        """
        ...

    async def cancel(self, run_id: str) -> None:
        """Cancel a run and the step it is in; does nothing to a final one or an unknown one."""
        ...


class Run(Protocol):
    """What a job's body is given."""

    @property
    def id(self) -> str:
        """Return the run's id."""
        ...

    @property
    def project_id(self) -> str:
        """Return the project on whose behalf it runs."""
        ...

    async def step(
        self,
        name: str,
        work: Callable[[], Awaitable[JsonValue]],
        *,
        attempts: int = 1,
        backoff_s: float = 1.0,
        timeout_s: float | None = None,
    ) -> JsonValue:
        """Do ``work`` and journal its answer; a replay returns the journalled one.

        A failing ``work`` is tried ``attempts`` times in all, after ``backoff_s``, twice that, and
        so on. ``timeout_s`` bounds each attempt.
        """
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait durably: a replay waits only for what is left."""
        ...


JobBody: TypeAlias = Callable[[Run, JsonObject], Awaitable[JsonValue]]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job with its body, as the worker registers it.

    ``schedule`` starts a run by the clock (cron with five fields, UTC), once for all workers; only
    jobs of the maintenance queue have one. Its arguments are ``{"scheduled_at": <RFC 3339>}``.
    """

    spec: JobSpec
    body: JobBody
    schedule: str | None = None
