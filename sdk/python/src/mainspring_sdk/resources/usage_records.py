"""The namespace ``usage.records``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from datetime import datetime

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.shared import UsageRecordView


class UsageRecordsResource:
    """What is under ``usage.records``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "UsageRecordsResourceRaw":
        """Return the same methods, with the whole answer."""
        return UsageRecordsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[UsageRecordView]:
        """List calls, newest first; by default those of the last 24 hours.

        ``GET /api/v1/usage/records``; needs ``usage:read``.

        Args:
            since: Inclusive; by default 24 hours before `until`.
            until: Exclusive; by default now.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/usage/records",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "project_id": project_id,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[UsageRecordView],
        )


class AsyncUsageRecordsResource:
    """What is under ``usage.records``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncUsageRecordsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncUsageRecordsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[UsageRecordView]:
        """List calls, newest first; by default those of the last 24 hours.

        ``GET /api/v1/usage/records``; needs ``usage:read``.

        Args:
            since: Inclusive; by default 24 hours before `until`.
            until: Exclusive; by default now.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/usage/records",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "project_id": project_id,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[UsageRecordView],
        )


class UsageRecordsResourceRaw:
    """The methods of :class:`UsageRecordsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = UsageRecordsResource(transport)
        self.list = raw(plain.list)


class AsyncUsageRecordsResourceRaw:
    """The methods of :class:`AsyncUsageRecordsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncUsageRecordsResource(transport)
        self.list = async_raw(plain.list)
