"""The namespace ``organizations.roles``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import RoleView


class OrganizationsRolesResource:
    """What is under ``organizations.roles``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsRolesResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsRolesResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[RoleView]:
        """List the roles that an organisation can give: the built-in ones, then its own.

        ``GET /api/v1/organizations/{org_id}/roles``; needs ``role:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/roles", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[RoleView],
        )

    def create(
        self,
        org_id: str,
        *,
        name: str,
        permissions: Sequence[str],
        description: str | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> RoleView:
        """Create a role; it permits nothing that you may not do yourself.

        ``POST /api/v1/organizations/{org_id}/roles``; needs ``role:write``.

        Args:
            name: Lower-case letters, digits and inner hyphens; it does not change.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/roles", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"name": name, "description": description, "permissions": permissions}),
                timeout=timeout,
            ),
            RoleView,
        )

    def delete(
        self,
        org_id: str,
        name: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a role of the organisation's own that nobody has.

        ``DELETE /api/v1/organizations/{org_id}/roles/{name}``; needs ``role:write``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/organizations/{}/roles/{}", org_id, name),
                timeout=timeout,
            )
        )

    def update(
        self,
        org_id: str,
        name: str,
        *,
        description: str | UnsetType = UNSET,
        permissions: Sequence[str] | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> RoleView:
        """Change a role of the organisation's own, for everybody who has it.

        ``PATCH /api/v1/organizations/{org_id}/roles/{name}``; needs ``role:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/organizations/{}/roles/{}", org_id, name),
                headers=headers_of(if_match=if_match),
                body=sent({"description": description, "permissions": permissions}),
                timeout=timeout,
            ),
            RoleView,
        )


class AsyncOrganizationsRolesResource:
    """What is under ``organizations.roles``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsRolesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsRolesResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[RoleView]:
        """List the roles that an organisation can give: the built-in ones, then its own.

        ``GET /api/v1/organizations/{org_id}/roles``; needs ``role:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/roles", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[RoleView],
        )

    async def create(
        self,
        org_id: str,
        *,
        name: str,
        permissions: Sequence[str],
        description: str | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> RoleView:
        """Create a role; it permits nothing that you may not do yourself.

        ``POST /api/v1/organizations/{org_id}/roles``; needs ``role:write``.

        Args:
            name: Lower-case letters, digits and inner hyphens; it does not change.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/roles", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"name": name, "description": description, "permissions": permissions}),
                timeout=timeout,
            ),
            RoleView,
        )

    async def delete(
        self,
        org_id: str,
        name: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a role of the organisation's own that nobody has.

        ``DELETE /api/v1/organizations/{org_id}/roles/{name}``; needs ``role:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/organizations/{}/roles/{}", org_id, name),
                timeout=timeout,
            )
        )

    async def update(
        self,
        org_id: str,
        name: str,
        *,
        description: str | UnsetType = UNSET,
        permissions: Sequence[str] | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> RoleView:
        """Change a role of the organisation's own, for everybody who has it.

        ``PATCH /api/v1/organizations/{org_id}/roles/{name}``; needs ``role:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/organizations/{}/roles/{}", org_id, name),
                headers=headers_of(if_match=if_match),
                body=sent({"description": description, "permissions": permissions}),
                timeout=timeout,
            ),
            RoleView,
        )


class OrganizationsRolesResourceRaw:
    """The methods of :class:`OrganizationsRolesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsRolesResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)


class AsyncOrganizationsRolesResourceRaw:
    """The methods of :class:`AsyncOrganizationsRolesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsRolesResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
