"""The worker: executes durable jobs, keeps itself in the register, tells control how it is."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import msgspec

from mainspring import __version__
from mainspring.app.alerting import DriftAlerts, SloAlerts
from mainspring.app.backup_job import scheduled_backup
from mainspring.app.batch_calls import GatewayCalls
from mainspring.app.blobs import blobs_of, store_at
from mainspring.app.ledger_sides import LedgerNames
from mainspring.app.metrics_listener import MetricsListener
from mainspring.app.notifying import Notifying
from mainspring.app.settings import WorkerSettings
from mainspring.app.slo_measures import LedgerMeasures
from mainspring.app.tracing import Spans, TracedRuns
from mainspring.app.worker_metrics import WorkerMetrics
from mainspring.capabilities.alerts.api import AlertService
from mainspring.capabilities.alerts.store import PostgresAlertStore
from mainspring.capabilities.batches.api import BatchWork
from mainspring.capabilities.batches.jobs import batch_job
from mainspring.capabilities.batches.store import PostgresBatchStore
from mainspring.capabilities.calls.api import CallService
from mainspring.capabilities.calls.store import PostgresCallStore
from mainspring.capabilities.files.api import FileService
from mainspring.capabilities.files.store import PostgresFileStore
from mainspring.capabilities.identity.api import KeyService
from mainspring.capabilities.identity.store import PostgresIdentityStore
from mainspring.capabilities.metering.api import (
    CostExport,
    CostService,
    GpuBooking,
    MeteringService,
    ReconciliationService,
)
from mainspring.capabilities.metering.jobs import export_job, gpu_job, reconciliation_job
from mainspring.capabilities.metering.store import (
    PostgresGpuStore,
    PostgresTallyStore,
    PostgresUsageFeed,
    PostgresUsageStore,
)
from mainspring.capabilities.selfservice.api import GrantExpiry
from mainspring.capabilities.selfservice.jobs import grants_job
from mainspring.capabilities.selfservice.store import PostgresGrantStore, PostgresRequestStore
from mainspring.capabilities.slo.api import SloEvaluation
from mainspring.capabilities.slo.jobs import slo_job
from mainspring.capabilities.slo.store import PostgresSloStore
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.capabilities.tenancy.store import PostgresTenancyStore
from mainspring.infra.db import Database, migrate
from mainspring.infra.feed.maintenance import snapshot_compaction
from mainspring.infra.jobs import Job
from mainspring.infra.jobs.client import DbosJobs
from mainspring.infra.jobs.engine import migrate_journal
from mainspring.infra.jobs.executor import JobExecutor
from mainspring.infra.jobs.maintenance import journal_retention
from mainspring.infra.secrets import KeyFileError, load_or_create_token
from mainspring.kernel.clock import Clock, SystemClock
from mainspring.kernel.ids import new_id
from mainspring.kernel.tasks import TaskOwner
from mainspring.wire.records import HELD_KEYS, Heartbeat, HeartbeatBatch

_log = logging.getLogger(__name__)

ROLE = "worker"
HEARTBEAT_S = 2.0
DRAIN_S = 20.0
"""How long runs under way may take to end at an orderly stop; the rest are taken over."""

_HTTP_TIMEOUT_S = 5.0

JobFactory = Callable[[Database, DbosJobs, Clock], Sequence[Job]]


def platform_jobs(settings: WorkerSettings) -> JobFactory:
    """Return what makes the platform's jobs; what a capability contributes is added here."""

    def make(database: Database, journal: DbosJobs, clock: Clock) -> Sequence[Job]:
        files = FileService(PostgresFileStore(database), blobs_of(settings), clock)
        calls = GatewayCalls(settings.gateway_url, settings.internal_token_file, clock)
        work = BatchWork(PostgresBatchStore(database, journal), files, calls, clock)
        tenancy = TenancyService(PostgresTenancyStore(database), clock)
        keys = KeyService(PostgresIdentityStore(database), tenancy, clock)
        usage = PostgresUsageStore(database)
        feed = PostgresUsageFeed(usage, settings.database_url)  # nobody follows it here
        ledger = MeteringService(usage, feed, tenancy, clock)
        expiry = GrantExpiry(
            PostgresRequestStore(database), PostgresGrantStore(database), keys, clock
        )
        alerts = AlertService(PostgresAlertStore(database), tenancy, clock)
        evaluation = SloEvaluation(
            PostgresSloStore(database),
            LedgerMeasures(ledger),
            clock,
            telling=SloAlerts(alerts),
        )
        reconciliation = ReconciliationService(
            PostgresTallyStore(database),
            clock,
            tolerance=settings.ledger_tolerance,
            telling=DriftAlerts(alerts),
        )
        jobs = [
            grants_job(expiry),
            snapshot_compaction(database),
            journal_retention(journal, clock),
            batch_job(work),
            slo_job(evaluation),
            reconciliation_job(reconciliation),
            gpu_job(GpuBooking(PostgresGpuStore(database), clock)),
        ]
        if settings.cost_export_url is not None:
            store = store_at(settings, settings.cost_export_url)
            names = LedgerNames(tenancy, keys, catalog=None)
            export = CostExport(CostService(usage, tenancy, clock, names=names), store, clock)
            jobs.append(export_job(export, settings.cost_export_schedule))
        if settings.backup_directory is not None:
            jobs.append(scheduled_backup(settings, settings.backup_directory, clock))
        return jobs

    return make


