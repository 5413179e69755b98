"""The namespace ``roles``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import RoleView


class RolesResource:
    """What is under ``roles``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "RolesResourceRaw":
        """Return the same methods, with the whole answer."""
        return RolesResourceRaw(self._transport.raw())

    def list_built_in(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[RoleView]:
        """List the built-in roles.

        ``GET /api/v1/roles``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/roles",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[RoleView],
        )


class AsyncRolesResource:
    """What is under ``roles``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncRolesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncRolesResourceRaw(self._transport.raw())

    def list_built_in(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[RoleView]:
        """List the built-in roles.

        ``GET /api/v1/roles``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/roles",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[RoleView],
        )


class RolesResourceRaw:
    """The methods of :class:`RolesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = RolesResource(transport)
        self.list_built_in = raw(plain.list_built_in)


class AsyncRolesResourceRaw:
    """The methods of :class:`AsyncRolesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncRolesResource(transport)
        self.list_built_in = async_raw(plain.list_built_in)
