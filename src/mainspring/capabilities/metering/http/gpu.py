"""What GPU hours of self-hosted models cost."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, Field

from mainspring.capabilities.metering.api import (
    GpuPrice,
    GpuPriceChanges,
    GpuPriceService,
    SharedBy,
)
from mainspring.capabilities.metering.domain import GPU_PRICE_WRITE, USAGE_READ
from mainspring.capabilities.metering.domain.gpu import (
    CURRENCY_PATTERN,
    MAX_GPUS,
    MAX_HOURLY_NANOS,
)
from mainspring.infra.web import (
    Body,
    CurrentScope,
    IfMatch,
    PageParams,
    Patch,
    Shape,
    View,
    needs,
    problems,
    provided,
    tag,
)
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PreconditionFailedError,
)
from mainspring.kernel.paging import Page

router = APIRouter()
Prices = Annotated[GpuPriceService, Depends(provided(GpuPriceService))]
Name = Annotated[str, Field(min_length=1, max_length=120, examples=["H100, eight of them"])]
Nanos = Annotated[
    int,
    Field(
        ge=0,
        le=MAX_HOURLY_NANOS,
        examples=[2_500_000_000],
        description="What a GPU costs in an hour, in billionths of the currency.",
    ),
]


class _Terms(Shape):
    """What else a price says."""

    gpus: float = Field(1.0, gt=0, le=MAX_GPUS, description="How many are held all the time.")
    shared_by: SharedBy = Field(
        SharedBy.TOKENS, description="What an hour is shared by among its calls."
    )
    valid_until: AwareDatetime | None = Field(None, description="Exclusive; unset: for good.")


class NewGpuPrice(Body, _Terms):
    """What the GPUs behind an upstream, or behind one of its models, cost."""

    name: Name
    upstream_id: str = Field(max_length=64, examples=["ups_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    upstream_model: str | None = Field(
        None, max_length=500, description="By the upstream's name for it; unset: all of them."
    )
    hourly_nanos: Nanos
    currency: str = Field("USD", pattern=f"^{CURRENCY_PATTERN}$")
    valid_from: AwareDatetime


class GpuPricePatch(Patch, _Terms):
    """What is to change; a field that is left out stays."""

    name: Name = "x"
    hourly_nanos: Nanos = 0
    valid_from: AwareDatetime = Field(datetime.fromisoformat("2026-01-01T00:00:00+00:00"))


class GpuPriceView(View):
    """What GPU hours cost, and when."""

    id: str = Field(examples=["gpr_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    name: str
    upstream_id: str
    upstream_model: str | None
    gpus: float
    hourly_nanos: int
    currency: str
    shared_by: SharedBy
    valid_from: datetime
    valid_until: datetime | None
    created_at: datetime
    updated_at: datetime
    revision: int


class GpuPricePage(View):
    """Some prices."""

    items: list[GpuPriceView]
    next_cursor: str | None


@router.get(
    "/gpu-prices",
    operation_id="list_gpu_prices",
    openapi_extra=needs(USAGE_READ),
    response_model=GpuPricePage,
)
async def list_gpu_prices(prices: Prices, scope: CurrentScope, page: PageParams) -> Page[GpuPrice]:
    """List what GPU hours cost, for callers who may see the usage of the whole platform."""
    return await prices.list_prices(scope, page)


@router.post(
    "/gpu-prices",
    operation_id="create_gpu_price",
    openapi_extra=needs(GPU_PRICE_WRITE),
    status_code=201,
    response_model=GpuPriceView,
    responses=problems(InvalidRequestError, ConflictError),
)
async def create_gpu_price(
    prices: Prices, scope: CurrentScope, body: NewGpuPrice, response: Response
) -> GpuPrice:
    """Say what GPUs cost; hours of the last three days are booked by it within the hour."""
    given = {name: getattr(body, name) for name in NewGpuPrice.model_fields}
    at = body.valid_from
    price = await prices.create(scope, GpuPrice(**given, id="", created_at=at, updated_at=at))
    tag(response, price.revision)
    return price


@router.patch(
    "/gpu-prices/{gpu_price_id}",
    operation_id="update_gpu_price",
    openapi_extra=needs(GPU_PRICE_WRITE),
    response_model=GpuPriceView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError, PreconditionFailedError),
)
async def update_gpu_price(
    *,
    prices: Prices,
    scope: CurrentScope,
    gpu_price_id: str,
    body: GpuPricePatch,
    if_match: IfMatch,
    response: Response,
) -> GpuPrice:
    """Change a price, or end it; what was booked of the last three days is corrected."""
    changes = GpuPriceChanges(**body.changed_fields())
    price = await prices.update(scope, gpu_price_id, changes, expected_revision=if_match)
    tag(response, price.revision)
    return price


@router.delete(
    "/gpu-prices/{gpu_price_id}",
    operation_id="delete_gpu_price",
    openapi_extra=needs(GPU_PRICE_WRITE),
    status_code=204,
    responses=problems(NotFoundError, PreconditionFailedError),
)
async def delete_gpu_price(
    prices: Prices, scope: CurrentScope, gpu_price_id: str, if_match: IfMatch
) -> None:
    """Remove a price as if it had never been; to end one, set its `valid_until`.

    What was booked by it in the last three days is reversed.
    """
    await prices.delete(scope, gpu_price_id, expected_revision=if_match)
