"""Starts and watches runs from any process; executes nothing."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from dbos import DBOSClient, EnqueueOptions, WorkflowHandle, WorkflowHandleAsync, WorkflowStatus
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.infra.db.database import unavailable_when_unreachable
from mainspring.infra.jobs.engine import (
    APPLICATION,
    PARTITIONED,
    SCHEMA,
    SERIALIZER,
    journal_engine,
    quiet_engine_log,
)
from mainspring.infra.jobs.ports import JobSpec, JsonObject, RunState, RunStatus
from mainspring.infra.jobs.watching import TRACE_ARGUMENT
from mainspring.infra.telemetry.tracing import current_parent
from mainspring.kernel.errors import NotFoundError
from mainspring.kernel.ids import new_id

_STATES = {
    "DELAYED": RunState.WAITING,
    "ENQUEUED": RunState.WAITING,
    "PENDING": RunState.RUNNING,
    "SUCCESS": RunState.SUCCEEDED,
    "ERROR": RunState.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": RunState.FAILED,
    "CANCELLED": RunState.CANCELLED,
}
_POLL_S = 0.1
_WAITING = text(
    f"SELECT queue_name, count(*) FROM {SCHEMA}.workflow_status"  # noqa: S608 - a constant of ours
    " WHERE status IN ('ENQUEUED', 'DELAYED') AND queue_name IS NOT NULL GROUP BY queue_name"
)


class DbosJobs:
    """The port :class:`~mainspring.infra.jobs.ports.Jobs` over DBOS's journal.

    Nothing connects before the first call, so a process may start while the database is away; the
    journal's schema must exist by then (:func:`~mainspring.infra.jobs.engine.migrate_journal`).
    """

    def __init__(self, dsn: str, *, role: str, connections: int = 4) -> None:
        quiet_engine_log()
        self._engine = journal_engine(dsn, role=role, size=connections)
        self._client = DBOSClient(
            system_database_engine=self._engine,
            dbos_system_schema=SCHEMA,
            serializer=SERIALIZER,
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,
        )

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.to_thread(self._client.destroy)
        await asyncio.to_thread(self._engine.dispose)

    async def enqueue(
        self,
        spec: JobSpec,
        arguments: JsonObject,
        *,
        project_id: str,
        dedup_id: str | None = None,
        delay_s: float | None = None,
    ) -> str:
        """See :meth:`~mainspring.infra.jobs.ports.Jobs.enqueue`."""
        options = _options(spec, project_id, delay_s)
        if dedup_id is not None:
            options["deduplication_id"] = dedup_id
            options["duplication_policy"] = "return-existing"
        with unavailable_when_unreachable():
            handle: WorkflowHandleAsync[Any] = await self._client.enqueue_async(
                options, _with_parent(arguments), project_id
            )
        return handle.get_workflow_id()

    async def enqueue_in(
        self,
        session: AsyncSession,
        spec: JobSpec,
        arguments: JsonObject,
        *,
        project_id: str,
        delay_s: float | None = None,
    ) -> str:
        """See :meth:`~mainspring.infra.jobs.ports.Jobs.enqueue_in`."""
        options = _options(spec, project_id, delay_s)
        arguments = _with_parent(arguments)

        def insert(connection: Connection) -> str:
            handle: WorkflowHandle[Any] = self._client.enqueue_in_transaction(
                connection, options, arguments, project_id
            )
            return handle.get_workflow_id()

        return await (await session.connection()).run_sync(insert)

    async def status(self, run_id: str) -> RunStatus:
        """See :meth:`~mainspring.infra.jobs.ports.Jobs.status`."""
        with unavailable_when_unreachable():
            found = await self._client.list_workflows_async(workflow_ids=[run_id])
        if not found:
            raise NotFoundError(f"there is no run {run_id}")
        return _status(found[0])

    async def result(self, run_id: str, *, wait_s: float) -> RunStatus:
        """See :meth:`~mainspring.infra.jobs.ports.Jobs.result`."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait_s
        while True:
            status = await self.status(run_id)
            if status.state.is_final or loop.time() >= deadline:
                return status
            await asyncio.sleep(_POLL_S)

    async def cancel(self, run_id: str) -> None:
        """See :meth:`~mainspring.infra.jobs.ports.Jobs.cancel`."""
        with unavailable_when_unreachable():
            await self._client.cancel_workflow_async(run_id)

    async def waiting(self) -> dict[str, int]:
        """Return how many runs wait in each queue that has some."""

        def count() -> dict[str, int]:
            with self._engine.connect() as connection:
                return {str(name): int(number) for name, number in connection.execute(_WAITING)}

        with unavailable_when_unreachable():
            return await asyncio.to_thread(count)

    async def forget_finished(self, *, before_ms: int, at_most: int) -> int:
        """Delete up to ``at_most`` runs that ended before that Unix time; return how many."""
        before = datetime.fromtimestamp(before_ms / 1000, UTC).isoformat()
        with unavailable_when_unreachable():
            found = await self._client.list_workflows_async(
                completed_before=before, limit=at_most, load_input=False, load_output=False
            )
            if found:
                await self._client.delete_workflows_async([run.workflow_id for run in found])
        return len(found)


def _with_parent(arguments: JsonObject) -> JsonObject:
    """Return ``arguments`` and beside them the span that starts the run, if there is one."""
    parent = current_parent()
    return arguments if parent is None else {**arguments, TRACE_ARGUMENT: parent}


def _options(spec: JobSpec, project_id: str, delay_s: float | None) -> EnqueueOptions:
    options = EnqueueOptions(
        workflow_name=spec.name, queue_name=spec.queue, workflow_id=new_id("job")
    )
    if spec.queue in PARTITIONED:
        options["queue_partition_key"] = project_id
    if spec.timeout_s is not None:
        options["workflow_timeout"] = spec.timeout_s
    if delay_s is not None:
        options["delay_seconds"] = delay_s
    return options


def _status(found: WorkflowStatus) -> RunStatus:
    return RunStatus(
        id=found.workflow_id,
        job=found.name,
        state=_STATES[found.status],
        project_id=_project(found),
        created_at_ms=found.created_at or 0,
        started_at_ms=found.dequeued_at,
        finished_at_ms=found.completed_at,
        executor_id=found.executor_id,
        attempts=found.recovery_attempts or 0,
        output=found.output,
        error=_error(found),
    )


def _project(found: WorkflowStatus) -> str:
    arguments: tuple[Any, ...] = tuple(found.input["args"]) if found.input else ()
    return str(arguments[1]) if len(arguments) > 1 else ""


def _error(found: WorkflowStatus) -> str | None:
    if found.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        return "it ended with its process too often"
    if found.error is None:
        return None
    name = getattr(found.error, "name", type(found.error).__name__)
    return f"{name}: {found.error}"
