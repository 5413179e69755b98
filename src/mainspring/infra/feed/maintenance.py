"""The feed's own upkeep, as a durable job."""

from datetime import timedelta

from mainspring.infra.db import Database
from mainspring.infra.feed.retention import remove_tombstones
from mainspring.infra.jobs import Job, JobQueue, JobSpec, JsonObject, JsonValue, Run
from mainspring.kernel.scope import Scope

SNAPSHOT_COMPACTION = JobSpec(name="maintenance.snapshot_compaction", queue=JobQueue.MAINTENANCE)
KEEP_TOMBSTONES = timedelta(days=7)
"""A gateway that was away for longer gets a base instead of a delta and notices nothing else."""

_SELF = Scope.platform("snapshot-compaction")


def snapshot_compaction(database: Database) -> Job:
    """Return the job that removes old tombstones from the snapshot, every night."""

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        async def remove() -> JsonValue:
            async with database.session(_SELF) as session:
                return await remove_tombstones(session, older_than=KEEP_TOMBSTONES)

        return {"removed": await run.step("remove", remove, attempts=5)}

    return Job(spec=SNAPSHOT_COMPACTION, body=body, schedule="17 3 * * *")
