"""The namespace ``costs``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.usage import CostReportView, ForecastView
from mainspring_sdk.resources.costs_chargeback import (
    AsyncCostsChargebackResource,
    CostsChargebackResource,
)
from mainspring_sdk.resources.costs_focus import AsyncCostsFocusResource, CostsFocusResource


class CostsResource:
    """What is under ``costs``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.chargeback = CostsChargebackResource(transport)
        self.focus = CostsFocusResource(transport)

    @property
    def with_raw_response(self) -> "CostsResourceRaw":
        """Return the same methods, with the whole answer."""
        return CostsResourceRaw(self._transport.raw())

    def summarize(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        group_by: Sequence[
            Literal[
                "organization",
                "project",
                "key",
                "actor",
                "model",
                "upstream",
                "upstream_model",
                "region",
                "operation",
                "track",
            ]
        ]
        | None = None,
        interval: Literal["hour", "day", "month"] | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        key_id: str | None = None,
        actor_id: str | None = None,
        model: str | None = None,
        format: Literal["json", "csv"] | None = None,
        timeout: float | None = None,
    ) -> CostReportView:
        """Sum up what calls used and cost, by whatever tells them apart.

        One question covers at most 366 days (31 by the hour) and 10,000 sums.

        ``GET /api/v1/costs``; needs ``usage:read``.

        Args:
            since: Inclusive; by default 24 hours before `until`.
            until: Exclusive; by default now.
            group_by: Up to four; each repeats the parameter.
            interval: Splits the sums by time, in UTC.
        """
        return self._transport.call(
            Call(
                method="GET",
                path="/api/v1/costs",
                query={
                    "since": since,
                    "until": until,
                    "group_by": group_by,
                    "interval": interval,
                    "org_id": org_id,
                    "project_id": project_id,
                    "key_id": key_id,
                    "actor_id": actor_id,
                    "model": model,
                    "format": format,
                },
                timeout=timeout,
            ),
            CostReportView,
        )

    def forecast(
        self,
        *,
        org_id: str | None = None,
        project_id: str | None = None,
        model: str | None = None,
        timeout: float | None = None,
    ) -> ForecastView:
        """Tell what this month will have cost, and which of the last days were unlike others.

        A day is expected to be like the same weekdays of the eight weeks before it.

        ``GET /api/v1/costs/forecast``; needs ``usage:read``.
        """
        return self._transport.call(
            Call(
                method="GET",
                path="/api/v1/costs/forecast",
                query={"org_id": org_id, "project_id": project_id, "model": model},
                timeout=timeout,
            ),
            ForecastView,
        )


class AsyncCostsResource:
    """What is under ``costs``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.chargeback = AsyncCostsChargebackResource(transport)
        self.focus = AsyncCostsFocusResource(transport)

    @property
    def with_raw_response(self) -> "AsyncCostsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncCostsResourceRaw(self._transport.raw())

    async def summarize(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        group_by: Sequence[
            Literal[
                "organization",
                "project",
                "key",
                "actor",
                "model",
                "upstream",
                "upstream_model",
                "region",
                "operation",
                "track",
            ]
        ]
        | None = None,
        interval: Literal["hour", "day", "month"] | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        key_id: str | None = None,
        actor_id: str | None = None,
        model: str | None = None,
        format: Literal["json", "csv"] | None = None,
        timeout: float | None = None,
    ) -> CostReportView:
        """Sum up what calls used and cost, by whatever tells them apart.

        One question covers at most 366 days (31 by the hour) and 10,000 sums.

        ``GET /api/v1/costs``; needs ``usage:read``.

        Args:
            since: Inclusive; by default 24 hours before `until`.
            until: Exclusive; by default now.
            group_by: Up to four; each repeats the parameter.
            interval: Splits the sums by time, in UTC.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path="/api/v1/costs",
                query={
                    "since": since,
                    "until": until,
                    "group_by": group_by,
                    "interval": interval,
                    "org_id": org_id,
                    "project_id": project_id,
                    "key_id": key_id,
                    "actor_id": actor_id,
                    "model": model,
                    "format": format,
                },
                timeout=timeout,
            ),
            CostReportView,
        )

    async def forecast(
        self,
        *,
        org_id: str | None = None,
        project_id: str | None = None,
        model: str | None = None,
        timeout: float | None = None,
    ) -> ForecastView:
        """Tell what this month will have cost, and which of the last days were unlike others.

        A day is expected to be like the same weekdays of the eight weeks before it.

        ``GET /api/v1/costs/forecast``; needs ``usage:read``.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path="/api/v1/costs/forecast",
                query={"org_id": org_id, "project_id": project_id, "model": model},
                timeout=timeout,
            ),
            ForecastView,
        )


class CostsResourceRaw:
    """The methods of :class:`CostsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = CostsResource(transport)
        self.summarize = raw(plain.summarize)
        self.forecast = raw(plain.forecast)


class AsyncCostsResourceRaw:
    """The methods of :class:`AsyncCostsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncCostsResource(transport)
        self.summarize = async_raw(plain.summarize)
        self.forecast = async_raw(plain.forecast)
