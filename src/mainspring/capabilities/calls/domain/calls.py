"""Records of calls, their spans and scores, as they are kept, and what is asked of them."""

import math
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import msgspec

from mainspring.kernel.access import Permission
from mainspring.wire.observations import CallRecord, TraceRecord
from mainspring.wire.spans import Attribute

CALL_READ = Permission("call:read", "See what is kept of calls, contents included.")
SCORE_WRITE = Permission("score:write", "Score the answers of calls.")
TRACE_READ = Permission("trace:read", "See the spans of calls.")

PERMISSIONS = (CALL_READ, SCORE_WRITE, TRACE_READ)
"""Every permission of this capability."""

MAX_RANGE: Final = timedelta(days=92)
"""The longest range of one question; it bounds how many days are read."""
MAX_SPANS: Final = 2_000
"""Spans that are shown of one trace."""
_LARGEST: Final = 2**53 - 1
_LONGEST_TEXT: Final = 500
_PREVIEW: Final = 200
_SEARCHED: Final = 48 * 1024
"""Characters of a call that can be searched; PostgreSQL bounds what one index entry holds."""
_NO_WORDS: Final = frozenset(
    {"type", "role", "id", "model", "finish_reason", "tool_call_id", "call_id", "status", "object"}
)
_PROMPTS: Final = ("system", "instructions", "messages", "input", "prompt", "query", "documents")
_HAN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call. ``day`` (UTC) is the partition; (``day``, ``id``) is what makes it unique.

    ``level`` tells how much was kept. ``request`` and ``answer`` are JSON values, absent in lists;
    the previews are the first words of the last question and of the answer. ``path`` is the
    endpoint that was called; old gateways did not tell it.
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
    output_tokens: int
    cost_nanos: int | None
    currency: str | None
    ttft_ms: float | None
    duration_ms: float
    attempts: int
    trace_id: str | None
    session_id: str | None
    user_id: str | None
    metadata: dict[str, str]
    level: str
    truncated: bool
    fallback_from: str | None
    track: str
    snapshot_version: int
    gateway_id: str
    received_at: datetime
    input_preview: str | None
    output_preview: str | None
    request: Any = None
    answer: Any = None
    path: str | None = None


class KeptRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The request of a call as JSON, as far as it was kept; ``truncated``: not all of it."""

    request_id: str
    level: str
    truncated: bool
    request: bytes | None


class KeptSpan(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a request; times are Unix nanoseconds. A stranger's has no ``org_id``."""

    day: date
    trace_id: str
    span_id: str
    parent_id: str | None
    request_id: str
    org_id: str | None
    project_id: str | None
    service: str
    name: str
    kind: str
    start_ns: int
    end_ns: int
    error: str | None
    attributes: dict[str, Attribute]


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody thought of an answer: a number, a label, words, or several of them.

    ``source`` says who judged: ``user`` (a person who was answered), ``reviewer`` or ``program``.
    """

    day: date
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


class CallFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which calls: those that arrived in ``since <= at < until`` and are as every field says.

    ``text`` holds words that all occur in the contents. ``failed`` asks for outcomes other than
    ``ok`` and ``client_closed``, or for those. ``metadata`` are pairs that the caller attached.
    """

    since: datetime
    until: datetime
    org_id: str | None = None
    project_id: str | None = None
    model: str | None = None
    status: int | None = None
    outcome: str | None = None
    failed: bool | None = None
    key_id: str | None = None
    session_id: str | None = None
    user_id: str | None = None
    trace_id: str | None = None
    min_duration_ms: float | None = None
    min_cost_nanos: int | None = None
    text: str | None = None
    metadata: dict[str, str] = {}


def call_of(record: CallRecord, received_at: datetime) -> tuple[Call, str]:
    """Return what is kept of ``record``, and the words that it is found by.

    Raises:
        ValueError: if the time is not one, or the contents are no JSON.
    """
    at = _time(record.at_ms)
    request, answer = _json(record.request), _json(record.answer)
    usage = record.usage
    call = Call(
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
        input_tokens=_count(usage.input + usage.cached_input + usage.cache_write),
        output_tokens=_count(usage.output + usage.reasoning),
        cost_nanos=None if record.cost_nanos is None else _count(record.cost_nanos),
        currency=_optional(record.currency),
        ttft_ms=None if record.ttft_ms is None else _duration(record.ttft_ms),
        duration_ms=_duration(record.duration_ms),
        attempts=_count(record.attempts, 9999),
        trace_id=_optional(record.trace_id),
        session_id=_optional(record.session_id),
        user_id=_optional(record.user_id),
        metadata={_text(name): _text(value) for name, value in record.metadata.items()},
        level=_text(record.level),
        truncated=record.truncated,
        fallback_from=_optional(record.fallback_from),
        track=_text(record.track),
        snapshot_version=_count(record.snapshot_version),
        gateway_id=_text(record.gateway_id),
        received_at=received_at,
        input_preview=_preview(_last_question(request)),
        output_preview=_preview(next(_strings(answer), None)),
        request=request,
        answer=answer,
        path=_optional(record.path),
    )
    return call, search_words(_searched(request, answer))


