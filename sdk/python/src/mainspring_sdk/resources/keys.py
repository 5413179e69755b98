"""The namespace ``keys``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.keys import CreatedKeyView, KeyView


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


class KeysResourceRaw:
    """The methods of :class:`KeysResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = KeysResource(transport)
        self.rotate = raw(plain.rotate)
        self.get = raw(plain.get)
        self.revoke = raw(plain.revoke)


class AsyncKeysResourceRaw:
    """The methods of :class:`AsyncKeysResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncKeysResource(transport)
        self.rotate = async_raw(plain.rotate)
        self.get = async_raw(plain.get)
        self.revoke = async_raw(plain.revoke)
