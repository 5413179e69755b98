"""The durable job that judges objectives, every minute."""

from mainspring.capabilities.slo.api import SloEvaluation
from mainspring.infra.jobs import Job, JobQueue, JobSpec, JsonObject, JsonValue, Run

SLO_EVALUATION = JobSpec(name="slo.evaluate", queue=JobQueue.MAINTENANCE)


def slo_job(evaluation: SloEvaluation) -> Job:
    """Return the job; its step may be done twice."""

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def evaluate() -> JsonValue:
            return await evaluation.evaluate()

        return {"open": await run.step("evaluate", evaluate, attempts=2, timeout_s=120)}

    return Job(spec=SLO_EVALUATION, body=body, schedule="* * * * *")
