"""The routes of requests for access."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from mainspring.capabilities.selfservice.api import AccessRequest, RequestService, State
from mainspring.capabilities.selfservice.domain import ACCESS_REQUEST, ACCESS_REVOKE
from mainspring.capabilities.selfservice.domain.requests import MAX_DAYS, MAX_TEXT
from mainspring.capabilities.selfservice.http.rules import DataClass
from mainspring.infra.web import (
    SECRET,
    Body,
    CurrentScope,
    LimitsBody,
    PageParams,
    View,
    as_limits,
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

router = APIRouter(tags=["access"], responses=problems(SignInRequiredError, PermissionDeniedError))
Asking = Annotated[RequestService, Depends(provided(RequestService))]

Purpose = Annotated[
    str, Field(min_length=1, max_length=MAX_TEXT, examples=["Summaries for the help desk"])
]
Days = Annotated[int, Field(ge=1, le=MAX_DAYS, examples=[90])]
StateName = Literal[
    "pending", "active", "renewed", "denied", "withdrawn", "lapsed", "ended", "revoked"
]


class NewAccessRequest(Body):
    """What you want, what for and for how long."""

    model_id: str = Field(max_length=64, examples=["mdl_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    purpose: Purpose
    data_class: DataClass = Field("internal", description="Of the data that you will send.")
    tokens_per_month: int | None = Field(
        None, ge=1, le=1_000_000_000_000, description="What you expect, for the cost."
    )
    days: Days | None = Field(None, description="`null`: without end.")
    limits: LimitsBody | None = Field(None, description="What your key is to be bounded by.")


class Renewal(Body):
    """Why it is to last longer, and by how much."""

    purpose: Purpose
    days: Days | None = Field(None, description="From the present end on; `null`: without end.")


class NewDecision(Body):
    """What you say to the present step."""

    agrees: bool
    comment: str = Field("", max_length=MAX_TEXT, description="Needed where you do not agree.")


class NewComment(Body):
    """What you have to say."""

    text: str = Field(min_length=1, max_length=MAX_TEXT)


class Revocation(Body):
    """Why it ends."""

    reason: str = Field(min_length=1, max_length=MAX_TEXT)


class DecisionView(View):
    """What somebody said, and as whom."""

    user_id: str
    approver: str
    agrees: bool
    comment: str
    at: datetime


class StepView(View):
    """A step, and what was said to it."""

    name: str
    approvers: list[str]
    need: Literal["any", "all"]
    is_agreed: bool
    decisions: list[DecisionView]


class CommentView(View):
    """What somebody wrote."""

    user_id: str
    text: str
    at: datetime


class AccessRequestView(View):
    """A request, and what was granted."""

    id: str = Field(examples=["arq_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str
    project_id: str
    requester_id: str
    model_id: str
    model: str
    purpose: str
    data_class: str
    tokens_per_month: int | None
    days: int | None
    limits: LimitsBody | None
    cost: int | None = Field(
        description="Of a month, at the dearer rate, in billionths of `currency`."
    )
    currency: str
    state: StateName
    reason: str
    rules: list[str] = Field(description="The names of the rules that had a say.")
    steps: list[StepView]
    comments: list[CommentView]
    renews: str | None
    until: datetime | None = Field(description="When what was granted ends; `null`: never.")
    key_id: str | None = Field(description="Once the requester has taken it.")
    created_at: datetime
    updated_at: datetime
    decided_at: datetime | None
    ended_at: datetime | None


class AccessRequestPage(View):
    """Some requests."""

    items: list[AccessRequestView]
    next_cursor: str | None


class AccessKey(View):
    """The key of a grant; its secret is shown this once."""

    key_id: str
    secret: str = Field(json_schema_extra=SECRET)
    model: str
    expires_at: datetime | None


@router.post(
    "/projects/{project_id}/access-requests",
    operation_id="create_access_request",
    openapi_extra=needs(ACCESS_REQUEST),
    status_code=201,
    response_model=AccessRequestView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_access_request(
    asking: Asking, scope: CurrentScope, project_id: str, body: NewAccessRequest
) -> AccessRequest:
    """Ask for a model; the answer says who has to agree, or that it is granted."""
    return await asking.create(
        scope,
        project_id,
        model_id=body.model_id,
        purpose=body.purpose,
        data_class=body.data_class,
        tokens_per_month=body.tokens_per_month,
        days=body.days,
        limits=as_limits(body.limits),
    )


@router.get(
    "/organizations/{org_id}/access-requests",
    operation_id="list_access_requests",
    openapi_extra=for_the_signed_in(),
    response_model=AccessRequestPage,
    responses=problems(NotFoundError),
)
async def list_access_requests(
    *,
    asking: Asking,
    scope: CurrentScope,
    org_id: str,
    page: PageParams,
    view: Annotated[
        Literal["all", "mine", "to_decide"],
        Query(description="`all` that you may see, `mine`, or what waits for your decision."),
    ] = "all",
    state: Annotated[list[StateName] | None, Query(max_length=8)] = None,
) -> Page[AccessRequest]:
    """List requests, newest first; a page may have fewer than were asked for."""
    states = [State(each) for each in state or ()]
    return await asking.list_requests(scope, org_id, page, view=view, states=states)


@router.get(
    "/access-requests/{access_id}",
    operation_id="get_access_request",
    openapi_extra=for_the_signed_in(),
    response_model=AccessRequestView,
    responses=problems(NotFoundError),
)
async def get_access_request(asking: Asking, scope: CurrentScope, access_id: str) -> AccessRequest:
    """Read a request of yours, one that you decide, or any that you may see."""
    return await asking.get(scope, access_id)


@router.post(
    "/access-requests/{access_id}/decisions",
    operation_id="decide_access_request",
    openapi_extra=for_the_signed_in(),
    response_model=AccessRequestView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def decide_access_request(
    asking: Asking, scope: CurrentScope, access_id: str, body: NewDecision
) -> AccessRequest:
    """Agree to the present step, or refuse the request. Nobody decides their own."""
    return await asking.decide(scope, access_id, agrees=body.agrees, comment=body.comment)


@router.post(
    "/access-requests/{access_id}/comments",
    operation_id="comment_access_request",
    openapi_extra=for_the_signed_in(),
    response_model=AccessRequestView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def comment_access_request(
    asking: Asking, scope: CurrentScope, access_id: str, body: NewComment
) -> AccessRequest:
    """Write under a request."""
    return await asking.comment(scope, access_id, body.text)


@router.post(
    "/access-requests/{access_id}/renewals",
    operation_id="renew_access_request",
    openapi_extra=for_the_signed_in(),
    status_code=201,
    response_model=AccessRequestView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def renew_access_request(
    asking: Asking, scope: CurrentScope, access_id: str, body: Renewal
) -> AccessRequest:
    """Ask for a grant of yours to last longer; the rules are asked anew."""
    return await asking.renew(scope, access_id, purpose=body.purpose, days=body.days)


@router.post(
    "/access-requests/{access_id}/withdrawal",
    operation_id="withdraw_access_request",
    openapi_extra=for_the_signed_in(),
    response_model=AccessRequestView,
    responses=problems(NotFoundError, ConflictError),
)
async def withdraw_access_request(
    asking: Asking, scope: CurrentScope, access_id: str
) -> AccessRequest:
    """Take back a request of yours, or give back what was granted."""
    return await asking.withdraw(scope, access_id)


@router.post(
    "/access-requests/{access_id}/revocation",
    operation_id="revoke_access_request",
    openapi_extra=needs(ACCESS_REVOKE),
    response_model=AccessRequestView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def revoke_access_request(
    asking: Asking, scope: CurrentScope, access_id: str, body: Revocation
) -> AccessRequest:
    """End what was granted, its key included."""
    return await asking.revoke(scope, access_id, body.reason)


@router.post(
    "/access-requests/{access_id}/key",
    operation_id="take_access_key",
    openapi_extra=for_the_signed_in(),
    response_model=AccessKey,
    responses=problems(NotFoundError, ConflictError),
)
async def take_access_key(asking: Asking, scope: CurrentScope, access_id: str) -> AccessKey:
    """Take the key of a grant of yours; taken again, the one before it ends."""
    taken = await asking.take_key(scope, access_id)
    return AccessKey(
        key_id=taken.key.id,
        secret=taken.secret,
        model=taken.request.model,
        expires_at=taken.key.expires_at,
    )
