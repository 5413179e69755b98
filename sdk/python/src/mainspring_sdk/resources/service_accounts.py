"""The namespace ``service_accounts``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.oauth import ServiceAccountView
from mainspring_sdk.models.shared import LimitsBody
from mainspring_sdk.resources.service_accounts_secrets import (
    AsyncServiceAccountsSecretsResource,
    ServiceAccountsSecretsResource,
)


class ServiceAccountsResource:
    """What is under ``service_accounts``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.secrets = ServiceAccountsSecretsResource(transport)

    @property
    def with_raw_response(self) -> "ServiceAccountsResourceRaw":
        """Return the same methods, with the whole answer."""
        return ServiceAccountsResourceRaw(self._transport.raw())

    def get(
        self,
        account_id: str,
        *,
        timeout: float | None = None,
    ) -> ServiceAccountView:
        """Read one service account.

        ``GET /api/v1/service-accounts/{account_id}``; needs ``service_account:read``.
        """
        return self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/service-accounts/{}", account_id),
                timeout=timeout,
            ),
            ServiceAccountView,
        )

    def delete(
        self,
        account_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a service account; its tokens end at every gateway within moments.

        ``DELETE /api/v1/service-accounts/{account_id}``; needs ``service_account:write``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/service-accounts/{}", account_id),
                timeout=timeout,
            )
        )

    def update(
        self,
        account_id: str,
        *,
        project_ids: Sequence[str] | UnsetType = UNSET,
        scopes: Sequence[
            Literal[
                "model:call",
                "models:read",
                "chat:write",
                "completions:write",
                "embeddings:write",
                "moderations:write",
                "rerank:write",
                "images:write",
                "audio:write",
                "passthrough:call",
            ]
        ]
        | UnsetType = UNSET,
        models: Sequence[str] | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        token_lifetime_s: int | UnsetType = UNSET,
        expires_at: datetime | UnsetType | None = UNSET,
        suspended: bool | UnsetType = UNSET,
        owner_id: str | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ServiceAccountView:
        """Change a service account; the tokens that it holds follow within moments.

        ``PATCH /api/v1/service-accounts/{account_id}``; needs ``service_account:write``.

        Args:
            project_ids: Where its tokens act; the first unless `X-Project-ID` names another.
            suspended: Ends its tokens until it is lifted.
            owner_id: Who takes it over: one of the organisation's people; `null`: nobody.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/service-accounts/{}", account_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "project_ids": project_ids,
                        "scopes": scopes,
                        "models": models,
                        "limits": limits,
                        "token_lifetime_s": token_lifetime_s,
                        "expires_at": expires_at,
                        "suspended": suspended,
                        "owner_id": owner_id,
                    }
                ),
                timeout=timeout,
            ),
            ServiceAccountView,
        )


class AsyncServiceAccountsResource:
    """What is under ``service_accounts``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.secrets = AsyncServiceAccountsSecretsResource(transport)

    @property
    def with_raw_response(self) -> "AsyncServiceAccountsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncServiceAccountsResourceRaw(self._transport.raw())

    async def get(
        self,
        account_id: str,
        *,
        timeout: float | None = None,
    ) -> ServiceAccountView:
        """Read one service account.

        ``GET /api/v1/service-accounts/{account_id}``; needs ``service_account:read``.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/service-accounts/{}", account_id),
                timeout=timeout,
            ),
            ServiceAccountView,
        )

    async def delete(
        self,
        account_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a service account; its tokens end at every gateway within moments.

        ``DELETE /api/v1/service-accounts/{account_id}``; needs ``service_account:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/service-accounts/{}", account_id),
                timeout=timeout,
            )
        )

    async def update(
        self,
        account_id: str,
        *,
        project_ids: Sequence[str] | UnsetType = UNSET,
        scopes: Sequence[
            Literal[
                "model:call",
                "models:read",
                "chat:write",
                "completions:write",
                "embeddings:write",
                "moderations:write",
                "rerank:write",
                "images:write",
                "audio:write",
                "passthrough:call",
            ]
        ]
        | UnsetType = UNSET,
        models: Sequence[str] | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        token_lifetime_s: int | UnsetType = UNSET,
        expires_at: datetime | UnsetType | None = UNSET,
        suspended: bool | UnsetType = UNSET,
        owner_id: str | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ServiceAccountView:
        """Change a service account; the tokens that it holds follow within moments.

        ``PATCH /api/v1/service-accounts/{account_id}``; needs ``service_account:write``.

        Args:
            project_ids: Where its tokens act; the first unless `X-Project-ID` names another.
            suspended: Ends its tokens until it is lifted.
            owner_id: Who takes it over: one of the organisation's people; `null`: nobody.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/service-accounts/{}", account_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "project_ids": project_ids,
                        "scopes": scopes,
                        "models": models,
                        "limits": limits,
                        "token_lifetime_s": token_lifetime_s,
                        "expires_at": expires_at,
                        "suspended": suspended,
                        "owner_id": owner_id,
                    }
                ),
                timeout=timeout,
            ),
            ServiceAccountView,
        )


class ServiceAccountsResourceRaw:
    """The methods of :class:`ServiceAccountsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ServiceAccountsResource(transport)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)


class AsyncServiceAccountsResourceRaw:
    """The methods of :class:`AsyncServiceAccountsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncServiceAccountsResource(transport)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
