"""What happened to releases."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field, JsonValue

from mainspring.capabilities.releases.api import Action, ReleaseEvent, ReleaseService, State
from mainspring.capabilities.releases.domain import RELEASE_READ
from mainspring.infra.web import CurrentScope, PageParams, View, needs, problems, provided
from mainspring.kernel.errors import PermissionDeniedError, SignInRequiredError
from mainspring.kernel.paging import Page

router = APIRouter(responses=problems(SignInRequiredError, PermissionDeniedError))
Releases = Annotated[ReleaseService, Depends(provided(ReleaseService))]


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