async def run(
    settings: WorkerSettings, *, ready: Callable[[], None], jobs: JobFactory | None = None
) -> None:
    """Execute jobs until cancelled; call ``ready`` once executing.

    Cancellation stops in order: no new runs, ``DRAIN_S`` for those under way, then out of the
    register. ``jobs`` makes the jobs, by default the platform's; tests pass their own.

    Raises:
        DatabaseUnavailableError: if the database cannot be reached at the start. Later losses are
            waited out.
        OSError: if the address for metrics cannot be had.
    """
    dsn, clock = settings.database_url, SystemClock()
    await asyncio.to_thread(migrate, dsn)
    await asyncio.to_thread(migrate_journal, dsn)
    instance_id = settings.instance_id or socket.gethostname()
    database = Database(dsn, role=ROLE)
    journal = DbosJobs(dsn, role=ROLE)
    calls = CallService(
        PostgresCallStore(database), TenancyService(PostgresTenancyStore(database), clock), clock
    )
    spans = Spans(ROLE, settings, calls.ingest)
    # An instance that restarts keeps its name; an executor is one process and never comes back.
    executor = JobExecutor(
        dsn,
        executor_id=f"{instance_id}/{new_id('ins')}",
        jobs=(jobs or platform_jobs(settings))(database, journal, clock),
        watch=TracedRuns(spans),
    )
    tasks = TaskOwner(lambda name, error: _log.error("%s ended", name, exc_info=error))
    listener = MetricsListener(WorkerMetrics(settings, executor, journal, spans).expose)
    try:
        if settings.metrics_port is not None:
            await listener.start(settings.metrics_host, settings.metrics_port)
        await executor.start()
        notifying = Notifying(settings, database, clock)
        tasks.start(notifying.run(), name="notifications")
        tasks.start(spans.run(), name="span-exporter")
        tasks.start(spans.keep(), name="span-store")
        heart = _Heart(settings, instance_id, executor, notifying, clock)
        tasks.start(heart.beat(), name="worker-heartbeats")
        ready()
        await asyncio.Event().wait()
    finally:
        await tasks.close()
        await listener.stop()
        await executor.stop(within_s=DRAIN_S)
        await spans.close()
        await journal.close()
        await database.close()


class _Heart:
    """Tells control every two seconds how this worker is; control may be away."""

    def __init__(
        self,
        settings: WorkerSettings,
        instance_id: str,
        executor: JobExecutor,
        notifying: Notifying,
        clock: Clock,
    ) -> None:
        self._url = settings.control_url
        self._token_file: Path = settings.internal_token_file
        self._instance_id = instance_id
        self._executor = executor
        self._notifying = notifying
        self._started_at_ms = int(clock.now().timestamp() * 1000)

    async def beat(self) -> None:
        # The token is nothing for a proxy that the environment names.
        async with httpx.AsyncClient(
            base_url=self._url, timeout=_HTTP_TIMEOUT_S, trust_env=False
        ) as client:
            while True:
                await self._post(client)
                await asyncio.sleep(HEARTBEAT_S)

    async def _post(self, client: httpx.AsyncClient) -> None:
        heartbeat = Heartbeat(
            instance_id=self._instance_id,
            role=ROLE,
            name=self._instance_id,
            state="ready",
            version=__version__,
            started_at_ms=self._started_at_ms,
            details={
                "pid": os.getpid(),
                "executor_id": self._executor.executor_id,
                "running": self._executor.running,
                **({HELD_KEYS: " ".join(held)} if (held := self._notifying.key_ids) else {}),
            },
        )
        try:
            token = load_or_create_token(self._token_file)
            await client.post(
                "/internal/v1/heartbeats",
                content=msgspec.msgpack.encode(HeartbeatBatch([heartbeat])),
                headers={
                    "Authorization": f"Bearer {token}",
                    "Content-Type": "application/msgpack",
                },
            )
        except (httpx.HTTPError, KeyFileError):
            return  # a heartbeat is about now: nothing is kept for later
