"""The namespace ``system.parts``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.shared import PartView


class SystemPartsResource:
    """What is under ``system.parts``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SystemPartsResourceRaw":
        """Return the same methods, with the whole answer."""
        return SystemPartsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[PartView]:
        """List the platform's parts and their health.

        ``GET /api/v1/system/parts``; needs ``system:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/system/parts",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[PartView],
        )


class AsyncSystemPartsResource:
    """What is under ``system.parts``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSystemPartsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSystemPartsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[PartView]:
        """List the platform's parts and their health.

        ``GET /api/v1/system/parts``; needs ``system:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/system/parts",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[PartView],
        )


class SystemPartsResourceRaw:
    """The methods of :class:`SystemPartsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SystemPartsResource(transport)
        self.list = raw(plain.list)


class AsyncSystemPartsResourceRaw:
    """The methods of :class:`AsyncSystemPartsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSystemPartsResource(transport)
        self.list = async_raw(plain.list)
