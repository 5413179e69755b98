"""The namespace ``organizations.service_accounts``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.oauth import CreatedServiceAccountView, ServiceAccountView
from mainspring_sdk.models.shared import LimitsBody


class OrganizationsServiceAccountsResource:
    """What is under ``organizations.service_accounts``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsServiceAccountsResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsServiceAccountsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        owner_left: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ServiceAccountView]:
        """List an organisation's service accounts, oldest first.

        ``GET /api/v1/organizations/{org_id}/service-accounts``; needs ``service_account:read``.

        Args:
            owner_left: Only those whose owner has left, or has not.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/service-accounts", org_id),
                query={"owner_left": owner_left, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ServiceAccountView],
        )

    def create(
        self,
        org_id: str,
        *,
        name: str,
        project_ids: Sequence[str],
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
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedServiceAccountView:
        """Create a service account; its secret is shown in this answer only.

        ``POST /api/v1/organizations/{org_id}/service-accounts``; needs
        ``service_account:write``.

        Args:
            project_ids: Where its tokens act; the first unless `X-Project-ID` names another.
            models: Names of the models that it may call; `null` allows all of them.
            expires_at: `null` never expires.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/service-accounts", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "project_ids": project_ids,
                        "scopes": scopes,
                        "models": models,
                        "limits": limits,
                        "token_lifetime_s": token_lifetime_s,
                        "expires_at": expires_at,
                    }
                ),
                timeout=timeout,
            ),
            CreatedServiceAccountView,
        )


class AsyncOrganizationsServiceAccountsResource:
    """What is under ``organizations.service_accounts``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsServiceAccountsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsServiceAccountsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        owner_left: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ServiceAccountView]:
        """List an organisation's service accounts, oldest first.

        ``GET /api/v1/organizations/{org_id}/service-accounts``; needs ``service_account:read``.

        Args:
            owner_left: Only those whose owner has left, or has not.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/service-accounts", org_id),
                query={"owner_left": owner_left, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ServiceAccountView],
        )

    async def create(
        self,
        org_id: str,
        *,
        name: str,
        project_ids: Sequence[str],
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
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedServiceAccountView:
        """Create a service account; its secret is shown in this answer only.

        ``POST /api/v1/organizations/{org_id}/service-accounts``; needs
        ``service_account:write``.

        Args:
            project_ids: Where its tokens act; the first unless `X-Project-ID` names another.
            models: Names of the models that it may call; `null` allows all of them.
            expires_at: `null` never expires.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/service-accounts", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "project_ids": project_ids,
                        "scopes": scopes,
                        "models": models,
                        "limits": limits,
                        "token_lifetime_s": token_lifetime_s,
                        "expires_at": expires_at,
                    }
                ),
                timeout=timeout,
            ),
            CreatedServiceAccountView,
        )


class OrganizationsServiceAccountsResourceRaw:
    """The methods of :class:`OrganizationsServiceAccountsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsServiceAccountsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)


class AsyncOrganizationsServiceAccountsResourceRaw:
    """The methods of :class:`AsyncOrganizationsServiceAccountsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsServiceAccountsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
