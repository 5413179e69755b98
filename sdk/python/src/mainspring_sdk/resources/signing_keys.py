"""The namespace ``signing_keys``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport


class SigningKeysResource:
    """What is under ``signing_keys``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SigningKeysResourceRaw":
        """Return the same methods, with the whole answer."""
        return SigningKeysResourceRaw(self._transport.raw())

    def rotate(
        self,
        *,
        timeout: float | None = None,
    ) -> None:
        """Replace the keys that sign tokens at once: every token of the platform's own ends.

        ``POST /api/v1/signing-keys/rotate``; needs ``signing_key:rotate``.
        """
        self._transport.run(
            Call(method="POST", path="/api/v1/signing-keys/rotate", timeout=timeout)
        )


class AsyncSigningKeysResource:
    """What is under ``signing_keys``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSigningKeysResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSigningKeysResourceRaw(self._transport.raw())

    async def rotate(
        self,
        *,
        timeout: float | None = None,
    ) -> None:
        """Replace the keys that sign tokens at once: every token of the platform's own ends.

        ``POST /api/v1/signing-keys/rotate``; needs ``signing_key:rotate``.
        """
        await self._transport.run(
            Call(method="POST", path="/api/v1/signing-keys/rotate", timeout=timeout)
        )


class SigningKeysResourceRaw:
    """The methods of :class:`SigningKeysResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SigningKeysResource(transport)
        self.rotate = raw(plain.rotate)


class AsyncSigningKeysResourceRaw:
    """The methods of :class:`AsyncSigningKeysResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSigningKeysResource(transport)
        self.rotate = async_raw(plain.rotate)
