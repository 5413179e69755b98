"""The namespace ``organizations.members``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import MemberView


class OrganizationsMembersResource:
    """What is under ``organizations.members``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsMembersResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsMembersResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[MemberView]:
        """List the members of an organisation.

        ``GET /api/v1/organizations/{org_id}/members``; needs ``member:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/members", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[MemberView],
        )

    def put(
        self,
        org_id: str,
        user_id: str,
        *,
        role: str,
        timeout: float | None = None,
    ) -> None:
        """Change a member's role.

        Whoever has `user:write` may also make an account a member this way; others invite.
        Nobody
        gives or takes a role that permits more than their own.

        ``PUT /api/v1/organizations/{org_id}/members/{user_id}``; needs ``member:write``.

        Args:
            role: A built-in role, or one of the organisation's own.
        """
        self._transport.run(
            Call(
                method="PUT",
                path=path_of("/api/v1/organizations/{}/members/{}", org_id, user_id),
                body=sent({"role": role}),
                timeout=timeout,
            )
        )

    def remove(
        self,
        org_id: str,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take a person out of an organisation; the API keys that they hold there end.

        ``DELETE /api/v1/organizations/{org_id}/members/{user_id}``; needs ``member:write``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/organizations/{}/members/{}", org_id, user_id),
                timeout=timeout,
            )
        )


class AsyncOrganizationsMembersResource:
    """What is under ``organizations.members``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsMembersResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsMembersResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[MemberView]:
        """List the members of an organisation.

        ``GET /api/v1/organizations/{org_id}/members``; needs ``member:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/members", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[MemberView],
        )

    async def put(
        self,
        org_id: str,
        user_id: str,
        *,
        role: str,
        timeout: float | None = None,
    ) -> None:
        """Change a member's role.

        Whoever has `user:write` may also make an account a member this way; others invite.
        Nobody
        gives or takes a role that permits more than their own.

        ``PUT /api/v1/organizations/{org_id}/members/{user_id}``; needs ``member:write``.

        Args:
            role: A built-in role, or one of the organisation's own.
        """
        await self._transport.run(
            Call(
                method="PUT",
                path=path_of("/api/v1/organizations/{}/members/{}", org_id, user_id),
                body=sent({"role": role}),
                timeout=timeout,
            )
        )

    async def remove(
        self,
        org_id: str,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take a person out of an organisation; the API keys that they hold there end.

        ``DELETE /api/v1/organizations/{org_id}/members/{user_id}``; needs ``member:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/organizations/{}/members/{}", org_id, user_id),
                timeout=timeout,
            )
        )


class OrganizationsMembersResourceRaw:
    """The methods of :class:`OrganizationsMembersResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsMembersResource(transport)
        self.list = raw(plain.list)
        self.put = raw(plain.put)
        self.remove = raw(plain.remove)


class AsyncOrganizationsMembersResourceRaw:
    """The methods of :class:`AsyncOrganizationsMembersResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsMembersResource(transport)
        self.list = async_raw(plain.list)
        self.put = async_raw(plain.put)
        self.remove = async_raw(plain.remove)
