"""The durable job that ends what is over, every minute."""

from mainspring.capabilities.selfservice.api import GrantExpiry
from mainspring.infra.jobs import Job, JobQueue, JobSpec, JsonObject, JsonValue, Run

GRANTS_END = JobSpec(name="selfservice.end_grants", queue=JobQueue.MAINTENANCE)


def grants_job(expiry: GrantExpiry) -> Job:
    """Return the job; its step may be done twice, what has ended stays so."""

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def end() -> JsonValue:
            return await expiry.end_due()

        return {"ended": await run.step("end", end, attempts=3)}

    return Job(spec=GRANTS_END, body=body, schedule="* * * * *")
