"""The namespace ``groups.members``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import MemberView


class GroupsMembersResource:
    """What is under ``groups.members``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "GroupsMembersResourceRaw":
        """Return the same methods, with the whole answer."""
        return GroupsMembersResourceRaw(self._transport.raw())

    def list(
        self,
        group_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[MemberView]:
        """List the people of a group.

        ``GET /api/v1/groups/{group_id}/members``; needs ``member:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/groups/{}/members", group_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[MemberView],
        )

    def put(
        self,
        group_id: str,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Put a member of the organisation into a group.

        ``PUT /api/v1/groups/{group_id}/members/{user_id}``; needs ``member:write``.
        """
        self._transport.run(
            Call(
                method="PUT",
                path=path_of("/api/v1/groups/{}/members/{}", group_id, user_id),
                timeout=timeout,
            )
        )

    def remove(
        self,
        group_id: str,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take a person out of a group.

        ``DELETE /api/v1/groups/{group_id}/members/{user_id}``; needs ``member:write``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/groups/{}/members/{}", group_id, user_id),
                timeout=timeout,
            )
        )


class AsyncGroupsMembersResource:
    """What is under ``groups.members``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncGroupsMembersResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncGroupsMembersResourceRaw(self._transport.raw())

    def list(
        self,
        group_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[MemberView]:
        """List the people of a group.

        ``GET /api/v1/groups/{group_id}/members``; needs ``member:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/groups/{}/members", group_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[MemberView],
        )

    async def put(
        self,
        group_id: str,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Put a member of the organisation into a group.

        ``PUT /api/v1/groups/{group_id}/members/{user_id}``; needs ``member:write``.
        """
        await self._transport.run(
            Call(
                method="PUT",
                path=path_of("/api/v1/groups/{}/members/{}", group_id, user_id),
                timeout=timeout,
            )
        )

    async def remove(
        self,
        group_id: str,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take a person out of a group.

        ``DELETE /api/v1/groups/{group_id}/members/{user_id}``; needs ``member:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/groups/{}/members/{}", group_id, user_id),
                timeout=timeout,
            )
        )


class GroupsMembersResourceRaw:
    """The methods of :class:`GroupsMembersResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = GroupsMembersResource(transport)
        self.list = raw(plain.list)
        self.put = raw(plain.put)
        self.remove = raw(plain.remove)


class AsyncGroupsMembersResourceRaw:
    """The methods of :class:`AsyncGroupsMembersResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncGroupsMembersResource(transport)
        self.list = async_raw(plain.list)
        self.put = async_raw(plain.put)
        self.remove = async_raw(plain.remove)
