"""The namespace ``usage.summary``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from datetime import datetime
from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.shared import UsageSummaryView


class UsageSummaryResource:
    """What is under ``usage.summary``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "UsageSummaryResourceRaw":
        """Return the same methods, with the whole answer."""
        return UsageSummaryResourceRaw(self._transport.raw())

    def summarize(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        group_by: Literal["model"] | None = None,
        timeout: float | None = None,
    ) -> UsageSummaryView:
        """Sum calls up by model; by default over the last 24 hours.

        ``GET /api/v1/usage/summary``; needs ``usage:read``.

        Args:
            since: Inclusive; by default 24 hours before `until`.
            until: Exclusive; by default now.
        """
        return self._transport.call(
            Call(
                method="GET",
                path="/api/v1/usage/summary",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "project_id": project_id,
                    "group_by": group_by,
                },
                timeout=timeout,
            ),
            UsageSummaryView,
        )


class AsyncUsageSummaryResource:
    """What is under ``usage.summary``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncUsageSummaryResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncUsageSummaryResourceRaw(self._transport.raw())

    async def summarize(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        group_by: Literal["model"] | None = None,
        timeout: float | None = None,
    ) -> UsageSummaryView:
        """Sum calls up by model; by default over the last 24 hours.

        ``GET /api/v1/usage/summary``; needs ``usage:read``.

        Args:
            since: Inclusive; by default 24 hours before `until`.
            until: Exclusive; by default now.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path="/api/v1/usage/summary",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "project_id": project_id,
                    "group_by": group_by,
                },
                timeout=timeout,
            ),
            UsageSummaryView,
        )


class UsageSummaryResourceRaw:
    """The methods of :class:`UsageSummaryResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = UsageSummaryResource(transport)
        self.summarize = raw(plain.summarize)


class AsyncUsageSummaryResourceRaw:
    """The methods of :class:`AsyncUsageSummaryResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncUsageSummaryResource(transport)
        self.summarize = async_raw(plain.summarize)
