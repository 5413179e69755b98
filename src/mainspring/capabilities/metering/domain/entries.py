"""Records as the ledger keeps them, and what is asked of them."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from mainspring.kernel.access import Permission
from mainspring.wire.decisions import Decision
from mainspring.wire.records import UsageRecord

USAGE_READ = Permission("usage:read", "See the records and sums of calls.")

MAX_RANGE: Final = timedelta(days=92)
"""The longest range of one question; it bounds how many days are read."""

_LARGEST: Final = 2**53 - 1
"""The largest count kept: every JSON reader can represent it exactly."""

_LONGEST_TEXT: Final = 500
_LONGEST_DECISION: Final = 256 * 1024


class UsageEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One call. ``day`` (UTC) is the partition; (``day``, ``id``) is what makes it unique.

    ``cost_nanos`` are billionths of ``currency``; ``None`` where no price was known. What is not
    sold by the token is counted beside the tokens: ``images`` made, ``characters`` spoken,
    ``seconds`` of sound heard, ``searches`` of a reranker.
    """

    day: date
    id: str
    request_id: str
    at: datetime
    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    operation: str
    model: str
    upstream_id: str | None
    upstream_model: str | None
    stream: bool
    status: int
    outcome: str
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cache_write_tokens: int = 0
    images: int = 0
    characters: int = 0
    seconds: float = 0.0
    searches: int = 0
    estimated: bool
    usage_frame: bytes | None
    ttft_ms: float | None
    duration_ms: float
    attempts: int
    trace_id: str | None
    snapshot_version: int
    gateway_id: str
    received_at: datetime
    cost_nanos: int | None = None
    currency: str | None = None
    fallback_from: str | None = None
    track: str = "stable"
    decision: Decision | None = None
    cache: str | None = None
    saved_nanos: int | None = None
    batch: bool = False


class UsageFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which calls: those that arrived in ``since <= at < until``, of one project or of all."""

    since: datetime
    until: datetime
    org_id: str | None = None
    project_id: str | None = None


class UsageSum(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over some calls; ``errors`` counts outcomes other than ``ok`` and ``client_closed``.

    Times are milliseconds to the first byte; ``None`` where no call has one. ``costs`` are
    billionths of each currency; ``unpriced`` counts the calls that no price was known for.
    """

    requests: int = 0
    errors: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cache_write_tokens: int = 0
    images: int = 0
    characters: int = 0
    seconds: float = 0.0
    searches: int = 0
    ttft_ms_p50: float | None = None
    ttft_ms_p95: float | None = None
    unpriced: int = 0
    costs: dict[str, int] = {}


class ModelSum(UsageSum, frozen=True, kw_only=True):
    """The calls of one model."""

    model: str


class UsageSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Sums by model, largest first, and over all of them."""

    since: datetime
    until: datetime
    items: list[ModelSum]
    totals: UsageSum


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """Which calls to count minute by minute, and what makes one of them bad.

    Those of ``model`` and ``operation``, where these are set. Bad is a status of ``bad_status`` or
    above, a duration of more than ``bad_duration_ms``, or a first byte later than ``bad_ttft_ms``:
    one of them is set. With the last, only calls that had a first byte count.
    """

    since: datetime
    until: datetime
    model: str | None = None
    operation: str | None = None
    bad_status: int | None = None
    bad_duration_ms: int | None = None
    bad_ttft_ms: int | None = None


class MinuteQuality(msgspec.Struct, frozen=True):
    """The calls that arrived within a minute, and how many of them were bad."""

    at: datetime
    total: int
    bad: int


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """A record that this release cannot put into the ledger; kept as it came, never dropped."""

    digest: bytes
    gateway_id: str
    received_at: datetime
    reason: str
    data: bytes


def entry_of(record: UsageRecord, received_at: datetime) -> UsageEntry:
    """Return what the ledger keeps of ``record``.

    Texts lose what PostgreSQL cannot hold and are cut at 500 characters; counts are cut at what
    JSON can represent. A client chooses some of them, and a strange one must not block the spool.

    Raises:
        ValueError: if the time is not one.
    """
    try:
        at = datetime.fromtimestamp(record.at_ms / 1000, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError(f"at_ms {record.at_ms} is not a time") from error
    return UsageEntry(
        day=at.date(),
        id=_text(record.id),
        request_id=_text(record.request_id),
        at=at,
        org_id=_text(record.org_id),
        project_id=_text(record.project_id),
        key_id=_optional(record.key_id),
        actor_id=_text(record.actor_id),
        operation=_text(record.operation),
        model=_text(record.model),
        upstream_id=_optional(record.upstream_id),
        upstream_model=_optional(record.upstream_model),
        stream=record.stream,
        status=_count(record.status, 999),
        outcome=_text(record.outcome),
        # Sound counts with what it stands beside; the usage frame tells how much it was.
        input_tokens=_count(record.usage.input + record.usage.audio_input),
        cached_input_tokens=_count(record.usage.cached_input + record.usage.cached_audio),
        output_tokens=_count(record.usage.output + record.usage.audio_output),
        reasoning_tokens=_count(record.usage.reasoning),
        cache_write_tokens=_count(record.usage.cache_write),
        images=_count(record.usage.images),
        characters=_count(record.usage.characters),
        seconds=_duration(record.usage.seconds),
        searches=_count(record.usage.searches),
        estimated=record.usage.estimated,
        usage_frame=record.usage_frame,
        ttft_ms=None if record.ttft_ms is None else _duration(record.ttft_ms),
        duration_ms=_duration(record.duration_ms),
        attempts=_count(record.attempts, 9999),
        trace_id=_optional(record.trace_id),
        snapshot_version=_count(record.snapshot_version),
        gateway_id=_text(record.gateway_id),
        received_at=received_at,
        cost_nanos=None if record.cost_nanos is None else _count(record.cost_nanos),
        currency=_optional(record.currency),
        fallback_from=_optional(record.fallback_from),
        track=_text(record.track),
        decision=_storable(record.decision),
        cache=_optional(record.cache),
        saved_nanos=None if record.saved_nanos is None else _count(record.saved_nanos),
        batch=record.batch,
    )


def _storable(decision: Decision | None) -> Decision | None:
    """Return ``decision`` as PostgreSQL can hold it: no zero characters, not beyond a bound."""
    if decision is None:
        return None
    data = msgspec.json.encode(decision)
    if len(data) > _LONGEST_DECISION:
        return None
    return msgspec.json.decode(data.replace(b"\\u0000", b"?"), type=Decision)


def _text(value: str) -> str:
    return value.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:_LONGEST_TEXT]


def _optional(value: str | None) -> str | None:
    return None if value is None else _text(value)


def _count(value: int, largest: int = _LARGEST) -> int:
    return min(max(value, 0), largest)


def _duration(value: float) -> float:
    return min(max(value, 0.0), 1e12) if math.isfinite(value) else 0.0
