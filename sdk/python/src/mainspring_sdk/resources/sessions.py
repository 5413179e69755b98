"""The namespace ``sessions``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.identity import OwnSessionView
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

    def list_own(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[OwnSessionView]:
        """List your sessions, the latest first; of more than five hundred the latest.

        ``GET /api/v1/sessions``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/sessions",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[OwnSessionView],
        )

    def sign_in(
        self,
        *,
        email: str,
        password: str,
        code: str | UnsetType | None = UNSET,
        timeout: float | None = None,
    ) -> SessionView:
        """Sign in by password; the session is put into cookies.

        ``POST /api/v1/sessions``; open to everybody.

        Args:
            code: Of the authenticator app, or a recovery code, where the account has one.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/sessions",
                body=sent({"email": email, "password": password, "code": code}),
                timeout=timeout,
            ),
            SessionView,
        )

    def end_own(
        self,
        session_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """End one of your sessions.

        ``DELETE /api/v1/sessions/{session_id}``; for whoever is signed in.
        """
        self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/sessions/{}", session_id), timeout=timeout)
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

    def list_own(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[OwnSessionView]:
        """List your sessions, the latest first; of more than five hundred the latest.

        ``GET /api/v1/sessions``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/sessions",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[OwnSessionView],
        )

    async def sign_in(
        self,
        *,
        email: str,
        password: str,
        code: str | UnsetType | None = UNSET,
        timeout: float | None = None,
    ) -> SessionView:
        """Sign in by password; the session is put into cookies.

        ``POST /api/v1/sessions``; open to everybody.

        Args:
            code: Of the authenticator app, or a recovery code, where the account has one.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/sessions",
                body=sent({"email": email, "password": password, "code": code}),
                timeout=timeout,
            ),
            SessionView,
        )

    async def end_own(
        self,
        session_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """End one of your sessions.

        ``DELETE /api/v1/sessions/{session_id}``; for whoever is signed in.
        """
        await self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/sessions/{}", session_id), timeout=timeout)
        )


class SessionsResourceRaw:
    """The methods of :class:`SessionsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SessionsResource(transport)
        self.list_own = raw(plain.list_own)
        self.sign_in = raw(plain.sign_in)
        self.end_own = raw(plain.end_own)


class AsyncSessionsResourceRaw:
    """The methods of :class:`AsyncSessionsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSessionsResource(transport)
        self.list_own = async_raw(plain.list_own)
        self.sign_in = async_raw(plain.sign_in)
        self.end_own = async_raw(plain.end_own)