def spans_of(record: TraceRecord) -> list[KeptSpan]:
    """Return what is kept of the spans of ``record``.

    Raises:
        ValueError: if a time is not one.
    """
    return [
        KeptSpan(
            day=_time(span.start_ns // 1_000_000).date(),
            trace_id=_text(span.trace_id),
            span_id=_text(span.span_id),
            parent_id=_optional(span.parent_id),
            request_id=_text(record.request_id),
            org_id=_optional(record.org_id),
            project_id=_optional(record.project_id),
            service=_text(record.service),
            name=_text(span.name),
            kind=span.kind,
            start_ns=span.start_ns,
            end_ns=max(span.end_ns, span.start_ns),
            error=_optional(span.error),
            attributes={
                _text(name): _text(value) if isinstance(value, str) else value
                for name, value in span.attributes.items()
                if not isinstance(value, float) or math.isfinite(value)
            },
        )
        for span in record.spans
    ]


def search_words(text: str) -> str:
    """Return ``text`` as words that PostgreSQL tells apart.

    Chinese, Japanese and Korean have no blanks between words: each character and each pair of
    neighbours becomes a word of its own, in what is searched and in what is searched for.
    """
    return _HAN.sub(lambda match: f" {' '.join(_grams(match[0]))} ", text)


def wanted_words(text: str) -> str:
    """Return the words that a call must hold to be found by ``text``."""
    return _HAN.sub(
        lambda match: f" {match[0] if len(match[0]) == 1 else ' '.join(_pairs(match[0]))} ", text
    )


def _grams(run: str) -> list[str]:
    return [*run, *_pairs(run)]


def _pairs(run: str) -> list[str]:
    return [run[index : index + 2] for index in range(len(run) - 1)]


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - decoded JSON
    """Yield the words within a JSON value, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType] - decoded JSON
        for item in items:
            yield from _strings(item)
    elif isinstance(value, dict):
        pairs: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType] - decoded JSON
        for name, item in pairs.items():
            if name not in _NO_WORDS:
                yield from _strings(item)


def _searched(request: Any, answer: Any) -> str:  # noqa: ANN401 - decoded JSON
    """Return what was asked and answered, up to the bound of what can be searched."""
    pieces: list[str] = []
    room = _SEARCHED
    for value in (*_prompts(request), answer):
        for piece in _strings(value):
            pieces.append(piece[:room])
            room -= len(piece)
            if room <= 0:
                return "\n".join(pieces)
    return "\n".join(pieces)


def _prompts(request: Any) -> list[Any]:  # noqa: ANN401 - decoded JSON
    if not isinstance(request, dict):
        return []
    fields: dict[str, Any] = request  # pyright: ignore[reportUnknownVariableType] - decoded JSON
    return [fields[name] for name in _PROMPTS if name in fields]


def _last_question(request: Any) -> str | None:  # noqa: ANN401 - decoded JSON
    if not isinstance(request, dict):
        return None
    fields: dict[str, Any] = request  # pyright: ignore[reportUnknownVariableType] - decoded JSON
    for name in ("messages", "input", "prompt", "query"):
        value = fields.get(name)
        if isinstance(value, list) and value:
            value = value[-1]  # pyright: ignore[reportUnknownVariableType] - decoded JSON
        found = next(_strings(value), None)
        if found:
            return found
    return None


def _preview(text: str | None) -> str | None:
    return " ".join(text[: 2 * _PREVIEW].split())[:_PREVIEW] if text else None


def _json(data: bytes | None) -> Any:  # noqa: ANN401 - decoded JSON
    if data is None:
        return None
    # PostgreSQL cannot hold the character NUL, escaped or not, nor half of a surrogate pair.
    plain = re.sub(rb"\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})", b"?", data)
    return msgspec.json.decode(plain)


def _time(at_ms: int) -> datetime:
    try:
        return datetime.fromtimestamp(at_ms / 1000, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError(f"{at_ms} is not a time") from error


def _text(value: str) -> str:
    return value.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:_LONGEST_TEXT]


def _optional(value: str | None) -> str | None:
    return None if value is None else _text(value)


def _count(value: int, largest: int = _LARGEST) -> int:
    return min(max(value, 0), largest)


def _duration(value: float) -> float:
    return min(max(value, 0.0), 1e12) if math.isfinite(value) else 0.0
