"""The namespace ``projects.members``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import MemberView


class ProjectsMembersResource:
    """What is under ``projects.members``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ProjectsMembersResourceRaw":
        """Return the same methods, with the whole answer."""
        return ProjectsMembersResourceRaw(self._transport.raw())

    def list(
        self,
        project_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[MemberView]:
        """List those members of the organisation who have a role in the project itself.

        ``GET /api/v1/projects/{project_id}/members``; needs ``member:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/projects/{}/members", project_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[MemberView],
        )

    def put(
        self,
        project_id: str,
        user_id: str,
        *,
        role: str,
        timeout: float | None = None,
    ) -> None:
        """Give a member of the organisation a role in the project.

        ``PUT /api/v1/projects/{project_id}/members/{user_id}``; needs ``member:write``.

        Args:
            role: A built-in role, or one of the organisation's own.
        """
        self._transport.run(
            Call(
                method="PUT",
                path=path_of("/api/v1/projects/{}/members/{}", project_id, user_id),
                body=sent({"role": role}),
                timeout=timeout,
            )
        )

    def remove(
        self,
        project_id: str,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take a person's role in the project back.

        ``DELETE /api/v1/projects/{project_id}/members/{user_id}``; needs ``member:write``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/projects/{}/members/{}", project_id, user_id),
                timeout=timeout,
            )
        )


class AsyncProjectsMembersResource:
    """What is under ``projects.members``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncProjectsMembersResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncProjectsMembersResourceRaw(self._transport.raw())

    def list(
        self,
        project_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[MemberView]:
        """List those members of the organisation who have a role in the project itself.

        ``GET /api/v1/projects/{project_id}/members``; needs ``member:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/projects/{}/members", project_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[MemberView],
        )

    async def put(
        self,
        project_id: str,
        user_id: str,
        *,
        role: str,
        timeout: float | None = None,
    ) -> None:
        """Give a member of the organisation a role in the project.

        ``PUT /api/v1/projects/{project_id}/members/{user_id}``; needs ``member:write``.

        Args:
            role: A built-in role, or one of the organisation's own.
        """
        await self._transport.run(
            Call(
                method="PUT",
                path=path_of("/api/v1/projects/{}/members/{}", project_id, user_id),
                body=sent({"role": role}),
                timeout=timeout,
            )
        )

    async def remove(
        self,
        project_id: str,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take a person's role in the project back.

        ``DELETE /api/v1/projects/{project_id}/members/{user_id}``; needs ``member:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/projects/{}/members/{}", project_id, user_id),
                timeout=timeout,
            )
        )


class ProjectsMembersResourceRaw:
    """The methods of :class:`ProjectsMembersResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ProjectsMembersResource(transport)
        self.list = raw(plain.list)
        self.put = raw(plain.put)
        self.remove = raw(plain.remove)


class AsyncProjectsMembersResourceRaw:
    """The methods of :class:`AsyncProjectsMembersResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncProjectsMembersResource(transport)
        self.list = async_raw(plain.list)
        self.put = async_raw(plain.put)
        self.remove = async_raw(plain.remove)
