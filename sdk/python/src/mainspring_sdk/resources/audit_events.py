"""The namespace ``audit.events``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from datetime import datetime

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.audit import EventView


class AuditEventsResource:
    """What is under ``audit.events``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AuditEventsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AuditEventsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        actor_id: str | None = None,
        action: str | None = None,
        object_id: str | None = None,
        request_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[EventView]:
        """Search the audit trail, newest first.

        ``GET /api/v1/audit/events``; needs ``audit:read``.

        Args:
            since: Inclusive; by default 30 days before `until`.
            until: Exclusive; by default now.
            org_id: Whose chain; `org_platform` is the platform's. By default all that you
                see.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/audit/events",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "actor_id": actor_id,
                    "action": action,
                    "object_id": object_id,
                    "request_id": request_id,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[EventView],
        )


class AsyncAuditEventsResource:
    """What is under ``audit.events``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAuditEventsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAuditEventsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        actor_id: str | None = None,
        action: str | None = None,
        object_id: str | None = None,
        request_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[EventView]:
        """Search the audit trail, newest first.

        ``GET /api/v1/audit/events``; needs ``audit:read``.

        Args:
            since: Inclusive; by default 30 days before `until`.
            until: Exclusive; by default now.
            org_id: Whose chain; `org_platform` is the platform's. By default all that you
                see.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/audit/events",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "actor_id": actor_id,
                    "action": action,
                    "object_id": object_id,
                    "request_id": request_id,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[EventView],
        )


class AuditEventsResourceRaw:
    """The methods of :class:`AuditEventsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AuditEventsResource(transport)
        self.list = raw(plain.list)


class AsyncAuditEventsResourceRaw:
    """The methods of :class:`AsyncAuditEventsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAuditEventsResource(transport)
        self.list = async_raw(plain.list)
