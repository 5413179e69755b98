"""The namespace ``service_accounts.secrets``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from datetime import datetime

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.oauth import CreatedSecretView, SecretView


class ServiceAccountsSecretsResource:
    """What is under ``service_accounts.secrets``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ServiceAccountsSecretsResourceRaw":
        """Return the same methods, with the whole answer."""
        return ServiceAccountsSecretsResourceRaw(self._transport.raw())

    def list(
        self,
        account_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[SecretView]:
        """List an account's secrets that were not revoked, oldest first.

        ``GET /api/v1/service-accounts/{account_id}/secrets``; needs ``service_account:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/service-accounts/{}/secrets", account_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SecretView],
        )

    def create(
        self,
        account_id: str,
        *,
        expires_at: datetime | UnsetType | None = UNSET,
        others_end_in_s: int | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedSecretView:
        """Give an account another secret, shown in this answer only; the others may end soon.

        ``POST /api/v1/service-accounts/{account_id}/secrets``; needs ``service_account:write``.

        Args:
            expires_at: `null` never expires.
            others_end_in_s: Let the account's other secrets expire after this overlap;
                `null`: not.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/service-accounts/{}/secrets", account_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"expires_at": expires_at, "others_end_in_s": others_end_in_s}),
                timeout=timeout,
            ),
            CreatedSecretView,
        )

    def revoke(
        self,
        account_id: str,
        secret_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """End a secret, and within moments every token that was got by it.

        ``DELETE /api/v1/service-accounts/{account_id}/secrets/{secret_id}``; needs
        ``service_account:write``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/service-accounts/{}/secrets/{}", account_id, secret_id),
                timeout=timeout,
            )
        )


class AsyncServiceAccountsSecretsResource:
    """What is under ``service_accounts.secrets``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncServiceAccountsSecretsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncServiceAccountsSecretsResourceRaw(self._transport.raw())

    def list(
        self,
        account_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[SecretView]:
        """List an account's secrets that were not revoked, oldest first.

        ``GET /api/v1/service-accounts/{account_id}/secrets``; needs ``service_account:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/service-accounts/{}/secrets", account_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SecretView],
        )

    async def create(
        self,
        account_id: str,
        *,
        expires_at: datetime | UnsetType | None = UNSET,
        others_end_in_s: int | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedSecretView:
        """Give an account another secret, shown in this answer only; the others may end soon.

        ``POST /api/v1/service-accounts/{account_id}/secrets``; needs ``service_account:write``.

        Args:
            expires_at: `null` never expires.
            others_end_in_s: Let the account's other secrets expire after this overlap;
                `null`: not.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/service-accounts/{}/secrets", account_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"expires_at": expires_at, "others_end_in_s": others_end_in_s}),
                timeout=timeout,
            ),
            CreatedSecretView,
        )

    async def revoke(
        self,
        account_id: str,
        secret_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """End a secret, and within moments every token that was got by it.

        ``DELETE /api/v1/service-accounts/{account_id}/secrets/{secret_id}``; needs
        ``service_account:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/service-accounts/{}/secrets/{}", account_id, secret_id),
                timeout=timeout,
            )
        )


class ServiceAccountsSecretsResourceRaw:
    """The methods of :class:`ServiceAccountsSecretsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ServiceAccountsSecretsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.revoke = raw(plain.revoke)


class AsyncServiceAccountsSecretsResourceRaw:
    """The methods of :class:`AsyncServiceAccountsSecretsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncServiceAccountsSecretsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.revoke = async_raw(plain.revoke)
