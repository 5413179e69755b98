"""The namespace ``sessions.current``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.shared import SessionView


class SessionsCurrentResource:
    """What is under ``sessions.current``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SessionsCurrentResourceRaw":
        """Return the same methods, with the whole answer."""
        return SessionsCurrentResourceRaw(self._transport.raw())

    def get(
        self,
        *,
        timeout: float | None = None,
    ) -> SessionView:
        """Tell who is signed in.

        ``GET /api/v1/sessions/current``; for whoever is signed in.
        """
        return self._transport.call(
            Call(method="GET", path="/api/v1/sessions/current", timeout=timeout), SessionView
        )

    def sign_out(
        self,
        *,
        timeout: float | None = None,
    ) -> None:
        """Sign out.

        ``DELETE /api/v1/sessions/current``; for whoever is signed in.
        """
        self._transport.run(Call(method="DELETE", path="/api/v1/sessions/current", timeout=timeout))


class AsyncSessionsCurrentResource:
    """What is under ``sessions.current``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSessionsCurrentResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSessionsCurrentResourceRaw(self._transport.raw())

    async def get(
        self,
        *,
        timeout: float | None = None,
    ) -> SessionView:
        """Tell who is signed in.

        ``GET /api/v1/sessions/current``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(method="GET", path="/api/v1/sessions/current", timeout=timeout), SessionView
        )

    async def sign_out(
        self,
        *,
        timeout: float | None = None,
    ) -> None:
        """Sign out.

        ``DELETE /api/v1/sessions/current``; for whoever is signed in.
        """
        await self._transport.run(
            Call(method="DELETE", path="/api/v1/sessions/current", timeout=timeout)
        )


class SessionsCurrentResourceRaw:
    """The methods of :class:`SessionsCurrentResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SessionsCurrentResource(transport)
        self.get = raw(plain.get)
        self.sign_out = raw(plain.sign_out)


class AsyncSessionsCurrentResourceRaw:
    """The methods of :class:`AsyncSessionsCurrentResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSessionsCurrentResource(transport)
        self.get = async_raw(plain.get)
        self.sign_out = async_raw(plain.sign_out)
