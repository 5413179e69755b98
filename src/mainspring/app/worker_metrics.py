"""The worker's own metrics."""

import asyncio

from mainspring.app.settings import WorkerSettings
from mainspring.app.tracing import Spans
from mainspring.infra.jobs import JobQueue
from mainspring.infra.jobs.client import DbosJobs
from mainspring.infra.jobs.executor import JobExecutor
from mainspring.infra.telemetry.host import add_host
from mainspring.infra.telemetry.process import add_process
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.wire import telemetry
from mainspring.wire.exposition import MetricsPage

_DEADLINE_S = 2.0


class WorkerMetrics:
    """What one worker shows."""

    def __init__(
        self,
        settings: WorkerSettings,
        executor: JobExecutor,
        journal: DbosJobs,
        spans: Spans,
    ) -> None:
        self._settings = settings
        self._executor = executor
        self._journal = journal
        self._spans = spans

    async def expose(self) -> bytes:
        """Return the page; without its database it lacks only what waits in queues."""
        page = MetricsPage()
        page.single(telemetry.JOBS_RUNNING, self._executor.running)
        page.samples(telemetry.JOBS_FINISHED, sorted(self._executor.finished.items()))
        page.by_label(telemetry.SPANS_DROPPED, self._spans.dropped)
        page.by_label(telemetry.JOBS_WAITING, await self._waiting())
        if self._settings.host_metrics:
            await asyncio.to_thread(add_host, page, self._settings.home)
        add_process(page, role="worker")
        return page.encode()

    async def _waiting(self) -> dict[str, int]:
        try:
            async with asyncio.timeout(_DEADLINE_S):
                waiting = await self._journal.waiting()
        except (DatabaseUnavailableError, TimeoutError):
            return {}
        # A queue of an older release is none that a dashboard knows.
        return {queue.value: waiting.get(queue.value, 0) for queue in JobQueue}
