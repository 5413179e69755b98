"""The namespace ``users``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import AccountView, EndedView
from mainspring_sdk.resources.users_second_factor import (
    AsyncUsersSecondFactorResource,
    UsersSecondFactorResource,
)


class UsersResource:
    """What is under ``users``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.second_factor = UsersSecondFactorResource(transport)

    @property
    def with_raw_response(self) -> "UsersResourceRaw":
        """Return the same methods, with the whole answer."""
        return UsersResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        email: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[AccountView]:
        """List the accounts of the platform, oldest first.

        ``GET /api/v1/users``; needs ``user:read``.

        Args:
            email: Only this address.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/users",
                query={"email": email, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[AccountView],
        )

    def create(
        self,
        *,
        email: str,
        name: str,
        password: str,
        language: Literal["en", "zh"] | UnsetType = UNSET,
        platform_roles: Sequence[Literal["platform_admin", "security", "finance"]]
        | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> AccountView:
        """Create an account; to bring somebody in without choosing their password, invite them.

        ``POST /api/v1/users``; needs ``user:write``.

        Args:
            platform_roles: Roles in the platform itself.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/users",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "email": email,
                        "name": name,
                        "password": password,
                        "language": language,
                        "platform_roles": platform_roles,
                    }
                ),
                timeout=timeout,
            ),
            AccountView,
        )

    def get(
        self,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> AccountView:
        """Read one account.

        ``GET /api/v1/users/{user_id}``; needs ``user:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/users/{}", user_id), timeout=timeout),
            AccountView,
        )

    def update(
        self,
        user_id: str,
        *,
        name: str | UnsetType = UNSET,
        language: Literal["en", "zh"] | UnsetType = UNSET,
        platform_roles: Sequence[Literal["platform_admin", "security", "finance"]]
        | UnsetType = UNSET,
        break_glass: bool | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> AccountView:
        """Change an account's name, language or roles in the platform.

        ``PATCH /api/v1/users/{user_id}``; needs ``user:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/users/{}", user_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "language": language,
                        "platform_roles": platform_roles,
                        "break_glass": break_glass,
                    }
                ),
                timeout=timeout,
            ),
            AccountView,
        )

    def disable(
        self,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> EndedView:
        """Close an account, and end everything that it holds: sessions, tokens, keys, invitations.

        Gateways refuse its keys within moments. The platform's last administrator stays.

        ``POST /api/v1/users/{user_id}/disable``; needs ``user:disable``.
        """
        return self._transport.call(
            Call(method="POST", path=path_of("/api/v1/users/{}/disable", user_id), timeout=timeout),
            EndedView,
        )

    def enable(
        self,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> AccountView:
        """Open a closed account again; what it held stays ended.

        ``POST /api/v1/users/{user_id}/enable``; needs ``user:write``.
        """
        return self._transport.call(
            Call(method="POST", path=path_of("/api/v1/users/{}/enable", user_id), timeout=timeout),
            AccountView,
        )

    def revoke_credentials(
        self,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> EndedView:
        """End everything that a person holds, as after a lost laptop; the account stays open.

        ``POST /api/v1/users/{user_id}/revoke``; needs ``user:disable``.
        """
        return self._transport.call(
            Call(method="POST", path=path_of("/api/v1/users/{}/revoke", user_id), timeout=timeout),
            EndedView,
        )


class AsyncUsersResource:
    """What is under ``users``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.second_factor = AsyncUsersSecondFactorResource(transport)

    @property
    def with_raw_response(self) -> "AsyncUsersResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncUsersResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        email: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[AccountView]:
        """List the accounts of the platform, oldest first.

        ``GET /api/v1/users``; needs ``user:read``.

        Args:
            email: Only this address.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/users",
                query={"email": email, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[AccountView],
        )

    async def create(
        self,
        *,
        email: str,
        name: str,
        password: str,
        language: Literal["en", "zh"] | UnsetType = UNSET,
        platform_roles: Sequence[Literal["platform_admin", "security", "finance"]]
        | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> AccountView:
        """Create an account; to bring somebody in without choosing their password, invite them.

        ``POST /api/v1/users``; needs ``user:write``.

        Args:
            platform_roles: Roles in the platform itself.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/users",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "email": email,
                        "name": name,
                        "password": password,
                        "language": language,
                        "platform_roles": platform_roles,
                    }
                ),
                timeout=timeout,
            ),
            AccountView,
        )

    async def get(
        self,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> AccountView:
        """Read one account.

        ``GET /api/v1/users/{user_id}``; needs ``user:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/users/{}", user_id), timeout=timeout),
            AccountView,
        )

    async def update(
        self,
        user_id: str,
        *,
        name: str | UnsetType = UNSET,
        language: Literal["en", "zh"] | UnsetType = UNSET,
        platform_roles: Sequence[Literal["platform_admin", "security", "finance"]]
        | UnsetType = UNSET,
        break_glass: bool | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> AccountView:
        """Change an account's name, language or roles in the platform.

        ``PATCH /api/v1/users/{user_id}``; needs ``user:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/users/{}", user_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "language": language,
                        "platform_roles": platform_roles,
                        "break_glass": break_glass,
                    }
                ),
                timeout=timeout,
            ),
            AccountView,
        )

    async def disable(
        self,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> EndedView:
        """Close an account, and end everything that it holds: sessions, tokens, keys, invitations.

        Gateways refuse its keys within moments. The platform's last administrator stays.

        ``POST /api/v1/users/{user_id}/disable``; needs ``user:disable``.
        """
        return await self._transport.call(
            Call(method="POST", path=path_of("/api/v1/users/{}/disable", user_id), timeout=timeout),
            EndedView,
        )

    async def enable(
        self,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> AccountView:
        """Open a closed account again; what it held stays ended.

        ``POST /api/v1/users/{user_id}/enable``; needs ``user:write``.
        """
        return await self._transport.call(
            Call(method="POST", path=path_of("/api/v1/users/{}/enable", user_id), timeout=timeout),
            AccountView,
        )

    async def revoke_credentials(
        self,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> EndedView:
        """End everything that a person holds, as after a lost laptop; the account stays open.

        ``POST /api/v1/users/{user_id}/revoke``; needs ``user:disable``.
        """
        return await self._transport.call(
            Call(method="POST", path=path_of("/api/v1/users/{}/revoke", user_id), timeout=timeout),
            EndedView,
        )


class UsersResourceRaw:
    """The methods of :class:`UsersResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = UsersResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.get = raw(plain.get)
        self.update = raw(plain.update)
        self.disable = raw(plain.disable)
        self.enable = raw(plain.enable)
        self.revoke_credentials = raw(plain.revoke_credentials)


class AsyncUsersResourceRaw:
    """The methods of :class:`AsyncUsersResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncUsersResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.get = async_raw(plain.get)
        self.update = async_raw(plain.update)
        self.disable = async_raw(plain.disable)
        self.enable = async_raw(plain.enable)
        self.revoke_credentials = async_raw(plain.revoke_credentials)
