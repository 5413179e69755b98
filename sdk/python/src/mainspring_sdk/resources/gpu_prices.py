"""The namespace ``gpu_prices``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from datetime import datetime
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.usage import GpuPriceView


class GpuPricesResource:
    """What is under ``gpu_prices``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "GpuPricesResourceRaw":
        """Return the same methods, with the whole answer."""
        return GpuPricesResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[GpuPriceView]:
        """List what GPU hours cost, for callers who may see the usage of the whole platform.

        ``GET /api/v1/gpu-prices``; needs ``usage:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/gpu-prices",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[GpuPriceView],
        )

    def create(
        self,
        *,
        name: str,
        upstream_id: str,
        hourly_nanos: int,
        valid_from: datetime,
        gpus: float | UnsetType = UNSET,
        shared_by: Literal["tokens", "busy_seconds"] | UnsetType = UNSET,
        valid_until: datetime | UnsetType | None = UNSET,
        upstream_model: str | UnsetType | None = UNSET,
        currency: str | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> GpuPriceView:
        """Say what GPUs cost; hours of the last three days are booked by it within the hour.

        ``POST /api/v1/gpu-prices``; needs ``gpu_price:write``.

        Args:
            gpus: How many are held all the time.
            shared_by: What an hour is shared by among its calls.
            valid_until: Exclusive; unset: for good.
            upstream_model: By the upstream's name for it; unset: all of them.
            hourly_nanos: What a GPU costs in an hour, in billionths of the currency.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/gpu-prices",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "gpus": gpus,
                        "shared_by": shared_by,
                        "valid_until": valid_until,
                        "name": name,
                        "upstream_id": upstream_id,
                        "upstream_model": upstream_model,
                        "hourly_nanos": hourly_nanos,
                        "currency": currency,
                        "valid_from": valid_from,
                    }
                ),
                timeout=timeout,
            ),
            GpuPriceView,
        )

    def delete(
        self,
        gpu_price_id: str,
        *,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> None:
        """Remove a price as if it had never been; to end one, set its `valid_until`.

        What was booked by it in the last three days is reversed.

        ``DELETE /api/v1/gpu-prices/{gpu_price_id}``; needs ``gpu_price:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/gpu-prices/{}", gpu_price_id),
                headers=headers_of(if_match=if_match),
                timeout=timeout,
            )
        )

    def update(
        self,
        gpu_price_id: str,
        *,
        gpus: float | UnsetType = UNSET,
        shared_by: Literal["tokens", "busy_seconds"] | UnsetType = UNSET,
        valid_until: datetime | UnsetType | None = UNSET,
        name: str | UnsetType = UNSET,
        hourly_nanos: int | UnsetType = UNSET,
        valid_from: datetime | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> GpuPriceView:
        """Change a price, or end it; what was booked of the last three days is corrected.

        ``PATCH /api/v1/gpu-prices/{gpu_price_id}``; needs ``gpu_price:write``.

        Args:
            gpus: How many are held all the time.
            shared_by: What an hour is shared by among its calls.
            valid_until: Exclusive; unset: for good.
            hourly_nanos: What a GPU costs in an hour, in billionths of the currency.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/gpu-prices/{}", gpu_price_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "gpus": gpus,
                        "shared_by": shared_by,
                        "valid_until": valid_until,
                        "name": name,
                        "hourly_nanos": hourly_nanos,
                        "valid_from": valid_from,
                    }
                ),
                timeout=timeout,
            ),
            GpuPriceView,
        )


class AsyncGpuPricesResource:
    """What is under ``gpu_prices``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncGpuPricesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncGpuPricesResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[GpuPriceView]:
        """List what GPU hours cost, for callers who may see the usage of the whole platform.

        ``GET /api/v1/gpu-prices``; needs ``usage:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/gpu-prices",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[GpuPriceView],
        )

    async def create(
        self,
        *,
        name: str,
        upstream_id: str,
        hourly_nanos: int,
        valid_from: datetime,
        gpus: float | UnsetType = UNSET,
        shared_by: Literal["tokens", "busy_seconds"] | UnsetType = UNSET,
        valid_until: datetime | UnsetType | None = UNSET,
        upstream_model: str | UnsetType | None = UNSET,
        currency: str | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> GpuPriceView:
        """Say what GPUs cost; hours of the last three days are booked by it within the hour.

        ``POST /api/v1/gpu-prices``; needs ``gpu_price:write``.

        Args:
            gpus: How many are held all the time.
            shared_by: What an hour is shared by among its calls.
            valid_until: Exclusive; unset: for good.
            upstream_model: By the upstream's name for it; unset: all of them.
            hourly_nanos: What a GPU costs in an hour, in billionths of the currency.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/gpu-prices",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "gpus": gpus,
                        "shared_by": shared_by,
                        "valid_until": valid_until,
                        "name": name,
                        "upstream_id": upstream_id,
                        "upstream_model": upstream_model,
                        "hourly_nanos": hourly_nanos,
                        "currency": currency,
                        "valid_from": valid_from,
                    }
                ),
                timeout=timeout,
            ),
            GpuPriceView,
        )

    async def delete(
        self,
        gpu_price_id: str,
        *,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> None:
        """Remove a price as if it had never been; to end one, set its `valid_until`.

        What was booked by it in the last three days is reversed.

        ``DELETE /api/v1/gpu-prices/{gpu_price_id}``; needs ``gpu_price:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/gpu-prices/{}", gpu_price_id),
                headers=headers_of(if_match=if_match),
                timeout=timeout,
            )
        )

    async def update(
        self,
        gpu_price_id: str,
        *,
        gpus: float | UnsetType = UNSET,
        shared_by: Literal["tokens", "busy_seconds"] | UnsetType = UNSET,
        valid_until: datetime | UnsetType | None = UNSET,
        name: str | UnsetType = UNSET,
        hourly_nanos: int | UnsetType = UNSET,
        valid_from: datetime | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> GpuPriceView:
        """Change a price, or end it; what was booked of the last three days is corrected.

        ``PATCH /api/v1/gpu-prices/{gpu_price_id}``; needs ``gpu_price:write``.

        Args:
            gpus: How many are held all the time.
            shared_by: What an hour is shared by among its calls.
            valid_until: Exclusive; unset: for good.
            hourly_nanos: What a GPU costs in an hour, in billionths of the currency.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/gpu-prices/{}", gpu_price_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "gpus": gpus,
                        "shared_by": shared_by,
                        "valid_until": valid_until,
                        "name": name,
                        "hourly_nanos": hourly_nanos,
                        "valid_from": valid_from,
                    }
                ),
                timeout=timeout,
            ),
            GpuPriceView,
        )


class GpuPricesResourceRaw:
    """The methods of :class:`GpuPricesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = GpuPricesResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)


class AsyncGpuPricesResourceRaw:
    """The methods of :class:`AsyncGpuPricesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncGpuPricesResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
