"""What the control plane does by itself, again and again."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta

from mainspring import __version__
from mainspring.capabilities.audit.api import AuditService
from mainspring.capabilities.batches.api import BatchService
from mainspring.capabilities.calls.api import CallService
from mainspring.capabilities.conversations.api import ConversationService
from mainspring.capabilities.files.api import FileService
from mainspring.capabilities.fleet.api import FleetService
from mainspring.capabilities.identity.api import SignInService
from mainspring.capabilities.metering.api import MeteringService
from mainspring.capabilities.oauth.api import TokenIssuing
from mainspring.capabilities.oversight.api import ChangeService, EmergencyService
from mainspring.capabilities.releases.api import CanaryWatch
from mainspring.infra.db import Database
from mainspring.infra.feed import SnapshotFeed, remove_tombstones
from mainspring.infra.idempotency import IdempotencyRegister
from mainspring.infra.secrets import Sealer
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import Scope
from mainspring.wire.records import HELD_KEYS, Heartbeat

_log = logging.getLogger(__name__)

_SELF = Scope.platform("housekeeping")
_CLEAN_EVERY_S = 600.0
_BEAT_EVERY_S = 3.0
_TOMBSTONES_FOR = timedelta(hours=24)
"""A gateway that was away for longer gets a base instead of a delta."""


class Housekeeping:
    """Two loops: a heartbeat of this process, and the removal of what is over.

    Both go on while the database is away.
    """

    def __init__(
        self,
        *,
        database: Database,
        feed: SnapshotFeed,
        metering: MeteringService,
        conversations: ConversationService,
        files: FileService,
        batches: BatchService,
        calls: CallService,
        audit: AuditService,
        sign_in: SignInService,
        fleet: FleetService,
        idempotency: IdempotencyRegister,
        issuing: TokenIssuing,
        canaries: CanaryWatch,
        changes: ChangeService,
        emergencies: EmergencyService,
        sealer: Sealer,
        clock: Clock,
        port: int,
    ) -> None:
        self._idempotency = idempotency
        self._sealer = sealer
        self._issuing = issuing
        self._canaries = canaries
        self._changes = changes
        self._emergencies = emergencies
        self._database = database
        self._feed = feed
        self._metering = metering
        self._conversations = conversations
        self._files = files
        self._batches = batches
        self._calls = calls
        self._audit = audit
        self._sign_in = sign_in
        self._fleet = fleet
        self._instance_id = new_id("ins")
        self._port = port
        self._started_at_ms = round(clock.now().timestamp() * 1000)

    async def beat_for_ever(self) -> None:
        """Tell every few seconds that this process lives."""
        await _for_ever(lambda: self.beat("ready"), _BEAT_EVERY_S)

    async def clean_for_ever(self) -> None:
        """Remove what is over, and make room for the days ahead, every ten minutes."""
        await _for_ever(self.clean, _CLEAN_EVERY_S)

    async def beat(self, state: str) -> None:
        """Tell once how this process is."""
        heartbeat = Heartbeat(
            instance_id=self._instance_id,
            role="control",
            name="control",
            state=state,
            version=__version__,
            started_at_ms=self._started_at_ms,
            details={
                "pid": os.getpid(),
                "port": self._port,
                "snapshot_version": max(self._feed.version, 0),
                HELD_KEYS: " ".join(self._sealer.key_ids),
            },
        )
        await self._fleet.hear([heartbeat])
        if state == "ready":
            # Within seconds: whoever watches the metric is not told late, nor of one that is over.
            await self._emergencies.present()
            await self._emergencies.end_overdue()

    async def clean(self) -> None:
        """Do each chore once."""
        await self._metering.prepare_days()
        await self._metering.drop_old()
        await self._calls.keep_house()
        await self._audit.prepare_months()
        await self._audit.drop_old()
        await self._audit.note_anchors()
        await self._sign_in.remove_ended()
        await self._changes.end_overdue()
        await self._issuing.tend()
        await self._fleet.forget_silent()
        await self._idempotency.forget_old()
        await self._conversations.remove_expired()
        await self._files.sweep()
        await self._batches.close_overdue()
        await self._canaries.forget_old()
        async with self._database.session(_SELF) as session:
            await remove_tombstones(session, older_than=_TOMBSTONES_FOR)


async def _for_ever(step: Callable[[], Awaitable[None]], every_s: float) -> None:
    while True:
        try:
            await step()
        except DatabaseUnavailableError:
            _log.debug("housekeeping waits for the database")
        await asyncio.sleep(every_s)
