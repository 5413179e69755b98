"""The namespace ``organizations.groups``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import GroupView, RoleAtBody


class OrganizationsGroupsResource:
    """What is under ``organizations.groups``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsGroupsResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsGroupsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[GroupView]:
        """List the groups of an organisation, oldest first.

        ``GET /api/v1/organizations/{org_id}/groups``; needs ``member:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/groups", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[GroupView],
        )

    def create(
        self,
        org_id: str,
        *,
        name: str,
        description: str | UnsetType = UNSET,
        roles: Sequence[RoleAtBody] | UnsetType = UNSET,
        external_name: str | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> GroupView:
        """Create a group.

        ``POST /api/v1/organizations/{org_id}/groups``; needs ``member:write``.

        Args:
            external_name: The group at a provider or in the directory whose people are in
                it.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/groups", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "description": description,
                        "roles": roles,
                        "external_name": external_name,
                    }
                ),
                timeout=timeout,
            ),
            GroupView,
        )


class AsyncOrganizationsGroupsResource:
    """What is under ``organizations.groups``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsGroupsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsGroupsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[GroupView]:
        """List the groups of an organisation, oldest first.

        ``GET /api/v1/organizations/{org_id}/groups``; needs ``member:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/groups", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[GroupView],
        )

    async def create(
        self,
        org_id: str,
        *,
        name: str,
        description: str | UnsetType = UNSET,
        roles: Sequence[RoleAtBody] | UnsetType = UNSET,
        external_name: str | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> GroupView:
        """Create a group.

        ``POST /api/v1/organizations/{org_id}/groups``; needs ``member:write``.

        Args:
            external_name: The group at a provider or in the directory whose people are in
                it.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/groups", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "description": description,
                        "roles": roles,
                        "external_name": external_name,
                    }
                ),
                timeout=timeout,
            ),
            GroupView,
        )


class OrganizationsGroupsResourceRaw:
    """The methods of :class:`OrganizationsGroupsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsGroupsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)


class AsyncOrganizationsGroupsResourceRaw:
    """The methods of :class:`AsyncOrganizationsGroupsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsGroupsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
