"""Records of calls, and how they were routed."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from mainspring.capabilities.metering.api import (
    Explanation,
    MeteringService,
    NamedEntry,
    UsageSummary,
)
from mainspring.capabilities.metering.domain import USAGE_READ
from mainspring.capabilities.metering.http.asked import OrgId, ProjectId, Since, Until
from mainspring.infra.web import CurrentScope, View, needs, provided
from mainspring.kernel.paging import PageRequest

router = APIRouter()
Metering = Annotated[MeteringService, Depends(provided(MeteringService))]


class UsageRecordView(View):
    """One call. Every token is in exactly one of the five counts; units stand beside them."""

    id: str = Field(examples=["use_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    request_id: str
    at: datetime
    org_id: str
    project_id: str
    key_id: str | None
    key_name: str | None
    actor_id: str
    operation: str = Field(examples=["chat"])
    model: str
    upstream_id: str | None
    upstream: str | None = Field(description="The upstream's name.")
    upstream_model: str | None
    stream: bool
    status: int
    outcome: str = Field(examples=["ok"])
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cache_write_tokens: int = Field(description="Input that was stored into a cache.")
    images: int = Field(description="Images made.")
    characters: int = Field(description="Characters spoken.")
    seconds: float = Field(description="Seconds of sound heard.")
    searches: int = Field(description="Searches of a reranker.")
    estimated: bool = Field(description="Whether the counts are not the upstream's own.")
    ttft_ms: float | None = Field(description="Milliseconds to the first byte of the answer.")
    duration_ms: float
    attempts: int
    fallback_from: str | None = Field(
        description="The model that was asked for, where another one answered in its place."
    )
    track: str = Field(examples=["stable"], description="The release track of the target.")
    batch: bool = Field(description="Whether a batch made the call, at the price for batches.")
    trace_id: str | None
    gateway_id: str
    cost_nanos: int | None = Field(
        description="Billionths of `currency`; `null` where no price was known."
    )
    currency: str | None
    cache: str | None = Field(
        examples=["exact"], description="How the answer was found in the cache, where it was."
    )
    saved_nanos: int | None = Field(
        description="What making an answer from the cache had cost, in billionths of the currency."
    )

    @classmethod
    def of(cls, named: NamedEntry) -> "UsageRecordView":
        """Return the view of a named entry."""
        fields = {
            name: getattr(named.entry, name)
            for name in cls.model_fields
            if name not in {"key_name", "upstream"}
        }
        return cls(**fields, key_name=named.key_name, upstream=named.upstream)


class UsageRecordPage(View):
    """Some calls."""

    items: list[UsageRecordView]
    next_cursor: str | None


class CandidateView(View):
    """A target that was looked at."""

    upstream_id: str
    upstream: str | None = Field(description="The upstream's name, while it exists.")
    upstream_model: str
    excluded: str | None = Field(
        examples=["circuit_open"],
        description="Why it could not be chosen; `null`: it could have been.",
    )


class AttemptView(View):
    """One attempt, or one search that found no target (`chosen` is then `null`)."""

    model: str
    cause: str = Field(examples=["first"], description="first, retry, again, hedge or fallback.")
    strategy: str = Field(examples=["weighted"])
    track: str
    track_reason: str = Field(
        examples=["share"], description="only, pinned, subject, share or unavailable."
    )
    draw: float = Field(description="The random number that decided.")
    candidates: list[CandidateView]
    chosen: int | None = Field(description="Position among the candidates.")
    result: str = Field(examples=["ok"])
    at_ms: float = Field(description="Milliseconds after the request arrived.")
    duration_ms: float


class DecisionView(View):
    """Why a call went where it went."""

    request_id: str
    at: datetime
    model: str = Field(description="The model that answered.")
    requested_model: str
    outcome: str
    status: int
    degraded: bool
    attempts: list[AttemptView]

    @classmethod
    def of(cls, told: Explanation) -> "DecisionView":
        """Return the view of an explanation."""
        entry = told.entry
        return cls(
            request_id=entry.request_id,
            at=entry.at,
            model=entry.model,
            requested_model=entry.fallback_from or entry.model,
            outcome=entry.outcome,
            status=entry.status,
            degraded=told.decision.degraded,
            attempts=[
                AttemptView(
                    model=note.model,
                    cause=note.cause,
                    strategy=note.strategy,
                    track=note.track,
                    track_reason=note.track_reason,
                    draw=note.draw,
                    candidates=[
                        CandidateView(
                            upstream_id=each.upstream_id,
                            upstream=told.upstreams.get(each.upstream_id),
                            upstream_model=each.upstream_model,
                            excluded=each.excluded,
                        )
                        for each in note.candidates
                    ],
                    chosen=note.chosen,
                    result=note.result,
                    at_ms=note.at_ms,
                    duration_ms=note.duration_ms,
                )
                for note in told.decision.attempts
            ],
        )


class UsageSumView(View):
    """Sums over some calls."""

    requests: int
    errors: int = Field(description="Outcomes other than `ok` and `client_closed`.")
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cache_write_tokens: int
    images: int
    characters: int
    seconds: float
    searches: int
    ttft_ms_p50: float | None
    ttft_ms_p95: float | None
    unpriced: int = Field(description="Calls for which no price was known.")
    costs: dict[str, int] = Field(
        description="Billionths of each currency.", examples=[{"USD": 12_500_000_000}]
    )


class ModelSumView(UsageSumView):
    """The calls of one model."""

    model: str


class UsageSummaryView(View):
    """Sums by model, largest first, and over all of them."""

    since: datetime
    until: datetime
    items: list[ModelSumView]
    totals: UsageSumView


@router.get("/usage/records", operation_id="list_usage_records", openapi_extra=needs(USAGE_READ))
async def list_usage_records(
    *,
    metering: Metering,
    scope: CurrentScope,
    since: Since = None,
    until: Until = None,
    org_id: OrgId = None,
    project_id: ProjectId = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=512)] = None,
) -> UsageRecordPage:
    """List calls, newest first; by default those of the last 24 hours."""
    page = await metering.list_entries(
        scope,
        PageRequest(limit, cursor),
        since=since,
        until=until,
        org_id=org_id,
        project_id=project_id,
    )
    items = [UsageRecordView.of(named) for named in page.items]
    return UsageRecordPage(items=items, next_cursor=page.next_cursor)


@router.get(
    "/usage/summary",
    operation_id="summarize_usage",
    openapi_extra=needs(USAGE_READ),
    response_model=UsageSummaryView,
)
async def summarize_usage(
    *,
    metering: Metering,
    scope: CurrentScope,
    since: Since = None,
    until: Until = None,
    org_id: OrgId = None,
    project_id: ProjectId = None,
    group_by: Annotated[Literal["model"], Query()] = "model",
) -> UsageSummary:
    """Sum calls up by model; by default over the last 24 hours."""
    del group_by  # one value today; a second one will choose
    return await metering.summary(
        scope, since=since, until=until, org_id=org_id, project_id=project_id
    )


@router.get(
    "/requests/{request_id}/decision",
    operation_id="explain_request",
    openapi_extra=needs(USAGE_READ),
)
async def explain_request(metering: Metering, scope: CurrentScope, request_id: str) -> DecisionView:
    """Tell why a call went to its target, what else was considered, and what was tried before.

    The id is what the gateway answered in `X-Request-Id`; the answer exists as soon as the
    gateway has delivered the call's record, usually within a second.
    """
    return DecisionView.of(await metering.explain(scope, request_id))
