"""Objects of the API's part `calls`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mainspring_sdk._models import Model


class CallSideView(Model, frozen=True, kw_only=True):
    """One of the two calls. Figures are `null` where they are not known."""

    request_id: str
    model: str
    upstream_model: str | None
    status: int
    outcome: str | None
    text: str | None
    """Of a chat's first choice, like the next four."""
    refusal: str | None
    reasoning: str | None
    tool_calls: list[Any]
    finish_reason: str | None
    answer: Any
    """All of it, in the shape of a call's `answer`."""
    truncated: bool
    """Not all of the answer is here."""
    input_tokens: int | None
    output_tokens: int | None
    cost_nanos: int | None
    currency: str | None
    ttft_ms: float | None
    duration_ms: float | None


class ReplayView(Model, frozen=True, kw_only=True):
    """That a call was made again."""

    id: str
    at: datetime
    org_id: str
    project_id: str
    request_id: str
    """The first call's."""
    replay_request_id: str
    """The new call's."""
    model: str
    """What was asked for."""
    parameters: dict[str, Any]
    """What was put in place of the recorded ones."""
    status: int
    """What the gateway answered."""
    actor_id: str


class CallComparisonView(Model, frozen=True, kw_only=True):
    """The two calls next to each other."""

    replay: ReplayView
    before: CallSideView
    after: CallSideView
    settled: bool
    """The ledger has the new call. If not, its figures are missing or measured here."""
    same_text: bool | None
    """`null` where there is nothing to compare."""
    same_tool_calls: bool | None
    """By names and arguments."""
    same_finish_reason: bool | None


class CallView(Model, frozen=True, kw_only=True):
    """One call, without its contents."""

    id: str
    request_id: str
    at: datetime
    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    operation: str
    path: str | None
    """The endpoint that was called."""
    model: str
    upstream_id: str | None
    upstream_model: str | None
    stream: bool
    status: int
    outcome: str
    input_tokens: int
    """Cached ones included."""
    output_tokens: int
    """Reasoning included."""
    cost_nanos: int | None
    """Billionths of `currency`."""
    currency: str | None
    ttft_ms: float | None
    duration_ms: float
    attempts: int
    trace_id: str | None
    session_id: str | None
    user_id: str | None
    metadata: dict[str, str]
    level: str
    """How much was kept: metadata, redacted or full."""
    truncated: bool
    """Something was too long to keep whole."""
    fallback_from: str | None
    track: str
    snapshot_version: int
    gateway_id: str
    input_preview: str | None
    """The first words of the last question."""
    output_preview: str | None
    """The first words of the answer."""


class ScoreView(Model, frozen=True, kw_only=True):
    """What somebody thought of an answer."""

    id: str
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
    actor_id: str
    """Who sent it."""


class FullCallView(Model, frozen=True, kw_only=True):
    """One call with its contents, as far as they were kept, and its scores."""

    id: str
    request_id: str
    at: datetime
    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    operation: str
    path: str | None
    """The endpoint that was called."""
    model: str
    upstream_id: str | None
    upstream_model: str | None
    stream: bool
    status: int
    outcome: str
    input_tokens: int
    """Cached ones included."""
    output_tokens: int
    """Reasoning included."""
    cost_nanos: int | None
    """Billionths of `currency`."""
    currency: str | None
    ttft_ms: float | None
    duration_ms: float
    attempts: int
    trace_id: str | None
    session_id: str | None
    user_id: str | None
    metadata: dict[str, str]
    level: str
    """How much was kept: metadata, redacted or full."""
    truncated: bool
    """Something was too long to keep whole."""
    fallback_from: str | None
    track: str
    snapshot_version: int
    gateway_id: str
    input_preview: str | None
    """The first words of the last question."""
    output_preview: str | None
    """The first words of the answer."""
    request: Any
    """The request's JSON; `null` where it was not kept."""
    answer: Any
    """Of a chat: `choices` with text, refusal, reasoning, tool_calls and finish_reason, whatever
    the protocol. Otherwise the answer's own JSON.
    """
    scores: list[ScoreView]
    replays: list[ReplayView]
    """How it was made again, oldest first."""
    replay_of: ReplayView | None
    """The call is itself another one made again."""


class SpanView(Model, frozen=True, kw_only=True):
    """One step of a request; times are Unix nanoseconds, as text so that no JSON reader rounds."""

    span_id: str
    parent_id: str | None
    request_id: str
    org_id: str | None
    project_id: str | None
    service: str
    name: str
    kind: str
    start_ns: str
    end_ns: str
    duration_ms: float
    error: str | None
    attributes: dict[str, str | int | float | bool]
    children: list[SpanView]
    """By their start."""


class TraceView(Model, frozen=True, kw_only=True):
    """The spans of a trace as trees: a span whose parent is not kept here is a root."""

    trace_id: str
    spans: int
    roots: list[SpanView]
