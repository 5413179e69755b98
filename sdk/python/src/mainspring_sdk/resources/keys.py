"""The namespace ``keys``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.keys import CreatedKeyView, KeyView
from mainspring_sdk.models.shared import LimitsBody


class KeysResource:
    """What is under ``keys``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "KeysResourceRaw":
        """Return the same methods, with the whole answer."""
        return KeysResourceRaw(self._transport.raw())

    def rotate(
        self,
        key_id: str,
        *,
        overlap_s: int | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedKeyView:
        """Make a key like this one; the old one ends when the overlap is over.

        ``POST /api/v1/keys/{key_id}/rotate``; needs ``key:write``.

        Args:
            overlap_s: For so many seconds both keys work.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/keys/{}/rotate", key_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"overlap_s": overlap_s}),
                timeout=timeout,
            ),
            CreatedKeyView,
        )

    def get(
        self,
        key_id: str,
        *,
        timeout: float | None = None,
    ) -> KeyView:
        """Read one key.

        ``GET /api/v1/keys/{key_id}``; needs ``key:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/keys/{}", key_id), timeout=timeout), KeyView
        )

    def revoke(
        self,
        key_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Revoke a key; every gateway refuses it within moments.

        ``DELETE /api/v1/keys/{key_id}``; needs ``key:revoke``.
        """
        self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/keys/{}", key_id), timeout=timeout)
        )

    def update(
        self,
        key_id: str,
        *,
        name: str | UnsetType = UNSET,
        scopes: Sequence[
            Literal[
                "model:call",
                "models:read",
                "chat:write",
                "completions:write",
                "embeddings:write",
                "moderations:write",
                "rerank:write",
                "images:write",
                "audio:write",
                "passthrough:call",
            ]
        ]
        | UnsetType = UNSET,
        models: Sequence[str] | UnsetType | None = UNSET,
        expires_at: datetime | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> KeyView:
        """Change a key's name, scopes, models, limits or expiry; gateways follow within moments.

        ``PATCH /api/v1/keys/{key_id}``; needs ``key:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/keys/{}", key_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "scopes": scopes,
                        "models": models,
                        "expires_at": expires_at,
                        "limits": limits,
                    }
                ),
                timeout=timeout,
            ),
            KeyView,
        )


class AsyncKeysResource:
    """What is under ``keys``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncKeysResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncKeysResourceRaw(self._transport.raw())

    async def rotate(
        self,
        key_id: str,
        *,
        overlap_s: int | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedKeyView:
        """Make a key like this one; the old one ends when the overlap is over.

        ``POST /api/v1/keys/{key_id}/rotate``; needs ``key:write``.

        Args:
            overlap_s: For so many seconds both keys work.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/keys/{}/rotate", key_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"overlap_s": overlap_s}),
                timeout=timeout,
            ),
            CreatedKeyView,
        )

    async def get(
        self,
        key_id: str,
        *,
        timeout: float | None = None,
    ) -> KeyView:
        """Read one key.

        ``GET /api/v1/keys/{key_id}``; needs ``key:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/keys/{}", key_id), timeout=timeout), KeyView
        )

    async def revoke(
        self,
        key_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Revoke a key; every gateway refuses it within moments.

        ``DELETE /api/v1/keys/{key_id}``; needs ``key:revoke``.
        """
        await self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/keys/{}", key_id), timeout=timeout)
        )

    async def update(
        self,
        key_id: str,
        *,
        name: str | UnsetType = UNSET,
        scopes: Sequence[
            Literal[
                "model:call",
                "models:read",
                "chat:write",
                "completions:write",
                "embeddings:write",
                "moderations:write",
                "rerank:write",
                "images:write",
                "audio:write",
                "passthrough:call",
            ]
        ]
        | UnsetType = UNSET,
        models: Sequence[str] | UnsetType | None = UNSET,
        expires_at: datetime | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> KeyView:
        """Change a key's name, scopes, models, limits or expiry; gateways follow within moments.

        ``PATCH /api/v1/keys/{key_id}``; needs ``key:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/keys/{}", key_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "scopes": scopes,
                        "models": models,
                        "expires_at": expires_at,
                        "limits": limits,
                    }
                ),
                timeout=timeout,
            ),
            KeyView,
        )


class KeysResourceRaw:
    """The methods of :class:`KeysResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = KeysResource(transport)
        self.rotate = raw(plain.rotate)
        self.get = raw(plain.get)
        self.revoke = raw(plain.revoke)
        self.update = raw(plain.update)


class AsyncKeysResourceRaw:
    """The methods of :class:`AsyncKeysResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncKeysResource(transport)
        self.rotate = async_raw(plain.rotate)
        self.get = async_raw(plain.get)
        self.revoke = async_raw(plain.revoke)
        self.update = async_raw(plain.update)
