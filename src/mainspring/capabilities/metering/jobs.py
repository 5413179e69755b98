"""The durable work of metering: the comparison with what gateways counted, and GPU hours."""

from mainspring.capabilities.metering.api import CostExport, GpuBooking, ReconciliationService
from mainspring.infra.jobs import Job, JobQueue, JobSpec, JsonObject, JsonValue, Run

RECONCILIATION = JobSpec(name="metering.reconcile", queue=JobQueue.MAINTENANCE)
GPU_BOOKING = JobSpec(name="metering.book_gpu_hours", queue=JobQueue.MAINTENANCE)
COST_EXPORT = JobSpec(name="metering.export_costs", queue=JobQueue.MAINTENANCE)


def reconciliation_job(reconciliation: ReconciliationService) -> Job:
    """Return the job, which runs a few minutes after each hour; its step may be done twice."""

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def reconcile() -> JsonValue:
            return await reconciliation.reconcile()

        return {"drifted": await run.step("reconcile", reconcile, attempts=3, timeout_s=300)}

    return Job(spec=RECONCILIATION, body=body, schedule="7 * * * *")


def gpu_job(booking: GpuBooking) -> Job:
    """Return the job that books what GPU hours cost; its step may be done twice."""

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def book() -> JsonValue:
            return await booking.book()

        return {"booked": await run.step("book", book, attempts=3, timeout_s=600)}

    return Job(spec=GPU_BOOKING, body=body, schedule="12 * * * *")


def export_job(export: CostExport, schedule: str) -> Job:
    """Return the job that writes costs where tools read them; its step may be done twice."""

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def write() -> JsonValue:
            return await export.export()

        return {"days": await run.step("write", write, attempts=3, backoff_s=60, timeout_s=3600)}

    return Job(spec=COST_EXPORT, body=body, schedule=schedule)
