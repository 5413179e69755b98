"""The namespace ``slos.alerts``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.slos import SloAlertView


class SlosAlertsResource:
    """What is under ``slos.alerts``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SlosAlertsResourceRaw":
        """Return the same methods, with the whole answer."""
        return SlosAlertsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        state: Literal["open", "resolved"] | None = None,
        slo_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[SloAlertView]:
        """List the alerts that objectives gave, newest first.

        ``GET /api/v1/slos/alerts``; needs ``slo:read``.

        Args:
            state: Only those in this state.
            slo_id: Only of this one.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/slos/alerts",
                query={"state": state, "slo_id": slo_id, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SloAlertView],
        )


class AsyncSlosAlertsResource:
    """What is under ``slos.alerts``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSlosAlertsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSlosAlertsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        state: Literal["open", "resolved"] | None = None,
        slo_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[SloAlertView]:
        """List the alerts that objectives gave, newest first.

        ``GET /api/v1/slos/alerts``; needs ``slo:read``.

        Args:
            state: Only those in this state.
            slo_id: Only of this one.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/slos/alerts",
                query={"state": state, "slo_id": slo_id, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SloAlertView],
        )


class SlosAlertsResourceRaw:
    """The methods of :class:`SlosAlertsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SlosAlertsResource(transport)
        self.list = raw(plain.list)


class AsyncSlosAlertsResourceRaw:
    """The methods of :class:`AsyncSlosAlertsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSlosAlertsResource(transport)
        self.list = async_raw(plain.list)
