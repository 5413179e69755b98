"""A batch's calls, made through the gateway under a delegated identity."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from mainspring.capabilities.batches.api import Answered, Batch, NotAnsweredError
from mainspring.infra.secrets import load_or_create_token
from mainspring.infra.telemetry.tracing import done_for, trace_headers
from mainspring.kernel.clock import Clock
from mainspring.wire.delegation import DelegatedIdentity, mint_delegated_token

_LIFETIME_S = 900
_TIMEOUT = httpx.Timeout(connect=5.0, read=620.0, write=60.0, pool=30.0)
"""Longer than the gateway's own: it is the one that gives up on a model's server."""
_MAX_ANSWER_BYTES = 16 * 1024 * 1024


class GatewayCalls:
    """Speaks to the gateway as whoever made the batch; the key's limits and rights hold."""

    def __init__(self, gateway_url: str, internal_token_file: Path, clock: Clock) -> None:
        self._url = gateway_url.rstrip("/")
        self._token_file = internal_token_file
        self._clock = clock
        self._client: httpx.AsyncClient | None = None

    @asynccontextmanager
    async def open(self) -> AsyncGenerator["GatewayCalls"]:
        """Hold connections for the length of a block."""
        opened = GatewayCalls(self._url, self._token_file, self._clock)
        # No proxy of the environment may stand between our own processes.
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
            opened._client = client
            yield opened

    async def call(self, batch: Batch, request_id: str, body: bytes) -> Answered:
        """Make one call under ``request_id``.

        Raises:
            NotAnsweredError: if there was no complete answer.
            KeyFileError: if the token by which our processes know each other cannot be read.
        """
        if self._client is None:
            raise RuntimeError("open() comes first")
        done_for(batch.org_id, batch.project_id)
        identity = DelegatedIdentity(
            org_id=batch.org_id,
            project_id=batch.project_id,
            actor_id=batch.actor_id,
            key_id=batch.key_id,
            expires_at=int(self._clock.now().timestamp()) + _LIFETIME_S,
            request_id=request_id,
            batch=True,
        )
        secret = load_or_create_token(self._token_file).encode()
        headers = {
            "authorization": f"Bearer {mint_delegated_token(identity, secret)}",
            "content-type": "application/json",
            **trace_headers(),
        }
        try:
            return await self._answered(self._client, f"{self._url}{batch.endpoint}", body, headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotAnsweredError(type(error).__name__, made=False) from error
        except httpx.HTTPError as error:
            raise NotAnsweredError(type(error).__name__, made=True) from error

    async def _answered(
        self, client: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str]
    ) -> Answered:
        async with client.stream("POST", url, content=body, headers=headers) as answer:
            pieces = bytearray()
            async for piece in answer.aiter_bytes():
                pieces += piece
                if len(pieces) > _MAX_ANSWER_BYTES:
                    return Answered(200, b"an answer beyond the bound")
            wait = answer.headers.get("retry-after", "")
            return Answered(
                answer.status_code, bytes(pieces), float(wait) if wait.isdigit() else None
            )
