"""What a gateway observed of calls, as it travels to control: contents and spans, never bills.

They have a spool of their own that is bounded and drops, so that they can neither hold up nor
crowd out what is counted. A record's ``id`` makes delivery repeatable.
Fields are only ever added, always with a default.
"""

import msgspec

from mainspring.wire.spans import Span
from mainspring.wire.usage import Usage


class CallRecord(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="call"):
    """One call with its contents, as far as its project keeps them.

    ``level`` is ``metadata``, ``redacted`` or ``full``. ``request`` and ``answer`` are JSON; the
    answer of a chat is in one shape whatever the protocol: ``{"choices": [{"text", "refusal",
    "reasoning", "tool_calls", "finish_reason"}]}``, an error's is as the caller got it.
    ``truncated`` says that something was too long to keep whole. ``session_id`` and ``user_id``
    are the caller's own names, ``metadata`` what it attached. ``path`` is the endpoint that was
    called. The rest is as in ``UsageRecord``.
    """

    id: str
    request_id: str
    at_ms: int
    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    operation: str
    model: str
    level: str
    upstream_id: str | None = None
    upstream_model: str | None = None
    stream: bool = False
    status: int = 200
    outcome: str = "ok"
    usage: Usage = Usage()
    cost_nanos: int | None = None
    currency: str | None = None
    ttft_ms: float | None = None
    duration_ms: float = 0.0
    attempts: int = 1
    trace_id: str | None = None
    session_id: str | None = None
    user_id: str | None = None
    metadata: dict[str, str] = {}
    request: bytes | None = None
    answer: bytes | None = None
    truncated: bool = False
    fallback_from: str | None = None
    track: str = "stable"
    snapshot_version: int = 0
    gateway_id: str = ""
    path: str | None = None


class TraceRecord(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="trace"):
    """The spans of one request in one process; ``service`` names the process' kind."""

    request_id: str
    org_id: str | None
    project_id: str | None
    service: str
    spans: list[Span]


class ObservationBatch(msgspec.Struct, frozen=True):
    """What the shipper sends: records in spool order, as their encoded bytes."""

    gateway_id: str
    records: list[msgspec.Raw]
