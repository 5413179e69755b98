"""What nobody used for a while."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from mainspring.capabilities.metering.api import IdleKind, IdleReport, IdleService
from mainspring.capabilities.metering.domain import USAGE_READ
from mainspring.capabilities.metering.domain.idle import MAX_IDLE_DAYS, MIN_IDLE_DAYS
from mainspring.capabilities.metering.http.asked import OrgId
from mainspring.infra.web import CurrentScope, View, needs, provided

router = APIRouter()


class IdleView(View):
    """A thing that nobody used."""

    kind: IdleKind
    id: str = Field(description="Of a target: its model's.")
    name: str
    org_id: str | None
    project_id: str | None
    upstream_id: str | None
    upstream_model: str | None
    created_at: datetime
    last_used_at: datetime | None = Field(description="Of keys, where it is known.")
    hourly: dict[str, int] = Field(
        examples=[{"USD": 5_000_000_000}],
        description="What its GPUs cost in every hour now, in billionths of each currency.",
    )
    cost: dict[str, int] = Field(
        description="What their hours without a call cost in that time, likewise."
    )


class IdleReportView(View):
    """What was not used between two moments."""

    since: datetime
    until: datetime
    items: list[IdleView]
    idle_hours: dict[str, int] = Field(
        description="What all GPU hours without a call cost in that time, in billionths."
    )
    more_keys: bool = Field(description="Whether further keys are idle, beyond a thousand.")


@router.get(
    "/usage/idle",
    operation_id="list_idle_resources",
    openapi_extra=needs(USAGE_READ),
    response_model=IdleReportView,
)
async def list_idle_resources(
    *,
    idle: Annotated[IdleService, Depends(provided(IdleService))],
    scope: CurrentScope,
    days: Annotated[
        int, Query(ge=MIN_IDLE_DAYS, le=MAX_IDLE_DAYS, description="Without a call for so long.")
    ] = 30,
    org_id: OrgId = None,
) -> IdleReport:
    """List models, targets, upstreams and keys that nobody used, and what their GPUs cost.

    What is younger than that is left out. Of an organisation: its own keys and models.
    """
    return await idle.report(scope, days=days, org_id=org_id)
