"""The journal's own upkeep, as a durable job."""

from datetime import timedelta
from typing import Protocol

from mainspring.infra.jobs.ports import Job, JobQueue, JobSpec, JsonObject, JsonValue, Run
from mainspring.kernel.clock import Clock

JOURNAL_RETENTION = JobSpec(name="maintenance.journal_retention", queue=JobQueue.MAINTENANCE)
KEEP_RUNS = timedelta(days=30)
_AT_ONCE = 500


class Journal(Protocol):
    """What the job needs of the journal."""

    async def forget_finished(self, *, before_ms: int, at_most: int) -> int:
        """Delete up to ``at_most`` runs that ended before that Unix time; return how many."""
        ...


def journal_retention(journal: Journal, clock: Clock) -> Job:
    """Return the job that deletes runs that ended long ago, every night."""

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def first_moment_to_keep() -> JsonValue:
            return int((clock.now() - KEEP_RUNS).timestamp() * 1000)

        before_ms = await run.step("first_moment_to_keep", first_moment_to_keep)
        if not isinstance(before_ms, int):
            raise TypeError("the journal returned another type than it was given")

        async def forget() -> JsonValue:
            return await journal.forget_finished(before_ms=before_ms, at_most=_AT_ONCE)

        total = 0
        while (removed := await run.step("forget", forget, attempts=5)) and isinstance(
            removed, int
        ):
            total += removed
        return {"removed": total}

    return Job(spec=JOURNAL_RETENTION, body=body, schedule="47 3 * * *")
