"""The namespace ``alerts``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.alerts import AlertView
from mainspring_sdk.resources.alerts_alertmanager import (
    AlertsAlertmanagerResource,
    AsyncAlertsAlertmanagerResource,
)


class AlertsResource:
    """What is under ``alerts``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.alertmanager = AlertsAlertmanagerResource(transport)

    @property
    def with_raw_response(self) -> "AlertsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AlertsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        state: Literal["firing", "resolved"] | None = None,
        severity: Literal["info", "warning", "critical"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[AlertView]:
        """List the platform's alerts, newest first.

        ``GET /api/v1/alerts``; needs ``alert:read``.

        Args:
            state: Only those in this state.
            severity: Only those of this severity.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/alerts",
                query={"state": state, "severity": severity, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[AlertView],
        )

    def get(
        self,
        alert_id: str,
        *,
        timeout: float | None = None,
    ) -> AlertView:
        """Read one alert.

        ``GET /api/v1/alerts/{alert_id}``; needs ``alert:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/alerts/{}", alert_id), timeout=timeout),
            AlertView,
        )


class AsyncAlertsResource:
    """What is under ``alerts``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.alertmanager = AsyncAlertsAlertmanagerResource(transport)

    @property
    def with_raw_response(self) -> "AsyncAlertsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAlertsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        state: Literal["firing", "resolved"] | None = None,
        severity: Literal["info", "warning", "critical"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[AlertView]:
        """List the platform's alerts, newest first.

        ``GET /api/v1/alerts``; needs ``alert:read``.

        Args:
            state: Only those in this state.
            severity: Only those of this severity.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/alerts",
                query={"state": state, "severity": severity, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[AlertView],
        )

    async def get(
        self,
        alert_id: str,
        *,
        timeout: float | None = None,
    ) -> AlertView:
        """Read one alert.

        ``GET /api/v1/alerts/{alert_id}``; needs ``alert:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/alerts/{}", alert_id), timeout=timeout),
            AlertView,
        )


class AlertsResourceRaw:
    """The methods of :class:`AlertsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AlertsResource(transport)
        self.list = raw(plain.list)
        self.get = raw(plain.get)


class AsyncAlertsResourceRaw:
    """The methods of :class:`AsyncAlertsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAlertsResource(transport)
        self.list = async_raw(plain.list)
        self.get = async_raw(plain.get)
