"""The namespace ``sessions``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.shared import SessionView
from mainspring_sdk.resources.sessions_current import (
    AsyncSessionsCurrentResource,
    SessionsCurrentResource,
)


class SessionsResource:
    """What is under ``sessions``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.current = SessionsCurrentResource(transport)

    @property
    def with_raw_response(self) -> "SessionsResourceRaw":
        """Return the same methods, with the whole answer."""
        return SessionsResourceRaw(self._transport.raw())

    def sign_in(
        self,
        *,
        email: str,
        password: str,
        timeout: float | None = None,
    ) -> SessionView:
        """Sign in by password; the session is put into cookies.

        ``POST /api/v1/sessions``; open to everybody.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/sessions",
                body=sent({"email": email, "password": password}),
                timeout=timeout,
            ),
            SessionView,
        )


class AsyncSessionsResource:
    """What is under ``sessions``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.current = AsyncSessionsCurrentResource(transport)

    @property
    def with_raw_response(self) -> "AsyncSessionsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSessionsResourceRaw(self._transport.raw())

    async def sign_in(
        self,
        *,
        email: str,
        password: str,
        timeout: float | None = None,
    ) -> SessionView:
        """Sign in by password; the session is put into cookies.

        ``POST /api/v1/sessions``; open to everybody.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/sessions",
                body=sent({"email": email, "password": password}),
                timeout=timeout,
            ),
            SessionView,
        )


class SessionsResourceRaw:
    """The methods of :class:`SessionsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SessionsResource(transport)
        self.sign_in = raw(plain.sign_in)


class AsyncSessionsResourceRaw:
    """The methods of :class:`AsyncSessionsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSessionsResource(transport)
        self.sign_in = async_raw(plain.sign_in)
