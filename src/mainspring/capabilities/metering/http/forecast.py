"""What the present month will have cost, and the days that were unlike others."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from mainspring.capabilities.metering.api import CostService, Forecast
from mainspring.capabilities.metering.domain import USAGE_READ
from mainspring.capabilities.metering.http.asked import OrgId, ProjectId
from mainspring.infra.web import CurrentScope, View, needs, provided

router = APIRouter()


class DayCostView(View):
    """One whole day, by UTC."""

    start: datetime = Field(description="When the day begins.")
    cost: int = Field(description="Billionths of the currency.")
    expected: int | None = Field(description="Unset where there was too little before it.")
    unlike: Literal["more", "less"] | None = Field(
        description="Set where it cost far more or less than expected."
    )


class CurrencyForecastView(View):
    """One currency; amounts are billionths of it."""

    currency: str = Field(examples=["USD"])
    so_far: int = Field(description="What the month cost until now.")
    expected: int | None = Field(
        description="What the whole month will have cost; unset with less than 14 days of history."
    )
    low: int | None = Field(description="In 80 of 100 months like this it is not less.")
    high: int | None = Field(description="In 80 of 100 months like this it is not more.")
    days: list[DayCostView] = Field(description="Up to 28, the last of them yesterday.")


class ForecastView(View):
    """The present month, by UTC."""

    month: str = Field(examples=["2026-11"])
    made_at: datetime
    currencies: list[CurrencyForecastView]


@router.get(
    "/costs/forecast",
    operation_id="forecast_costs",
    openapi_extra=needs(USAGE_READ),
    response_model=ForecastView,
)
async def forecast_costs(
    *,
    costs: Annotated[CostService, Depends(provided(CostService))],
    scope: CurrentScope,
    org_id: OrgId = None,
    project_id: ProjectId = None,
    model: Annotated[str | None, Query(max_length=500)] = None,
) -> Forecast:
    """Tell what this month will have cost, and which of the last days were unlike others.

    A day is expected to be like the same weekdays of the eight weeks before it.
    """
    return await costs.forecast(scope, org_id=org_id, project_id=project_id, model=model)
