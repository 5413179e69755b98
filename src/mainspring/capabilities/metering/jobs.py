"""The durable work of metering: the comparison with what gateways counted."""

from mainspring.capabilities.metering.api import ReconciliationService
from mainspring.infra.jobs import Job, JobQueue, JobSpec, JsonObject, JsonValue, Run

RECONCILIATION = JobSpec(name="metering.reconcile", queue=JobQueue.MAINTENANCE)


def reconciliation_job(reconciliation: ReconciliationService) -> Job:
    """Return the job, which runs a few minutes after each hour; its step may be done twice."""

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def reconcile() -> JsonValue:
            return await reconciliation.reconcile()

        return {"drifted": await run.step("reconcile", reconcile, attempts=3, timeout_s=300)}

    return Job(spec=RECONCILIATION, body=body, schedule="7 * * * *")
