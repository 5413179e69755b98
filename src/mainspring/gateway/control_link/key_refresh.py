"""Asking control for the newer keys of token issuers; they come back in the snapshot."""

import logging

import msgspec

from mainspring.gateway.control_link.client import ControlAwayError, ControlClient
from mainspring.wire.records import KeyRefreshRequest

_log = logging.getLogger(__name__)

KEY_REFRESH_PATH = "/internal/v1/token-issuers/refresh"


class KeyRefresh:
    """Tells control whose keys are wanted. Fails open: control also looks by itself."""

    def __init__(self, client: ControlClient) -> None:
        self._client = client

    async def ask(self, issuer_ids: list[str]) -> None:
        """Ask for the keys of these issuers."""
        body = msgspec.msgpack.encode(KeyRefreshRequest(issuer_ids))
        try:
            status, _ = await self._client.post(KEY_REFRESH_PATH, body)
        except ControlAwayError as error:
            _log.warning("could not ask for newer keys of token issuers: %s", error)
            return
        if status >= 300:
            _log.warning("control answered %d to the wish for newer keys", status)
