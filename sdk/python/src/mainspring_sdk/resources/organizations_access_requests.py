"""The namespace ``organizations.access_requests``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import AccessRequestView


class OrganizationsAccessRequestsResource:
    """What is under ``organizations.access_requests``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsAccessRequestsResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsAccessRequestsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        view: Literal["all", "mine", "to_decide"] | None = None,
        state: Sequence[
            Literal[
                "pending", "active", "renewed", "denied", "withdrawn", "lapsed", "ended", "revoked"
            ]
        ]
        | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[AccessRequestView]:
        """List requests, newest first; a page may have fewer than were asked for.

        ``GET /api/v1/organizations/{org_id}/access-requests``; for whoever is signed in.

        Args:
            view: `all` that you may see, `mine`, or what waits for your decision.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/access-requests", org_id),
                query={"view": view, "state": state, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[AccessRequestView],
        )


class AsyncOrganizationsAccessRequestsResource:
    """What is under ``organizations.access_requests``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsAccessRequestsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsAccessRequestsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        view: Literal["all", "mine", "to_decide"] | None = None,
        state: Sequence[
            Literal[
                "pending", "active", "renewed", "denied", "withdrawn", "lapsed", "ended", "revoked"
            ]
        ]
        | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[AccessRequestView]:
        """List requests, newest first; a page may have fewer than were asked for.

        ``GET /api/v1/organizations/{org_id}/access-requests``; for whoever is signed in.

        Args:
            view: `all` that you may see, `mine`, or what waits for your decision.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/access-requests", org_id),
                query={"view": view, "state": state, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[AccessRequestView],
        )


class OrganizationsAccessRequestsResourceRaw:
    """The methods of :class:`OrganizationsAccessRequestsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsAccessRequestsResource(transport)
        self.list = raw(plain.list)


class AsyncOrganizationsAccessRequestsResourceRaw:
    """The methods of :class:`AsyncOrganizationsAccessRequestsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsAccessRequestsResource(transport)
        self.list = async_raw(plain.list)
