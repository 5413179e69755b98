"""The namespace ``slos``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.slos import SloView
from mainspring_sdk.resources.slos_alerts import AsyncSlosAlertsResource, SlosAlertsResource
from mainspring_sdk.resources.slos_rules import AsyncSlosRulesResource, SlosRulesResource
from mainspring_sdk.resources.slos_status import AsyncSlosStatusResource, SlosStatusResource


class SlosResource:
    """What is under ``slos``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.alerts = SlosAlertsResource(transport)
        self.rules = SlosRulesResource(transport)
        self.status = SlosStatusResource(transport)

    @property
    def with_raw_response(self) -> "SlosResourceRaw":
        """Return the same methods, with the whole answer."""
        return SlosResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[SloView]:
        """List the objectives, oldest first.

        ``GET /api/v1/slos``; needs ``slo:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/slos",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SloView],
        )

    def create(
        self,
        *,
        name: str,
        indicator: Literal["availability", "error_rate", "latency", "time_to_first_token"],
        target: float,
        description: str | UnsetType = UNSET,
        threshold_ms: int | UnsetType | None = UNSET,
        window_days: int | UnsetType = UNSET,
        model: str | UnsetType | None = UNSET,
        operation: str | UnsetType | None = UNSET,
        min_calls: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> SloView:
        """Promise something; the calls of the last three days are counted within minutes.

        ``POST /api/v1/slos``; needs ``slo:write``.

        Args:
            threshold_ms: For `latency` and `time_to_first_token`: later than so many
                milliseconds is bad. One of 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000,
                10000, 30000, 60000, 120000, 300000.
            window_days: The time over which the share of good calls is promised.
            model: Only calls of this model.
            operation: Only calls of this route.
            min_calls: The longer window of an alert has seen so many calls before it fires.
            indicator: `availability`: a status below 500 is good; `error_rate`: one below
                400; `latency` and `time_to_first_token`: within the threshold.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/slos",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "description": description,
                        "threshold_ms": threshold_ms,
                        "window_days": window_days,
                        "model": model,
                        "operation": operation,
                        "min_calls": min_calls,
                        "enabled": enabled,
                        "name": name,
                        "indicator": indicator,
                        "target": target,
                    }
                ),
                timeout=timeout,
            ),
            SloView,
        )

    def get(
        self,
        slo_id: str,
        *,
        timeout: float | None = None,
    ) -> SloView:
        """Read one objective.

        ``GET /api/v1/slos/{slo_id}``; needs ``slo:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/slos/{}", slo_id), timeout=timeout), SloView
        )

    def delete(
        self,
        slo_id: str,
        *,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> None:
        """Remove an objective with what was counted and told of it.

        ``DELETE /api/v1/slos/{slo_id}``; needs ``slo:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/slos/{}", slo_id),
                headers=headers_of(if_match=if_match),
                timeout=timeout,
            )
        )

    def update(
        self,
        slo_id: str,
        *,
        description: str | UnsetType = UNSET,
        threshold_ms: int | UnsetType | None = UNSET,
        window_days: int | UnsetType = UNSET,
        model: str | UnsetType | None = UNSET,
        operation: str | UnsetType | None = UNSET,
        min_calls: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        name: str | UnsetType = UNSET,
        indicator: Literal["availability", "error_rate", "latency", "time_to_first_token"]
        | UnsetType = UNSET,
        target: float | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> SloView:
        """Change an objective; if other calls count from now on, they are counted anew.

        ``PATCH /api/v1/slos/{slo_id}``; needs ``slo:write``.

        Args:
            threshold_ms: For `latency` and `time_to_first_token`: later than so many
                milliseconds is bad. One of 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000,
                10000, 30000, 60000, 120000, 300000.
            window_days: The time over which the share of good calls is promised.
            model: Only calls of this model.
            operation: Only calls of this route.
            min_calls: The longer window of an alert has seen so many calls before it fires.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/slos/{}", slo_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "description": description,
                        "threshold_ms": threshold_ms,
                        "window_days": window_days,
                        "model": model,
                        "operation": operation,
                        "min_calls": min_calls,
                        "enabled": enabled,
                        "name": name,
                        "indicator": indicator,
                        "target": target,
                    }
                ),
                timeout=timeout,
            ),
            SloView,
        )


class AsyncSlosResource:
    """What is under ``slos``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.alerts = AsyncSlosAlertsResource(transport)
        self.rules = AsyncSlosRulesResource(transport)
        self.status = AsyncSlosStatusResource(transport)

    @property
    def with_raw_response(self) -> "AsyncSlosResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSlosResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[SloView]:
        """List the objectives, oldest first.

        ``GET /api/v1/slos``; needs ``slo:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/slos",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SloView],
        )

    async def create(
        self,
        *,
        name: str,
        indicator: Literal["availability", "error_rate", "latency", "time_to_first_token"],
        target: float,
        description: str | UnsetType = UNSET,
        threshold_ms: int | UnsetType | None = UNSET,
        window_days: int | UnsetType = UNSET,
        model: str | UnsetType | None = UNSET,
        operation: str | UnsetType | None = UNSET,
        min_calls: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> SloView:
        """Promise something; the calls of the last three days are counted within minutes.

        ``POST /api/v1/slos``; needs ``slo:write``.

        Args:
            threshold_ms: For `latency` and `time_to_first_token`: later than so many
                milliseconds is bad. One of 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000,
                10000, 30000, 60000, 120000, 300000.
            window_days: The time over which the share of good calls is promised.
            model: Only calls of this model.
            operation: Only calls of this route.
            min_calls: The longer window of an alert has seen so many calls before it fires.
            indicator: `availability`: a status below 500 is good; `error_rate`: one below
                400; `latency` and `time_to_first_token`: within the threshold.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/slos",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "description": description,
                        "threshold_ms": threshold_ms,
                        "window_days": window_days,
                        "model": model,
                        "operation": operation,
                        "min_calls": min_calls,
                        "enabled": enabled,
                        "name": name,
                        "indicator": indicator,
                        "target": target,
                    }
                ),
                timeout=timeout,
            ),
            SloView,
        )

    async def get(
        self,
        slo_id: str,
        *,
        timeout: float | None = None,
    ) -> SloView:
        """Read one objective.

        ``GET /api/v1/slos/{slo_id}``; needs ``slo:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/slos/{}", slo_id), timeout=timeout), SloView
        )

    async def delete(
        self,
        slo_id: str,
        *,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> None:
        """Remove an objective with what was counted and told of it.

        ``DELETE /api/v1/slos/{slo_id}``; needs ``slo:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/slos/{}", slo_id),
                headers=headers_of(if_match=if_match),
                timeout=timeout,
            )
        )

    async def update(
        self,
        slo_id: str,
        *,
        description: str | UnsetType = UNSET,
        threshold_ms: int | UnsetType | None = UNSET,
        window_days: int | UnsetType = UNSET,
        model: str | UnsetType | None = UNSET,
        operation: str | UnsetType | None = UNSET,
        min_calls: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        name: str | UnsetType = UNSET,
        indicator: Literal["availability", "error_rate", "latency", "time_to_first_token"]
        | UnsetType = UNSET,
        target: float | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> SloView:
        """Change an objective; if other calls count from now on, they are counted anew.

        ``PATCH /api/v1/slos/{slo_id}``; needs ``slo:write``.

        Args:
            threshold_ms: For `latency` and `time_to_first_token`: later than so many
                milliseconds is bad. One of 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000,
                10000, 30000, 60000, 120000, 300000.
            window_days: The time over which the share of good calls is promised.
            model: Only calls of this model.
            operation: Only calls of this route.
            min_calls: The longer window of an alert has seen so many calls before it fires.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/slos/{}", slo_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "description": description,
                        "threshold_ms": threshold_ms,
                        "window_days": window_days,
                        "model": model,
                        "operation": operation,
                        "min_calls": min_calls,
                        "enabled": enabled,
                        "name": name,
                        "indicator": indicator,
                        "target": target,
                    }
                ),
                timeout=timeout,
            ),
            SloView,
        )


class SlosResourceRaw:
    """The methods of :class:`SlosResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SlosResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)


class AsyncSlosResourceRaw:
    """The methods of :class:`AsyncSlosResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSlosResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
