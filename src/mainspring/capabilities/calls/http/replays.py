"""The route by which a call is made again."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from mainspring.capabilities.calls.api import Comparison, ReplayService
from mainspring.capabilities.calls.domain import CALL_READ, MAX_PARAMETERS
from mainspring.infra.web import Body, CurrentScope, View, needs, problems, provided
from mainspring.kernel.errors import (
    CallNotKeptError,
    GatewayUnreachableError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)

router = APIRouter(
    tags=["calls"],
    responses=problems(
        InvalidRequestError,
        SignInRequiredError,
        PermissionDeniedError,
        NotFoundError,
        CallNotKeptError,
        GatewayUnreachableError,
    ),
)
Replays = Annotated[ReplayService, Depends(provided(ReplayService))]


class NewReplay(Body):
    """What is to be different when the call is made again."""

    model: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00-\x1f]+$",
        description="The model to call; by default the same.",
    )
    parameters: dict[str, Any] = Field(
        {},
        max_length=MAX_PARAMETERS,
        description="Members to put in place of the recorded ones; `null` takes one out. What is"
        " asked cannot be changed.",
        examples=[{"temperature": 0, "max_tokens": 200}],
    )


class ReplayView(View):
    """That a call was made again."""

    id: str = Field(examples=["rpl_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    at: datetime
    org_id: str
    project_id: str
    request_id: str = Field(description="The first call's.")
    replay_request_id: str = Field(description="The new call's.")
    model: str = Field(description="What was asked for.")
    parameters: dict[str, Any] = Field(description="What was put in place of the recorded ones.")
    status: int = Field(description="What the gateway answered.")
    actor_id: str


class CallSideView(View):
    """One of the two calls. Figures are `null` where they are not known."""

    request_id: str
    model: str
    upstream_model: str | None
    status: int
    outcome: str | None
    text: str | None = Field(description="Of a chat's first choice, like the next four.")
    refusal: str | None
    reasoning: str | None
    tool_calls: list[Any]
    finish_reason: str | None
    answer: Any = Field(description="All of it, in the shape of a call's `answer`.")
    truncated: bool = Field(description="Not all of the answer is here.")
    input_tokens: int | None
    output_tokens: int | None
    cost_nanos: int | None
    currency: str | None
    ttft_ms: float | None
    duration_ms: float | None


class CallComparisonView(View):
    """The two calls next to each other."""

    replay: ReplayView
    before: CallSideView
    after: CallSideView
    settled: bool = Field(
        description="The ledger has the new call. If not, its figures are missing or measured here."
    )
    same_text: bool | None = Field(description="`null` where there is nothing to compare.")
    same_tool_calls: bool | None = Field(description="By names and arguments.")
    same_finish_reason: bool | None


@router.post(
    "/calls/{call_id}/replay",
    operation_id="replay_call",
    openapi_extra=needs(CALL_READ),
    response_model=CallComparisonView,
)
async def replay_call(
    replays: Replays, scope: CurrentScope, call_id: str, body: NewReplay
) -> Comparison:
    """Make a recorded call again as yourself, and compare the two; needs `model:call` as well.

    It runs in the call's project, under its limits, budgets and policies, and costs what a call
    costs. What the gateway refuses is an answer, too: see the `status` of `after`.
    """
    return await replays.replay(scope, call_id, model=body.model, parameters=body.parameters)
