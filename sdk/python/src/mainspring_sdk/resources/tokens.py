"""The namespace ``tokens``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.identity import CreatedTokenView, TokenView


class TokensResource:
    """What is under ``tokens``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "TokensResourceRaw":
        """Return the same methods, with the whole answer."""
        return TokensResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[TokenView]:
        """List your tokens, newest first.

        ``GET /api/v1/tokens``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/tokens",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[TokenView],
        )

    def create(
        self,
        *,
        name: str,
        expires_at: datetime | UnsetType | None = UNSET,
        scopes: Sequence[str] | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedTokenView:
        """Create a token; its secret is shown in this answer only.

        ``POST /api/v1/tokens``; for whoever is signed in.

        Args:
            scopes: Permissions that it is confined to; `null` leaves it all of its owner's.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/tokens",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"name": name, "expires_at": expires_at, "scopes": scopes}),
                timeout=timeout,
            ),
            CreatedTokenView,
        )

    def revoke(
        self,
        token_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Revoke one of your tokens.

        ``DELETE /api/v1/tokens/{token_id}``; for whoever is signed in.
        """
        self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/tokens/{}", token_id), timeout=timeout)
        )


class AsyncTokensResource:
    """What is under ``tokens``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncTokensResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncTokensResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[TokenView]:
        """List your tokens, newest first.

        ``GET /api/v1/tokens``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/tokens",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[TokenView],
        )

    async def create(
        self,
        *,
        name: str,
        expires_at: datetime | UnsetType | None = UNSET,
        scopes: Sequence[str] | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedTokenView:
        """Create a token; its secret is shown in this answer only.

        ``POST /api/v1/tokens``; for whoever is signed in.

        Args:
            scopes: Permissions that it is confined to; `null` leaves it all of its owner's.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/tokens",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"name": name, "expires_at": expires_at, "scopes": scopes}),
                timeout=timeout,
            ),
            CreatedTokenView,
        )

    async def revoke(
        self,
        token_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Revoke one of your tokens.

        ``DELETE /api/v1/tokens/{token_id}``; for whoever is signed in.
        """
        await self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/tokens/{}", token_id), timeout=timeout)
        )


class TokensResourceRaw:
    """The methods of :class:`TokensResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = TokensResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.revoke = raw(plain.revoke)


class AsyncTokensResourceRaw:
    """The methods of :class:`AsyncTokensResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncTokensResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.revoke = async_raw(plain.revoke)
