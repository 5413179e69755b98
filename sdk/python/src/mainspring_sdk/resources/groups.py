"""The namespace ``groups``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import GroupView, RoleAtBody
from mainspring_sdk.resources.groups_members import (
    AsyncGroupsMembersResource,
    GroupsMembersResource,
)


class GroupsResource:
    """What is under ``groups``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.members = GroupsMembersResource(transport)

    @property
    def with_raw_response(self) -> "GroupsResourceRaw":
        """Return the same methods, with the whole answer."""
        return GroupsResourceRaw(self._transport.raw())

    def get(
        self,
        group_id: str,
        *,
        timeout: float | None = None,
    ) -> GroupView:
        """Read one group.

        ``GET /api/v1/groups/{group_id}``; needs ``member:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/groups/{}", group_id), timeout=timeout),
            GroupView,
        )

    def delete(
        self,
        group_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a group; its people keep what they have otherwise.

        ``DELETE /api/v1/groups/{group_id}``; needs ``member:write``.
        """
        self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/groups/{}", group_id), timeout=timeout)
        )

    def update(
        self,
        group_id: str,
        *,
        name: str | UnsetType = UNSET,
        description: str | UnsetType = UNSET,
        roles: Sequence[RoleAtBody] | UnsetType = UNSET,
        external_name: str | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> GroupView:
        """Change a group; its roles change for everybody who is in it.

        ``PATCH /api/v1/groups/{group_id}``; needs ``member:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/groups/{}", group_id),
                headers=headers_of(if_match=if_match),
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


class AsyncGroupsResource:
    """What is under ``groups``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.members = AsyncGroupsMembersResource(transport)

    @property
    def with_raw_response(self) -> "AsyncGroupsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncGroupsResourceRaw(self._transport.raw())

    async def get(
        self,
        group_id: str,
        *,
        timeout: float | None = None,
    ) -> GroupView:
        """Read one group.

        ``GET /api/v1/groups/{group_id}``; needs ``member:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/groups/{}", group_id), timeout=timeout),
            GroupView,
        )

    async def delete(
        self,
        group_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a group; its people keep what they have otherwise.

        ``DELETE /api/v1/groups/{group_id}``; needs ``member:write``.
        """
        await self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/groups/{}", group_id), timeout=timeout)
        )

    async def update(
        self,
        group_id: str,
        *,
        name: str | UnsetType = UNSET,
        description: str | UnsetType = UNSET,
        roles: Sequence[RoleAtBody] | UnsetType = UNSET,
        external_name: str | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> GroupView:
        """Change a group; its roles change for everybody who is in it.

        ``PATCH /api/v1/groups/{group_id}``; needs ``member:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/groups/{}", group_id),
                headers=headers_of(if_match=if_match),
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


class GroupsResourceRaw:
    """The methods of :class:`GroupsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = GroupsResource(transport)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)


class AsyncGroupsResourceRaw:
    """The methods of :class:`AsyncGroupsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncGroupsResource(transport)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
