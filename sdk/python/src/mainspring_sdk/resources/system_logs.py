"""The namespace ``system.logs``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.system import LogLines


class SystemLogsResource:
    """What is under ``system.logs``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SystemLogsResourceRaw":
        """Return the same methods, with the whole answer."""
        return SystemLogsResourceRaw(self._transport.raw())

    def search(
        self,
        *,
        request_id: str | None = None,
        trace_id: str | None = None,
        source: Sequence[str] | None = None,
        level: Literal["debug", "info", "warning", "error", "critical"] | None = None,
        text: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> LogLines:
        """Search the logs of the machine that answers, newest lines first.

        ``GET /api/v1/system/logs``; needs ``system:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.call(
            Call(
                method="GET",
                path="/api/v1/system/logs",
                query={
                    "request_id": request_id,
                    "trace_id": trace_id,
                    "source": source,
                    "level": level,
                    "text": text,
                    "since": since,
                    "until": until,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            LogLines,
        )


class AsyncSystemLogsResource:
    """What is under ``system.logs``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSystemLogsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSystemLogsResourceRaw(self._transport.raw())

    async def search(
        self,
        *,
        request_id: str | None = None,
        trace_id: str | None = None,
        source: Sequence[str] | None = None,
        level: Literal["debug", "info", "warning", "error", "critical"] | None = None,
        text: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> LogLines:
        """Search the logs of the machine that answers, newest lines first.

        ``GET /api/v1/system/logs``; needs ``system:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path="/api/v1/system/logs",
                query={
                    "request_id": request_id,
                    "trace_id": trace_id,
                    "source": source,
                    "level": level,
                    "text": text,
                    "since": since,
                    "until": until,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            LogLines,
        )


class SystemLogsResourceRaw:
    """The methods of :class:`SystemLogsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SystemLogsResource(transport)
        self.search = raw(plain.search)


class AsyncSystemLogsResourceRaw:
    """The methods of :class:`AsyncSystemLogsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSystemLogsResource(transport)
        self.search = async_raw(plain.search)
