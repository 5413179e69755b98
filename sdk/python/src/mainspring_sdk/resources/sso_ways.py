"""The namespace ``sso.ways``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.identity import SignInWays


class SsoWaysResource:
    """What is under ``sso.ways``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SsoWaysResourceRaw":
        """Return the same methods, with the whole answer."""
        return SsoWaysResourceRaw(self._transport.raw())

    def list_sign_in(
        self,
        *,
        email: str | None = None,
        timeout: float | None = None,
    ) -> SignInWays:
        """Tell how one can sign in here; the sign-in page asks.

        ``GET /api/v1/sso/ways``; open to everybody.

        Args:
            email: Also offers providers for people of its domain.
        """
        return self._transport.call(
            Call(method="GET", path="/api/v1/sso/ways", query={"email": email}, timeout=timeout),
            SignInWays,
        )


class AsyncSsoWaysResource:
    """What is under ``sso.ways``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSsoWaysResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSsoWaysResourceRaw(self._transport.raw())

    async def list_sign_in(
        self,
        *,
        email: str | None = None,
        timeout: float | None = None,
    ) -> SignInWays:
        """Tell how one can sign in here; the sign-in page asks.

        ``GET /api/v1/sso/ways``; open to everybody.

        Args:
            email: Also offers providers for people of its domain.
        """
        return await self._transport.call(
            Call(method="GET", path="/api/v1/sso/ways", query={"email": email}, timeout=timeout),
            SignInWays,
        )


class SsoWaysResourceRaw:
    """The methods of :class:`SsoWaysResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SsoWaysResource(transport)
        self.list_sign_in = raw(plain.list_sign_in)


class AsyncSsoWaysResourceRaw:
    """The methods of :class:`AsyncSsoWaysResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSsoWaysResource(transport)
        self.list_sign_in = async_raw(plain.list_sign_in)
