"""The routes of the fleet."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
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
