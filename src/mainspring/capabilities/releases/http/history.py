"""What happened to releases."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field, JsonValue

from mainspring.capabilities.releases.api import (
    Action,
    CanaryWatch,
    Decision,
    ReleaseEvent,
    ReleaseService,
    State,
)
from mainspring.capabilities.releases.domain import RELEASE_READ
from mainspring.infra.web import CurrentScope, PageParams, View, needs, problems, provided
from mainspring.kernel.errors import PermissionDeniedError, SignInRequiredError
from mainspring.kernel.paging import Page

router = APIRouter(responses=problems(SignInRequiredError, PermissionDeniedError))
Releases = Annotated[ReleaseService, Depends(provided(ReleaseService))]
Watch = Annotated[CanaryWatch, Depends(provided(CanaryWatch))]


class ReleaseEventView(View):
    """One step of a release, by whom and why."""

    id: str = Field(examples=["evt_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    at: datetime
    org_id: str | None
    model_id: str
    release_id: str
    version: str
    action: Action
    before: State | None
    after: State
    actor_kind: str = Field(description="`platform` where nobody had to ask for it.")
    actor_id: str
    reason: str
    details: dict[str, JsonValue] = Field(description="What the step was about.")


class ReleaseEventPage(View):
    """Some steps."""

    items: list[ReleaseEventView]
    next_cursor: str | None


class FigureView(BaseModel):
    """One comparison of the canary with the stable release."""

    measure: str = Field(description="`errors`, `ttft`, `duration` (ms) or `score`.")
    stable: float | None = Field(default=None, description="As it was seen.")
    canary: float | None = None
    stable_bound: float | None = Field(
        default=None, description="The worst that the stable side may truly be."
    )
    canary_bound: float | None = Field(
        default=None, description="The best that the canary may truly be."
    )
    allowed: float | None = None
    stable_count: int
    canary_count: int
    worse: bool = Field(default=False, description="Proven.")
    doubtful: bool = Field(default=False, description="It looks so.")


class DecisionView(View):
    """What was decided about a canary; the same one again counts in `repeats`."""

    id: str = Field(examples=["dec_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    at: datetime
    last_at: datetime
    model_id: str
    release_id: str
    version: str
    step: int
    block: int = Field(description="Counts the guard's windows within the step.")
    verdict: Literal["hold", "advance", "promote", "roll_back"]
    reason: str = Field(examples=["errors"])
    alpha: float = Field(description="The chance of error that each bound was given.")
    figures: list[FigureView]
    repeats: int


class DecisionPage(View):
    """Some decisions."""

    items: list[DecisionView]
    next_cursor: str | None


@router.get(
    "/releases/{release_id}/decisions",
    operation_id="list_canary_decisions",
    openapi_extra=needs(RELEASE_READ),
    response_model=DecisionPage,
)
async def list_canary_decisions(
    watch: Watch, scope: CurrentScope, page: PageParams, release_id: str
) -> Page[Decision]:
    """List what was decided about a release's canaries and by which figures, newest first."""
    return await watch.decisions(scope, release_id, page)


@router.get(
    "/release-events",
    operation_id="list_release_events",
    openapi_extra=needs(RELEASE_READ),
    response_model=ReleaseEventPage,
)
async def list_release_events(
    releases: Releases,
    scope: CurrentScope,
    page: PageParams,
    model_id: Annotated[str | None, Query(max_length=64)] = None,
    release_id: Annotated[str | None, Query(max_length=64)] = None,
) -> Page[ReleaseEvent]:
    """List every step, newest first; of releases and models that are gone too."""
    return await releases.history(scope, page, model_id=model_id, release_id=release_id)
