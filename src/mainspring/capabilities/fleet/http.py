"""The routes of the fleet."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from mainspring.capabilities.fleet.api import FleetService
from mainspring.capabilities.fleet.domain import SYSTEM_READ
from mainspring.infra.web import (
    CurrentScope,
    View,
    WholePageParams,
    needs,
    page_of_all,
    problems,
    provided,
)
from mainspring.kernel.errors import PermissionDeniedError, SignInRequiredError

router = APIRouter(tags=["system"], responses=problems(SignInRequiredError, PermissionDeniedError))
Fleet = Annotated[FleetService, Depends(provided(FleetService))]


class PartView(View):
    """A running part as it last told of itself."""

    instance_id: str
    role: str = Field(examples=["gateway"])
    name: str
    state: str = Field(
        description="`starting`, `ready`, `degraded`, `stopping`, `stopped`, `failed` or `lost`."
    )
    version: str
    started_at: datetime
    last_seen_at: datetime
    details: dict[str, str | int | float | bool] = Field(examples=[{"port": 8080}])


class PartList(View):
    """Parts, by role and name."""

    items: list[PartView]
    next_cursor: str | None


@router.get("/system/parts", operation_id="list_parts", openapi_extra=needs(SYSTEM_READ))
async def list_parts(fleet: Fleet, scope: CurrentScope, page: WholePageParams) -> PartList:
    """List the platform's parts and their health."""
    found = page_of_all(await fleet.list_parts(scope), page, lambda part: part.instance_id)
    return PartList.model_validate(found)


class BreakerView(View):
    """How one gateway finds a target: an upstream, and what the model is called there."""

    gateway: str = Field(description="Its name.")
    instance_id: str
    upstream_id: str
    upstream_model: str
    circuit: str = Field(description="`closed`, `open` or `half_open` (one probe decides).")
    obstacle: str | None = Field(
        description="Why the target is not asked now: `circuit_open`, `probing`, `cooling_down`"
        " (it asked for that) or `ejected`; `null`: it is asked."
    )
    retry_at: datetime | None = Field(description="When it is asked again, as far as is known.")
    in_flight: int = Field(description="Calls under way.")
    latency_ms: float | None = Field(
        description="Time to the first byte, the newest calls counting most."
    )
    opened: int = Field(description="How often the circuit opened since the gateway began.")
    seen_at: datetime = Field(description="When the gateway last said so.")


class BreakerPage(View):
    """Breakers, those that keep calls away first."""

    items: list[BreakerView]
    next_cursor: str | None


@router.get("/system/breakers", operation_id="list_breakers", openapi_extra=needs(SYSTEM_READ))
async def list_breakers(
    fleet: Fleet,
    scope: CurrentScope,
    page: WholePageParams,
    upstream_id: Annotated[
        str | None, Query(max_length=64, description="Only those of one upstream.")
    ] = None,
) -> BreakerPage:
    """List how each gateway finds the targets that it called, every two seconds anew.

    A gateway tells of up to 100 targets, of those that it keeps calls from first. What it never
    called is not in the list.
    """
    found = await fleet.list_breakers(scope, upstream_id)
    return BreakerPage.model_validate(page_of_all(found, page, lambda one: one.id))
