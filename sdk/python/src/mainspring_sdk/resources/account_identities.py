"""The namespace ``account.identities``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.identity import Elsewhere, OwnIdentityView


class AccountIdentitiesResource:
    """What is under ``account.identities``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AccountIdentitiesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccountIdentitiesResourceRaw(self._transport.raw())

    def list_own(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[OwnIdentityView]:
        """List the accounts at identity providers that open yours.

        ``GET /api/v1/account/identities``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/account/identities",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[OwnIdentityView],
        )

    def connect(
        self,
        *,
        provider_id: str,
        next: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> Elsewhere:
        """Begin to connect an account at a provider with yours; the browser goes there.

        ``POST /api/v1/account/identities``; for whoever is signed in.

        Args:
            next: A path of the console to come back to.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/account/identities",
                body=sent({"provider_id": provider_id, "next": next}),
                timeout=timeout,
            ),
            Elsewhere,
        )

    def disconnect(
        self,
        identity_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Have an account at a provider open yours no more.

        ``DELETE /api/v1/account/identities/{identity_id}``; for whoever is signed in.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/account/identities/{}", identity_id),
                timeout=timeout,
            )
        )


class AsyncAccountIdentitiesResource:
    """What is under ``account.identities``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAccountIdentitiesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccountIdentitiesResourceRaw(self._transport.raw())

    def list_own(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[OwnIdentityView]:
        """List the accounts at identity providers that open yours.

        ``GET /api/v1/account/identities``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/account/identities",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[OwnIdentityView],
        )

    async def connect(
        self,
        *,
        provider_id: str,
        next: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> Elsewhere:
        """Begin to connect an account at a provider with yours; the browser goes there.

        ``POST /api/v1/account/identities``; for whoever is signed in.

        Args:
            next: A path of the console to come back to.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/account/identities",
                body=sent({"provider_id": provider_id, "next": next}),
                timeout=timeout,
            ),
            Elsewhere,
        )

    async def disconnect(
        self,
        identity_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Have an account at a provider open yours no more.

        ``DELETE /api/v1/account/identities/{identity_id}``; for whoever is signed in.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/account/identities/{}", identity_id),
                timeout=timeout,
            )
        )


class AccountIdentitiesResourceRaw:
    """The methods of :class:`AccountIdentitiesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccountIdentitiesResource(transport)
        self.list_own = raw(plain.list_own)
        self.connect = raw(plain.connect)
        self.disconnect = raw(plain.disconnect)


class AsyncAccountIdentitiesResourceRaw:
    """The methods of :class:`AsyncAccountIdentitiesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccountIdentitiesResource(transport)
        self.list_own = async_raw(plain.list_own)
        self.connect = async_raw(plain.connect)
        self.disconnect = async_raw(plain.disconnect)
