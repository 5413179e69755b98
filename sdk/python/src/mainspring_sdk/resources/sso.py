"""The namespace ``sso``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.identity import SignedOut
from mainspring_sdk.resources.sso_ways import AsyncSsoWaysResource, SsoWaysResource


class SsoResource:
    """What is under ``sso``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.ways = SsoWaysResource(transport)

    @property
    def with_raw_response(self) -> "SsoResourceRaw":
        """Return the same methods, with the whole answer."""
        return SsoResourceRaw(self._transport.raw())

    def sign_out_everywhere(
        self,
        *,
        timeout: float | None = None,
    ) -> SignedOut:
        """Sign out here; the answer says where the browser ends the session at the provider.

        ``POST /api/v1/sso/sign-out``; for whoever is signed in.
        """
        return self._transport.call(
            Call(method="POST", path="/api/v1/sso/sign-out", timeout=timeout), SignedOut
        )


class AsyncSsoResource:
    """What is under ``sso``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.ways = AsyncSsoWaysResource(transport)

    @property
    def with_raw_response(self) -> "AsyncSsoResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSsoResourceRaw(self._transport.raw())

    async def sign_out_everywhere(
        self,
        *,
        timeout: float | None = None,
    ) -> SignedOut:
        """Sign out here; the answer says where the browser ends the session at the provider.

        ``POST /api/v1/sso/sign-out``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(method="POST", path="/api/v1/sso/sign-out", timeout=timeout), SignedOut
        )


class SsoResourceRaw:
    """The methods of :class:`SsoResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SsoResource(transport)
        self.sign_out_everywhere = raw(plain.sign_out_everywhere)


class AsyncSsoResourceRaw:
    """The methods of :class:`AsyncSsoResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSsoResource(transport)
        self.sign_out_everywhere = async_raw(plain.sign_out_everywhere)
