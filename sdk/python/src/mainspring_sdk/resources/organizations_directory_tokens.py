"""The namespace ``organizations.directory_tokens``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from datetime import datetime

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.identity import CreatedDirectoryTokenView, DirectoryTokenView


class OrganizationsDirectoryTokensResource:
    """What is under ``organizations.directory_tokens``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsDirectoryTokensResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsDirectoryTokensResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[DirectoryTokenView]:
        """List the tokens of an organisation's directory that are not revoked.

        ``GET /api/v1/organizations/{org_id}/directory-tokens``; needs
        ``identity_provider:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/directory-tokens", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[DirectoryTokenView],
        )

    def create(
        self,
        org_id: str,
        *,
        name: str,
        expires_at: datetime | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedDirectoryTokenView:
        """Let a directory write here, at `/scim/v2`; the secret is shown in this answer only.

        ``POST /api/v1/organizations/{org_id}/directory-tokens``; needs
        ``identity_provider:write``.

        Args:
            expires_at: `null` never expires.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/directory-tokens", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"name": name, "expires_at": expires_at}),
                timeout=timeout,
            ),
            CreatedDirectoryTokenView,
        )

    def revoke(
        self,
        org_id: str,
        directory_token_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """End a directory's token; what it said of people stays.

        ``DELETE /api/v1/organizations/{org_id}/directory-tokens/{directory_token_id}``; needs
        ``identity_provider:write``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of(
                    "/api/v1/organizations/{}/directory-tokens/{}", org_id, directory_token_id
                ),
                timeout=timeout,
            )
        )


class AsyncOrganizationsDirectoryTokensResource:
    """What is under ``organizations.directory_tokens``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsDirectoryTokensResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsDirectoryTokensResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[DirectoryTokenView]:
        """List the tokens of an organisation's directory that are not revoked.

        ``GET /api/v1/organizations/{org_id}/directory-tokens``; needs
        ``identity_provider:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/directory-tokens", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[DirectoryTokenView],
        )

    async def create(
        self,
        org_id: str,
        *,
        name: str,
        expires_at: datetime | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedDirectoryTokenView:
        """Let a directory write here, at `/scim/v2`; the secret is shown in this answer only.

        ``POST /api/v1/organizations/{org_id}/directory-tokens``; needs
        ``identity_provider:write``.

        Args:
            expires_at: `null` never expires.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/directory-tokens", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"name": name, "expires_at": expires_at}),
                timeout=timeout,
            ),
            CreatedDirectoryTokenView,
        )

    async def revoke(
        self,
        org_id: str,
        directory_token_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """End a directory's token; what it said of people stays.

        ``DELETE /api/v1/organizations/{org_id}/directory-tokens/{directory_token_id}``; needs
        ``identity_provider:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of(
                    "/api/v1/organizations/{}/directory-tokens/{}", org_id, directory_token_id
                ),
                timeout=timeout,
            )
        )


class OrganizationsDirectoryTokensResourceRaw:
    """The methods of :class:`OrganizationsDirectoryTokensResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsDirectoryTokensResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.revoke = raw(plain.revoke)


class AsyncOrganizationsDirectoryTokensResourceRaw:
    """The methods of :class:`AsyncOrganizationsDirectoryTokensResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsDirectoryTokensResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.revoke = async_raw(plain.revoke)
