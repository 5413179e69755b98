"""The routes of emergencies."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from mainspring.capabilities.oversight.api import Emergency, EmergencyService
from mainspring.capabilities.oversight.domain import (
    BREAK_GLASS_OPEN,
    BREAK_GLASS_READ,
    BREAK_GLASS_REVIEW,
)
from mainspring.capabilities.oversight.domain.changes import MAX_TEXT
from mainspring.capabilities.oversight.domain.emergencies import (
    MAX_MINUTES,
    MAX_REASON,
    MIN_REASON,
)
from mainspring.infra.web import (
    Body,
    CurrentScope,
    PageParams,
    View,
    for_the_signed_in,
    needs,
    problems,
    provided,
)
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(
    tags=["oversight"], responses=problems(SignInRequiredError, PermissionDeniedError)
)
Emergencies = Annotated[EmergencyService, Depends(provided(EmergencyService))]


class NewEmergency(Body):
    """Why, for how long, and as what."""

    reason: Annotated[
        str,
        Field(
            min_length=MIN_REASON,
            max_length=MAX_REASON,
            examples=["The provider leaks prompts; nobody else can be reached."],
        ),
    ]
    minutes: int = Field(30, ge=1, le=MAX_MINUTES)
    role: Literal["platform_admin", "security", "finance"] = Field(
        "platform_admin", description="The role in the platform that holds meanwhile."
    )


class EmergencyView(View):
    """That a person acted at once and alone."""

    id: str = Field(examples=["brk_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    user_id: str
    reason: str
    role: str
    opened_at: datetime
    until: datetime
    ended_at: datetime | None = Field(description="`null` until its end was noted.")
    ended_by: str | None = Field(description="`null`: its time ran out.")
    uses: int = Field(description="Requests that changed something meanwhile.")
    reviewed_at: datetime | None
    reviewed_by: str | None
    verdict: Literal["justified", "unjustified"] | None
    review: str


class EmergencyPage(View):
    """Some emergencies."""

    items: list[EmergencyView]
    next_cursor: str | None


class ReviewBody(Body):
    """What you found."""

    verdict: Literal["justified", "unjustified"]
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""


@router.get(
    "/break-glass",
    operation_id="list_emergencies",
    openapi_extra=needs(BREAK_GLASS_READ),
    response_model=EmergencyPage,
)
async def list_emergencies(
    emergencies: Emergencies, scope: CurrentScope, page: PageParams
) -> Page[Emergency]:
    """List who acted in emergencies, newest first."""
    return await emergencies.list_emergencies(scope, page)


@router.post(
    "/break-glass",
    operation_id="break_glass",
    openapi_extra=needs(BREAK_GLASS_OPEN),
    status_code=201,
    response_model=EmergencyView,
    responses=problems(ConflictError, InvalidRequestError),
)
async def break_glass(
    emergencies: Emergencies, scope: CurrentScope, body: NewEmergency
) -> Emergency:
    """Act at once and alone for a time: with a role of the platform, past the second person.

    Everybody who may see it does. It ends by itself, and somebody else reviews it.
    """
    return await emergencies.open(scope, reason=body.reason, minutes=body.minutes, role=body.role)


@router.post(
    "/break-glass/{emergency_id}/end",
    operation_id="end_emergency",
    openapi_extra=for_the_signed_in(),
    response_model=EmergencyView,
    responses=problems(NotFoundError, ConflictError),
)
async def end_emergency(
    emergencies: Emergencies, scope: CurrentScope, emergency_id: str
) -> Emergency:
    """End your emergency, or (`break_glass:review`) somebody else's."""
    return await emergencies.end(scope, emergency_id)


@router.post(
    "/break-glass/{emergency_id}/review",
    operation_id="review_emergency",
    openapi_extra=needs(BREAK_GLASS_REVIEW),
    response_model=EmergencyView,
    responses=problems(NotFoundError, ConflictError),
)
async def review_emergency(
    emergencies: Emergencies, scope: CurrentScope, emergency_id: str, body: ReviewBody
) -> Emergency:
    """Say afterwards whether it was right."""
    return await emergencies.review(scope, emergency_id, verdict=body.verdict, text=body.text)
