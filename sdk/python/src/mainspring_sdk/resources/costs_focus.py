"""The namespace ``costs.focus``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from datetime import datetime
from typing import Literal

from mainspring_sdk._answers import AsyncDownload, Download
from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._transport import Transport


class CostsFocusResource:
    """What is under ``costs.focus``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def export(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        format: Literal["csv", "parquet"] | None = None,
        timeout: float | None = None,
    ) -> Download:
        """Export costs in the columns of FOCUS 1.2, which FinOps tools read.

        Calls without a known price have no cost and are left out: `GET /costs` counts them.
        Parquet has
        what was counted as well, in columns that begin with `x_`.

        ``GET /api/v1/costs/focus``; needs ``usage:read``.

        Args:
            since: Inclusive; by default 24 hours before `until`.
            until: Exclusive; by default now.
        """
        return self._transport.download(
            Call(
                method="GET",
                path="/api/v1/costs/focus",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "project_id": project_id,
                    "format": format,
                },
                accept="*/*",
                timeout=timeout,
            )
        )


class AsyncCostsFocusResource:
    """What is under ``costs.focus``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def export(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        format: Literal["csv", "parquet"] | None = None,
        timeout: float | None = None,
    ) -> AsyncDownload:
        """Export costs in the columns of FOCUS 1.2, which FinOps tools read.

        Calls without a known price have no cost and are left out: `GET /costs` counts them.
        Parquet has
        what was counted as well, in columns that begin with `x_`.

        ``GET /api/v1/costs/focus``; needs ``usage:read``.

        Args:
            since: Inclusive; by default 24 hours before `until`.
            until: Exclusive; by default now.
        """
        return self._transport.download(
            Call(
                method="GET",
                path="/api/v1/costs/focus",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "project_id": project_id,
                    "format": format,
                },
                accept="*/*",
                timeout=timeout,
            )
        )
