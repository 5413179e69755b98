"""The worker's notifier: it needs master keys, and waits for them."""

import asyncio
import logging
from collections.abc import Sequence

from mainspring.app.alerting import WaysOut
from mainspring.app.settings import WorkerSettings
from mainspring.capabilities.alerts.api import Notifier
from mainspring.capabilities.alerts.store import PostgresAlertStore
from mainspring.infra.db import Database
from mainspring.infra.secrets import KeyFileError, KeyFollower, Sealer, open_keys
from mainspring.infra.secrets.following import FOLLOWED_EVERY_S
from mainspring.kernel.clock import Clock
from mainspring.kernel.tasks import TaskOwner

_log = logging.getLogger(__name__)


class Notifying:
    """Runs a notifier once there are master keys, and follows these.

    Without them messages wait, for this worker's keys or for another worker; everything else that
    a worker does goes on.
    """

    def __init__(self, settings: WorkerSettings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._sealer: Sealer | None = None

    @property
    def key_ids(self) -> Sequence[str]:
        """Return the ids of the master keys that are held."""
        return () if self._sealer is None else self._sealer.key_ids

    async def run(self) -> None:
        """Notify until cancelled."""
        sealer, follower = await self._open()
        self._sealer = sealer
        ways = WaysOut(self._settings)
        tasks = TaskOwner(lambda name, error: _log.error("%s ended", name, exc_info=error))
        try:
            tasks.start(follower.run(), name="master-keys")
            courier = ways.courier(sealer, self._clock)
            store = PostgresAlertStore(self._database)
            await Notifier(store, courier, self._clock).run()
        finally:
            await tasks.close()
            await ways.close()

    async def _open(self) -> tuple[Sealer, KeyFollower]:
        told = False
        while True:
            try:
                source = open_keys(self._settings, self._settings.master_key_file)
                sealer = await asyncio.to_thread(Sealer.of, source)
            except (KeyFileError, OSError) as error:
                if not told:
                    _log.warning("notifications wait for master keys: %s", error)
                told = True
                await asyncio.sleep(FOLLOWED_EVERY_S)
            else:
                return sealer, KeyFollower(source, sealer)
