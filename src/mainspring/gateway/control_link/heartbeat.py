"""Telling control every two seconds that this gateway runs."""

import asyncio
import logging
from collections.abc import Callable

import msgspec

from mainspring.gateway.control_link.client import ControlAwayError, ControlClient
from mainspring.wire.records import Heartbeat, HeartbeatBatch

_log = logging.getLogger(__name__)

HEARTBEATS_PATH = "/internal/v1/heartbeats"
INTERVAL_S = 2.0


class HeartbeatPoster:
    """Posts what ``describe`` says; a lost heartbeat is not sent again, the next one is newer."""

    def __init__(self, client: ControlClient, describe: Callable[[], Heartbeat]) -> None:
        self._client = client
        self._describe = describe

    async def run(self) -> None:
        """Post until cancelled."""
        while True:
            await self.post()
            await asyncio.sleep(INTERVAL_S)

    async def post(self) -> None:
        """Post once; whether control is there does not matter."""
        body = msgspec.msgpack.encode(HeartbeatBatch([self._describe()]))
        try:
            status, _ = await self._client.post(HEARTBEATS_PATH, body)
        except ControlAwayError as error:
            _log.debug("heartbeat not delivered: %s", error)
        else:
            if status >= 300:
                _log.warning("control answered a heartbeat by %d", status)
