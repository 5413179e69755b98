"""The namespace ``permissions``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import PermissionView


class PermissionsResource:
    """What is under ``permissions``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "PermissionsResourceRaw":
        """Return the same methods, with the whole answer."""
        return PermissionsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[PermissionView]:
        """List every permission; the routes of this document name theirs in `x-permission`.

        ``GET /api/v1/permissions``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/permissions",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[PermissionView],
        )


class AsyncPermissionsResource:
    """What is under ``permissions``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncPermissionsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncPermissionsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[PermissionView]:
        """List every permission; the routes of this document name theirs in `x-permission`.

        ``GET /api/v1/permissions``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/permissions",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[PermissionView],
        )


class PermissionsResourceRaw:
    """The methods of :class:`PermissionsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = PermissionsResource(transport)
        self.list = raw(plain.list)


class AsyncPermissionsResourceRaw:
    """The methods of :class:`AsyncPermissionsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncPermissionsResource(transport)
        self.list = async_raw(plain.list)
