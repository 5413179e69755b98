"""The routes of changes that need a second person."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from mainspring.capabilities.oversight.api import ChangeService, PendingChange
from mainspring.capabilities.oversight.domain import (
    CHANGE_DECIDE,
    CHANGE_READ,
    DEFAULT_ACTIONS,
    FOUR_EYES_WRITE,
    FourEyes,
    State,
)
from mainspring.capabilities.oversight.domain.changes import MAX_ACTIONS, MAX_TEXT
from mainspring.infra.web import (
    Body,
    CurrentScope,
    IfMatch,
    PageParams,
    View,
    for_the_signed_in,
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

router = APIRouter(
    tags=["oversight"], responses=problems(SignInRequiredError, PermissionDeniedError)
)
Changes = Annotated[ChangeService, Depends(provided(ChangeService))]
Comment = Annotated[str, Field(max_length=MAX_TEXT)]
StateName = Literal["pending", "approved", "executed", "failed", "rejected", "withdrawn", "expired"]


class FourEyesView(View):
    """Which changes need a second person."""

    enabled: bool
    actions: list[str]
    hours: int
    updated_at: datetime


class FourEyesBody(Body):
    """Which changes need a second person; once this is on, changing it is one of them."""

    enabled: bool
    actions: Annotated[
        tuple[Annotated[str, Field(max_length=200)], ...],
        Field(
            max_length=MAX_ACTIONS,
            examples=[["delete_organization", "update_model:price"]],
            description="Ids of operations; `operation:member` is a request whose body names that"
            " member.",
        ),
    ] = DEFAULT_ACTIONS
    hours: int = Field(72, ge=1, le=720, description="How long a change waits.")


class ApprovalView(View):
    """Who agreed."""

    user_id: str
    comment: str
    at: datetime


class ChangeView(View):
    """A change that somebody asked for, and what became of it."""

    id: str = Field(examples=["chg_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    operation: str = Field(examples=["delete_organization"])
    method: str
    path: str
    shown: Any = Field(description="The request's body without secrets.")
    reason: str
    author_kind: str
    author_id: str
    needs: int = Field(description="Persons who have to agree beside the author.")
    approvals: list[ApprovalView]
    state: StateName
    decided_by: str | None
    comment: str
    status: int | None = Field(description="What it was answered with when it was sent.")
    code: str
    detail: str
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None


class ChangePage(View):
    """Some changes."""

    items: list[ChangeView]
    next_cursor: str | None


class ApprovalBody(Body):
    """What you have to say."""

    comment: Comment = ""


class RejectionBody(Body):
    """Why not."""

    comment: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


@router.get(
    "/four-eyes",
    operation_id="get_four_eyes",
    openapi_extra=needs(CHANGE_READ),
    response_model=FourEyesView,
)
async def get_four_eyes(changes: Changes, scope: CurrentScope, response: Response) -> FourEyes:
    """Read which changes need a second person."""
    found = await changes.four_eyes(scope)
    tag(response, found.revision)
    return found


@router.put(
    "/four-eyes",
    operation_id="put_four_eyes",
    openapi_extra=needs(FOUR_EYES_WRITE),
    response_model=FourEyesView,
    responses=problems(InvalidRequestError, PreconditionFailedError),
)
async def put_four_eyes(
    *,
    changes: Changes,
    scope: CurrentScope,
    body: FourEyesBody,
    if_match: IfMatch,
    response: Response,
) -> FourEyes:
    """Say which changes need a second person.

    Such a request is answered with 202 and the problem `change_pending`, which names the change
    that waits; nothing is done until somebody else approves it.
    """
    found = await changes.put_four_eyes(
        scope,
        enabled=body.enabled,
        actions=body.actions,
        hours=body.hours,
        expected_revision=if_match,
    )
    tag(response, found.revision)
    return found


@router.get(
    "/changes",
    operation_id="list_changes",
    openapi_extra=for_the_signed_in(),
    response_model=ChangePage,
)
async def list_changes(
    changes: Changes,
    scope: CurrentScope,
    page: PageParams,
    state: Annotated[StateName | None, Query()] = None,
) -> Page[PendingChange]:
    """List changes that need a second person, newest first: your own, or (`change:read`) all."""
    states = () if state is None else (State(state),)
    return await changes.list_changes(scope, page, states=states)


@router.get(
    "/changes/{change_id}",
    operation_id="get_change",
    openapi_extra=for_the_signed_in(),
    response_model=ChangeView,
    responses=problems(NotFoundError),
)
async def get_change(changes: Changes, scope: CurrentScope, change_id: str) -> PendingChange:
    """Read one change: one of your own, or (`change:read`) any."""
    return await changes.get(scope, change_id)


@router.post(
    "/changes/{change_id}/approval",
    operation_id="approve_change",
    openapi_extra=needs(CHANGE_DECIDE),
    response_model=ChangeView,
    responses=problems(NotFoundError, ConflictError),
)
async def approve_change(
    changes: Changes, scope: CurrentScope, change_id: str, body: ApprovalBody
) -> PendingChange:
    """Agree to a change that somebody else asked for; it is made at once, in their name.

    `status` and `code` of the answer tell how that went.
    """
    return await changes.approve(scope, change_id, body.comment)


@router.post(
    "/changes/{change_id}/rejection",
    operation_id="reject_change",
    openapi_extra=needs(CHANGE_DECIDE),
    response_model=ChangeView,
    responses=problems(NotFoundError, ConflictError),
)
async def reject_change(
    changes: Changes, scope: CurrentScope, change_id: str, body: RejectionBody
) -> PendingChange:
    """Refuse a change, and say why."""
    return await changes.reject(scope, change_id, body.comment)


@router.post(
    "/changes/{change_id}/withdrawal",
    operation_id="withdraw_change",
    openapi_extra=for_the_signed_in(),
    response_model=ChangeView,
    responses=problems(NotFoundError, ConflictError),
)
async def withdraw_change(changes: Changes, scope: CurrentScope, change_id: str) -> PendingChange:
    """Take back a change that you asked for."""
    return await changes.withdraw(scope, change_id)
