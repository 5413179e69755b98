"""Backups by the clock, as a durable job: one of all workers makes each."""

import asyncio
import logging
from pathlib import Path

from mainspring.app.backups import Platform, backup_name, make_backup, remove_old
from mainspring.app.blobs import blobs_of
from mainspring.app.home import Home
from mainspring.app.master_keys import held_key_ids
from mainspring.app.settings import WorkerSettings
from mainspring.infra.jobs import Job, JobQueue, JobSpec, JsonObject, JsonValue, Run
from mainspring.kernel.clock import Clock

_log = logging.getLogger(__name__)

SCHEDULED_BACKUP = JobSpec(name="maintenance.backup", queue=JobQueue.MAINTENANCE)
_TIMEOUT_S = 12 * 3600.0


def scheduled_backup(settings: WorkerSettings, directory: Path, clock: Clock) -> Job:
    """Return the job that makes a backup in ``directory`` and removes those that are too many.

    The master keys are never written there: what lies beside the backups opens none of them.
    """

    async def make() -> JsonValue:
        await asyncio.to_thread(directory.mkdir, mode=0o700, parents=True, exist_ok=True)
        path = directory / backup_name(clock.now())
        platform = Platform(
            dsn=settings.database_url,
            home=Home(settings.home),
            blobs=blobs_of(settings),
            key_ids=await asyncio.to_thread(held_key_ids, settings, settings.master_key_file),
        )
        await make_backup(platform, path, clock)
        removed = await asyncio.to_thread(remove_old, directory, settings.backup_keep)
        size = (await asyncio.to_thread(path.stat)).st_size
        _log.info("made the backup %s, %d bytes; removed %d", path, size, len(removed))
        return {"file": str(path), "bytes": size, "removed": len(removed)}

    async def body(run: Run, _arguments: JsonObject) -> JsonValue:
        return await run.step("make", make, attempts=3, backoff_s=60.0, timeout_s=_TIMEOUT_S)

    return Job(spec=SCHEDULED_BACKUP, body=body, schedule=settings.backup_schedule)
