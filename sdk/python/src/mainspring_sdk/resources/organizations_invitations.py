"""The namespace ``organizations.invitations``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import CreatedInvitationView, InvitationView


class OrganizationsInvitationsResource:
    """What is under ``organizations.invitations``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsInvitationsResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsInvitationsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[InvitationView]:
        """List an organisation's invitations, newest first, those that are over too.

        ``GET /api/v1/organizations/{org_id}/invitations``; needs ``member:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/invitations", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[InvitationView],
        )

    def create(
        self,
        org_id: str,
        *,
        email: str,
        role: str | UnsetType = UNSET,
        project_id: str | UnsetType | None = UNSET,
        project_role: str | UnsetType | None = UNSET,
        days: int | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedInvitationView:
        """Invite somebody; the link in the answer is shown this once, works once, and needs no
        mail.

        ``POST /api/v1/organizations/{org_id}/invitations``; needs ``member:write``.

        Args:
            role: A built-in role, or one of the organisation's own.
            project_role: Their role in that project.
            days: How long the link works.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/invitations", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "email": email,
                        "role": role,
                        "project_id": project_id,
                        "project_role": project_role,
                        "days": days,
                    }
                ),
                timeout=timeout,
            ),
            CreatedInvitationView,
        )


class AsyncOrganizationsInvitationsResource:
    """What is under ``organizations.invitations``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsInvitationsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsInvitationsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[InvitationView]:
        """List an organisation's invitations, newest first, those that are over too.

        ``GET /api/v1/organizations/{org_id}/invitations``; needs ``member:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/invitations", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[InvitationView],
        )

    async def create(
        self,
        org_id: str,
        *,
        email: str,
        role: str | UnsetType = UNSET,
        project_id: str | UnsetType | None = UNSET,
        project_role: str | UnsetType | None = UNSET,
        days: int | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedInvitationView:
        """Invite somebody; the link in the answer is shown this once, works once, and needs no
        mail.

        ``POST /api/v1/organizations/{org_id}/invitations``; needs ``member:write``.

        Args:
            role: A built-in role, or one of the organisation's own.
            project_role: Their role in that project.
            days: How long the link works.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/invitations", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "email": email,
                        "role": role,
                        "project_id": project_id,
                        "project_role": project_role,
                        "days": days,
                    }
                ),
                timeout=timeout,
            ),
            CreatedInvitationView,
        )


class OrganizationsInvitationsResourceRaw:
    """The methods of :class:`OrganizationsInvitationsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsInvitationsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)


class AsyncOrganizationsInvitationsResourceRaw:
    """The methods of :class:`AsyncOrganizationsInvitationsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsInvitationsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
