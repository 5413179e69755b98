"""The routes of objectives."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field
from starlette.responses import PlainTextResponse

from mainspring.capabilities.slo.api import (
    Alert,
    AlertState,
    Indicator,
    Slo,
    SloChanges,
    SloService,
    SloStatus,
)
from mainspring.capabilities.slo.domain import (
    MAX_DESCRIPTION,
    MAX_TARGET,
    MAX_WINDOW_DAYS,
    MIN_TARGET,
    MIN_WINDOW_DAYS,
    SLO_READ,
    SLO_WRITE,
    THRESHOLDS_MS,
    Severity,
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
    PermissionDeniedError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(tags=["slos"], responses=problems(SignInRequiredError, PermissionDeniedError))
Slos = Annotated[SloService, Depends(provided(SloService))]

_YAML = "application/yaml"
_BOUNDS = ", ".join(map(str, THRESHOLDS_MS))

Name = Annotated[str, Field(min_length=1, max_length=63, examples=["chat-availability"])]
Target = Annotated[float, Field(ge=MIN_TARGET, le=MAX_TARGET, examples=[0.999])]


class _Terms(Shape):
    """What else an objective says."""

    description: str = Field("", max_length=MAX_DESCRIPTION)
    threshold_ms: int | None = Field(
        None,
        description="For `latency` and `time_to_first_token`: later than so many milliseconds is "
        f"bad. One of {_BOUNDS}.",
    )
    window_days: int = Field(
        30,
        ge=MIN_WINDOW_DAYS,
        le=MAX_WINDOW_DAYS,
        description="The time over which the share of good calls is promised.",
    )
    model: str | None = Field(None, max_length=200, description="Only calls of this model.")
    operation: str | None = Field(
        None, max_length=64, description="Only calls of this route.", examples=["chat"]
    )
    min_calls: int = Field(
        10,
        ge=1,
        le=1_000_000,
        description="The longer window of an alert has seen so many calls before it fires.",
    )
    enabled: bool = True


class NewSlo(Body, _Terms):
    """What is promised."""

    name: Name
    indicator: Indicator = Field(
        description="`availability`: a status below 500 is good; `error_rate`: one below 400; "
        "`latency` and `time_to_first_token`: within the threshold."
    )
    target: Target


class SloPatch(Patch, _Terms):
    """What is to change; a field that is left out stays."""

    name: Name = "x"
    indicator: Indicator = Indicator.AVAILABILITY
    target: Target = MIN_TARGET


class SloView(View):
    """An objective."""

    id: str = Field(examples=["slo_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    name: str
    description: str
    indicator: Indicator
    target: float
    threshold_ms: int | None
    window_days: int
    model: str | None
    operation: str | None
    min_calls: int
    enabled: bool
    created_at: datetime
    updated_at: datetime
    revision: int


class SloPage(View):
    """Some objectives."""

    items: list[SloView]
    next_cursor: str | None


class BurningView(View):
    """How fast the budget is spent over a pair of windows; 1 spends it exactly."""

    long_s: int = Field(description="The longer window, in seconds.")
    short_s: int = Field(description="The shorter window, in seconds.")
    severity: Severity
    threshold: float = Field(description="The rate above which it fires.")
    long_rate: float
    short_rate: float
    firing: bool


class SloStatusView(View):
    """How an objective stands."""

    total: int = Field(description="Calls within the objective's window.")
    bad: int
    achieved: float | None = Field(description="The share of good ones; `null` without calls.")
    budget_left: float = Field(description="1: nothing is spent. Below 0: the promise is broken.")
    burning: list[BurningView]
    measured_until: datetime | None = Field(
        description="Calls that arrived before this were counted; `null`: not yet any."
    )


class SloAlertView(View):
    """An objective whose budget is or was spent too fast."""

    id: str = Field(examples=["alt_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    slo_id: str
    state: AlertState
    severity: Severity
    rate: float = Field(description="The burn rate over the longer window.")
    long_s: int
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None


class SloAlertPage(View):
    """Some alerts."""

    items: list[SloAlertView]
    next_cursor: str | None


@router.get(
    "/slos", operation_id="list_slos", openapi_extra=needs(SLO_READ), response_model=SloPage
)
async def list_slos(slos: Slos, scope: CurrentScope, page: PageParams) -> Page[Slo]:
    """List the objectives, oldest first."""
    return await slos.list_slos(scope, page)


@router.post(
    "/slos",
    operation_id="create_slo",
    openapi_extra=needs(SLO_WRITE),
    status_code=201,
    response_model=SloView,
    responses=problems(InvalidRequestError, ConflictError),
)
async def create_slo(slos: Slos, scope: CurrentScope, body: NewSlo, response: Response) -> Slo:
    """Promise something; the calls of the last three days are counted within minutes."""
    given = {name: getattr(body, name) for name in _Terms.model_fields}
    slo = await slos.create(
        scope,
        name=body.name,
        indicator=body.indicator,
        target=body.target,
        changes=SloChanges(**given),
    )
    tag(response, slo.revision)
    return slo


@router.get(
    "/slos/rules",
    operation_id="get_slo_rules",
    openapi_extra=needs(SLO_READ),
    response_class=PlainTextResponse,
    responses={200: {"content": {_YAML: {"schema": {"type": "object"}}}}},
)
async def get_slo_rules(slos: Slos, scope: CurrentScope) -> Response:
    """Get the enabled objectives as a file of rules for Prometheus."""
    return Response(await slos.rules(scope), media_type=_YAML)


@router.get(
    "/slos/alerts",
    operation_id="list_slo_alerts",
    openapi_extra=needs(SLO_READ),
    response_model=SloAlertPage,
)
async def list_slo_alerts(
    slos: Slos,
    scope: CurrentScope,
    page: PageParams,
    state: Annotated[AlertState | None, Query(description="Only those in this state.")] = None,
    slo_id: Annotated[str | None, Query(max_length=64, description="Only of this one.")] = None,
) -> Page[Alert]:
    """List the alerts that objectives gave, newest first."""
    return await slos.list_alerts(scope, page, state=state, slo_id=slo_id)


@router.get(
    "/slos/{slo_id}",
    operation_id="get_slo",
    openapi_extra=needs(SLO_READ),
    response_model=SloView,
    responses=problems(NotFoundError),
)
async def get_slo(slos: Slos, scope: CurrentScope, slo_id: str, response: Response) -> Slo:
    """Read one objective."""
    slo = await slos.get(scope, slo_id)
    tag(response, slo.revision)
    return slo


@router.patch(
    "/slos/{slo_id}",
    operation_id="update_slo",
    openapi_extra=needs(SLO_WRITE),
    response_model=SloView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError, PreconditionFailedError),
)
async def update_slo(
    *,
    slos: Slos,
    scope: CurrentScope,
    slo_id: str,
    body: SloPatch,
    if_match: IfMatch,
    response: Response,
) -> Slo:
    """Change an objective; if other calls count from now on, they are counted anew."""
    changes = SloChanges(**body.changed_fields())
    slo = await slos.update(scope, slo_id, changes, expected_revision=if_match)
    tag(response, slo.revision)
    return slo


@router.delete(
    "/slos/{slo_id}",
    operation_id="delete_slo",
    openapi_extra=needs(SLO_WRITE),
    status_code=204,
    responses=problems(NotFoundError, PreconditionFailedError),
)
async def delete_slo(slos: Slos, scope: CurrentScope, slo_id: str, if_match: IfMatch) -> None:
    """Remove an objective with what was counted and told of it."""
    await slos.delete(scope, slo_id, expected_revision=if_match)


@router.get(
    "/slos/{slo_id}/status",
    operation_id="get_slo_status",
    openapi_extra=needs(SLO_READ),
    response_model=SloStatusView,
    responses=problems(NotFoundError),
)
async def get_slo_status(slos: Slos, scope: CurrentScope, slo_id: str) -> SloStatus:
    """Tell how much of the budget is left, and how fast it is spent."""
    return await slos.status(scope, slo_id)
