"""The namespace ``system.breakers``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.system import BreakerView


class SystemBreakersResource:
    """What is under ``system.breakers``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SystemBreakersResourceRaw":
        """Return the same methods, with the whole answer."""
        return SystemBreakersResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        upstream_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[BreakerView]:
        """List how each gateway finds the targets that it called, every two seconds anew.

        A gateway tells of up to 100 targets, of those that it keeps calls from first. What it
        never
        called is not in the list.

        ``GET /api/v1/system/breakers``; needs ``system:read``.

        Args:
            upstream_id: Only those of one upstream.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/system/breakers",
                query={"upstream_id": upstream_id, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[BreakerView],
        )


class AsyncSystemBreakersResource:
    """What is under ``system.breakers``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSystemBreakersResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSystemBreakersResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        upstream_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[BreakerView]:
        """List how each gateway finds the targets that it called, every two seconds anew.

        A gateway tells of up to 100 targets, of those that it keeps calls from first. What it
        never
        called is not in the list.

        ``GET /api/v1/system/breakers``; needs ``system:read``.

        Args:
            upstream_id: Only those of one upstream.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/system/breakers",
                query={"upstream_id": upstream_id, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[BreakerView],
        )


class SystemBreakersResourceRaw:
    """The methods of :class:`SystemBreakersResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SystemBreakersResource(transport)
        self.list = raw(plain.list)


class AsyncSystemBreakersResourceRaw:
    """The methods of :class:`AsyncSystemBreakersResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSystemBreakersResource(transport)
        self.list = async_raw(plain.list)
