"""The routes of calls."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, Field

from mainspring.capabilities.calls.api import (
    Call,
    CallFilter,
    CallService,
    KeptSpan,
    Score,
    ShownCall,
)
from mainspring.capabilities.calls.domain import CALL_READ, SCORE_WRITE, TRACE_READ
from mainspring.capabilities.calls.http.replays import ReplayView
from mainspring.infra.web import Body, CurrentScope, View, needs, problems, provided
from mainspring.kernel.errors import (
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page, PageRequest

router = APIRouter(
    tags=["calls"],
    responses=problems(
        InvalidRequestError, SignInRequiredError, PermissionDeniedError, NotFoundError
    ),
)
Calls = Annotated[CallService, Depends(provided(CallService))]

Since = Annotated[AwareDatetime, Query(description="Inclusive.")]
Until = Annotated[AwareDatetime | None, Query(description="Exclusive; by default now.")]
Id = Annotated[str | None, Query(max_length=64)]
Name = Annotated[str | None, Query(max_length=500)]
RequestId = Annotated[
    str, Field(pattern=r"^req_[0-9a-f]{32}$", examples=["req_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
]


class CallView(View):
    """One call, without its contents."""

    id: str = Field(examples=["cal_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    request_id: str
    at: datetime
    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    operation: str = Field(examples=["chat"])
    path: str | None = Field(
        description="The endpoint that was called.", examples=["/v1/chat/completions"]
    )
    model: str
    upstream_id: str | None
    upstream_model: str | None
    stream: bool
    status: int
    outcome: str = Field(examples=["ok"])
    input_tokens: int = Field(description="Cached ones included.")
    output_tokens: int = Field(description="Reasoning included.")
    cost_nanos: int | None = Field(description="Billionths of `currency`.")
    currency: str | None
    ttft_ms: float | None
    duration_ms: float
    attempts: int
    trace_id: str | None
    session_id: str | None
    user_id: str | None
    metadata: dict[str, str]
    level: str = Field(
        examples=["redacted"], description="How much was kept: metadata, redacted or full."
    )
    truncated: bool = Field(description="Something was too long to keep whole.")
    fallback_from: str | None
    track: str
    snapshot_version: int
    gateway_id: str
    input_preview: str | None = Field(description="The first words of the last question.")
    output_preview: str | None = Field(description="The first words of the answer.")


class ScoreView(View):
    """What somebody thought of an answer."""

    id: str = Field(examples=["scr_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    at: datetime
    org_id: str
    project_id: str
    request_id: str
    name: str
    value: float | None
    label: str | None
    comment: str | None
    source: str
    user_id: str | None
    actor_id: str = Field(description="Who sent it.")


class FullCallView(CallView):
    """One call with its contents, as far as they were kept, and its scores."""

    request: Any = Field(description="The request's JSON; `null` where it was not kept.")
    answer: Any = Field(
        description="Of a chat: `choices` with text, refusal, reasoning, tool_calls and "
        "finish_reason, whatever the protocol. Otherwise the answer's own JSON."
    )
    scores: list[ScoreView]
    replays: list[ReplayView] = Field(description="How it was made again, oldest first.")
    replay_of: ReplayView | None = Field(description="The call is itself another one made again.")

    @classmethod
    def of(cls, shown: ShownCall) -> "FullCallView":
        """Return the view of a call."""
        named = CallView.model_fields | {"request": None, "answer": None}
        of = shown.replay_of
        return cls(
            **{name: getattr(shown.call, name) for name in named},
            scores=[ScoreView.model_validate(each) for each in shown.scores],
            replays=[ReplayView.model_validate(each) for each in shown.replays],
            replay_of=None if of is None else ReplayView.model_validate(of),
        )


class CallPage(View):
    """Some calls."""

    items: list[CallView]
    next_cursor: str | None


class NewScore(Body):
    """What somebody thought of an answer: a value, a label, a comment, or several of them."""

    request_id: RequestId
    name: str = Field("feedback", min_length=1, max_length=64, examples=["helpfulness"])
    value: float | None = Field(None, ge=-1e9, le=1e9, allow_inf_nan=False, examples=[1])
    label: str | None = Field(None, max_length=64, examples=["good"])
    comment: str | None = Field(None, max_length=4000)
    source: Literal["user", "reviewer", "program"] = Field(
        "user", description="Who judged: a person who was answered, a reviewer or a program."
    )
    user_id: str | None = Field(None, max_length=256, description="Your own name for the person.")
    project_id: str | None = Field(
        None,
        max_length=64,
        description="Needed where the project keeps no record of its calls.",
    )


class SpanView(View):
    """One step of a request; times are Unix nanoseconds, as text so that no JSON reader rounds."""

    span_id: str
    parent_id: str | None
    request_id: str
    org_id: str | None
    project_id: str | None
    service: str = Field(examples=["gateway"])
    name: str = Field(examples=["chat gpt-4o"])
    kind: str = Field(examples=["client"])
    start_ns: str
    end_ns: str
    duration_ms: float
    error: str | None
    attributes: dict[str, str | int | float | bool]
    children: list["SpanView"] = Field(description="By their start.")


class TraceView(View):
    """The spans of a trace as trees: a span whose parent is not kept here is a root."""

    trace_id: str
    spans: int
    roots: list[SpanView]


@router.get(
    "/calls",
    operation_id="list_calls",
    openapi_extra=needs(CALL_READ),
    response_model=CallPage,
)
async def list_calls(
    *,
    calls: Calls,
    scope: CurrentScope,
    since: Since,
    until: Until = None,
    org_id: Id = None,
    project_id: Id = None,
    model: Name = None,
    status: Annotated[int | None, Query(ge=100, le=599)] = None,
    outcome: Annotated[str | None, Query(max_length=64, examples=["upstream_timeout"])] = None,
    failed: Annotated[
        bool | None, Query(description="Outcomes other than `ok` and `client_closed`.")
    ] = None,
    key_id: Id = None,
    session_id: Name = None,
    user_id: Name = None,
    trace_id: Name = None,
    min_duration_ms: Annotated[float | None, Query(ge=0)] = None,
    min_cost_nanos: Annotated[int | None, Query(ge=0, le=2**53 - 1)] = None,
    text: Annotated[
        str | None, Query(min_length=1, max_length=500, description="Words that all occur.")
    ] = None,
    metadata: Annotated[
        list[str] | None,
        Query(max_length=8, description="`name:value` that the caller attached; may be repeated."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=512)] = None,
) -> Page[Call]:
    """List calls whose project keeps records of them, newest first."""
    which = CallFilter(
        since=since,
        until=since,
        org_id=org_id,
        project_id=project_id,
        model=model,
        status=status,
        outcome=outcome,
        failed=failed,
        key_id=key_id,
        session_id=session_id,
        user_id=user_id,
        trace_id=trace_id,
        min_duration_ms=min_duration_ms,
        min_cost_nanos=min_cost_nanos,
        text=text,
        metadata=_pairs(metadata or []),
    )
    return await calls.list_calls(scope, PageRequest(limit, cursor), which, until=until)


@router.get("/calls/{call_id}", operation_id="get_call", openapi_extra=needs(CALL_READ))
async def get_call(calls: Calls, scope: CurrentScope, call_id: str) -> FullCallView:
    """Read one call with its contents and scores, by its id or by that of its request."""
    shown = await calls.get_call(scope, call_id)
    return FullCallView.of(shown)


@router.post(
    "/scores",
    operation_id="create_score",
    openapi_extra=needs(SCORE_WRITE),
    status_code=201,
    response_model=ScoreView,
)
async def create_score(calls: Calls, scope: CurrentScope, body: NewScore) -> Score:
    """Say what you, or somebody who was answered, thought of an answer."""
    return await calls.score(scope, **body.model_dump())


@router.get("/traces/{trace_id}", operation_id="get_trace", openapi_extra=needs(TRACE_READ))
async def get_trace(
    calls: Calls,
    scope: CurrentScope,
    trace_id: str,
    org_id: Id = None,
    project_id: Id = None,
) -> TraceView:
    """Read the spans of a trace as a tree; `trace_id` is what `X-Trace-ID` of an answer says."""
    spans = await calls.trace(scope, trace_id, org_id=org_id, project_id=project_id)
    return _tree(spans)


def _tree(spans: Sequence[KeptSpan]) -> TraceView:
    views = {span.span_id: _view(span) for span in spans}
    roots: list[SpanView] = []
    for span in spans:
        view = views[span.span_id]
        parent = views.get(span.parent_id or "")
        # Ids are the sender's: a span that claims to be above itself must not hide the trace.
        if parent is None or _is_above(view, parent, views):
            roots.append(view)
        else:
            parent.children.append(view)
    return TraceView(trace_id=spans[0].trace_id, spans=len(spans), roots=roots)


def _is_above(view: SpanView, parent: SpanView, views: dict[str, SpanView]) -> bool:
    """Tell whether ``view`` is ``parent`` or above it, which would make a circle."""
    seen: set[str] = set()
    at: SpanView | None = parent
    while at is not None and at.span_id not in seen:
        if at.span_id == view.span_id:
            return True
        seen.add(at.span_id)
        at = views.get(at.parent_id or "")
    return at is not None


def _view(span: KeptSpan) -> SpanView:
    return SpanView(
        span_id=span.span_id,
        parent_id=span.parent_id,
        request_id=span.request_id,
        org_id=span.org_id,
        project_id=span.project_id,
        service=span.service,
        name=span.name,
        kind=span.kind,
        start_ns=str(span.start_ns),
        end_ns=str(span.end_ns),
        duration_ms=(span.end_ns - span.start_ns) / 1_000_000,
        error=span.error,
        attributes=span.attributes,
        children=[],
    )


def _pairs(texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon or not name:
            raise InvalidRequestError("metadata is asked for as name:value", param="metadata")
        found[name] = value
    return found
