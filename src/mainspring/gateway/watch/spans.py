"""From a finished request to its spans: the request itself, and one below it for each attempt."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, Protocol
from urllib.parse import urlsplit

from mainspring.gateway.watch.notes import Note, Told
from mainspring.gateway.watch.trace import child_span_id
from mainspring.snapshot.resources import Upstream
from mainspring.wire import attributes as names
from mainspring.wire.decisions import AttemptNote
from mainspring.wire.records import UsageRecord
from mainspring.wire.spans import Attribute, Span

_PROVIDERS: Final = {"gemini": "gcp.gemini", "bedrock": "aws.bedrock", "openai-responses": "openai"}
"""Well-known names of providers, where a protocol's own is another."""
_OPERATIONS: Final = {"responses": "chat", "messages": "chat"}
_FINE: Final = frozenset({"ok", "client_closed"})
_MS: Final = 1_000_000


class SpanSink(Protocol):
    """Takes the spans of one request. Fails open: what it cannot keep, it counts and drops."""

    def put_spans(self, told: Told, spans: Sequence[Span]) -> None:
        """Take the spans; quick, and never raises."""
        ...


class SpanMaker:
    """Makes spans of the requests that are sampled, and of all that failed."""

    def __init__(self, upstreams: Mapping[str, Upstream], sinks: Sequence[SpanSink]) -> None:
        """``upstreams`` is the snapshot's own view."""
        self._upstreams = upstreams
        self._sinks = tuple(sinks)

    def put(self, note: Note) -> None:
        """Tell the sinks of a request."""
        told = note.told
        if told is None or not (told.trace.sampled or failed(note.status, told.record)):
            return
        spans = spans_of(note, told, self._upstreams)
        for sink in self._sinks:
            sink.put_spans(told, spans)


def failed(status: int, record: UsageRecord | None) -> bool:
    """Tell whether a request failed by no fault of its sender."""
    if status >= 500:
        return True
    return record is not None and record.status < 400 and record.outcome not in _FINE


def spans_of(note: Note, told: Told, upstreams: Mapping[str, Upstream]) -> list[Span]:
    """Return the spans of a request, its own first."""
    trace = told.trace
    record = told.record
    started_at = note.at_ns - round(note.duration_s * 1e9)
    own = _attributes(note, told)
    error = told.error if record is None else record.outcome
    spans = [
        Span(
            trace_id=trace.w3c_id,
            span_id=trace.span_id,
            parent_id=trace.parent_id,
            name=f"{note.method} {note.path}",
            kind="server",
            start_ns=started_at,
            end_ns=note.at_ns,
            error=None if error in _FINE else error,
            attributes=own,
        )
    ]
    if record is not None:
        attempts = _attempts(record)
        for number, attempt in enumerate(attempts, start=1):
            last = number == len(attempts)
            spans.append(
                _client_span(
                    told,
                    record,
                    upstreams,
                    number=number,
                    attempt=attempt,
                    started_at=started_at,
                    last=last,
                )
            )
    return spans


def _attributes(note: Note, told: Told) -> dict[str, Attribute]:
    record = told.record
    found: dict[str, Attribute] = {
        names.HTTP_METHOD.name: note.method,
        names.HTTP_ROUTE.name: note.path,
        names.HTTP_STATUS.name: note.status or 499,
        names.HTTP_REQUEST_BYTES.name: note.bytes_in,
        names.REQUEST_ID.name: told.request_id,
    }
    if note.bytes_out >= 0:
        found[names.HTTP_RESPONSE_BYTES.name] = note.bytes_out
    if told.trace.trace_id != told.trace.w3c_id:
        found[names.TRACE_NAME.name] = told.trace.trace_id
    if record is None:
        _add(found, names.ERROR_TYPE, told.error)
        _add(found, names.OPERATION, _operation(told.operation))
        _add(found, names.ORG_ID, told.org_id)
        _add(found, names.PROJECT_ID, told.project_id)
        _add(found, names.KEY_ID, told.key_id)
        return found
    found[names.OPERATION.name] = _operation(record.operation) or ""
    found[names.REQUEST_MODEL.name] = record.fallback_from or record.model
    found[names.ORG_ID.name] = record.org_id
    found[names.PROJECT_ID.name] = record.project_id
    _add(found, names.KEY_ID, record.key_id)
    found[names.OUTCOME.name] = record.outcome
    if record.outcome not in _FINE:
        found[names.ERROR_TYPE.name] = record.outcome
    _add(found, names.FALLBACK_FROM, record.fallback_from)
    if record.cost_nanos is not None and record.currency is not None:
        found[names.COST.name] = record.cost_nanos / 1e9
        found[names.CURRENCY.name] = record.currency
    return found


def _attempts(record: UsageRecord) -> list[AttemptNote]:
    """Return the attempts that reached for an upstream; the order is that of their numbers."""
    if record.decision is not None:
        return [each for each in record.decision.attempts if each.chosen is not None]
    if record.upstream_id is None:
        return []
    return [
        AttemptNote(
            model=record.model,
            track=record.track,
            chosen=0,
            result=record.outcome,
            duration_ms=record.duration_ms,
        )
    ]


def _client_span(
    told: Told,
    record: UsageRecord,
    upstreams: Mapping[str, Upstream],
    *,
    number: int,
    attempt: AttemptNote,
    started_at: int,
    last: bool,
) -> Span:
    trace = told.trace
    upstream_id, upstream_model = record.upstream_id, record.upstream_model
    if attempt.candidates and attempt.chosen is not None:
        chosen = attempt.candidates[attempt.chosen]
        upstream_id, upstream_model = chosen.upstream_id, chosen.upstream_model
    operation = _operation(record.operation) or ""
    found: dict[str, Attribute] = {
        names.OPERATION.name: operation,
        names.REQUEST_STREAM.name: record.stream,
        names.ATTEMPT.name: number,
        names.CAUSE.name: attempt.cause,
        names.TRACK.name: attempt.track,
    }
    _add(found, names.REQUEST_MODEL, upstream_model)
    _add(found, names.UPSTREAM_ID, upstream_id)
    upstream = None if upstream_id is None else upstreams.get(upstream_id)
    if upstream is not None:
        found[names.PROVIDER.name] = _PROVIDERS.get(upstream.protocol, upstream.protocol)
        server = _server(upstream.base_url)
        if server is not None:
            found[names.SERVER_ADDRESS.name], found[names.SERVER_PORT.name] = server
    answered = attempt.result == "ok" or (last and record.outcome == "client_closed")
    error = None
    if answered:
        _add_usage(found, record, attempt)
    elif attempt.result != "cancelled":
        error = attempt.result or record.outcome
        found[names.ERROR_TYPE.name] = error
    start = started_at + round(attempt.at_ms * _MS)
    return Span(
        trace_id=trace.w3c_id,
        span_id=child_span_id(trace.span_id, number),
        parent_id=trace.span_id,
        name=f"{operation} {upstream_model or record.model}",
        kind="client",
        start_ns=start,
        end_ns=start + round(attempt.duration_ms * _MS),
        error=error,
        attributes=found,
    )


def _add_usage(found: dict[str, Attribute], record: UsageRecord, attempt: AttemptNote) -> None:
    usage = record.usage
    found[names.INPUT_TOKENS.name] = usage.input + usage.cached_input + usage.cache_write
    found[names.OUTPUT_TOKENS.name] = usage.output + usage.reasoning
    for name, count in (
        (names.CACHE_READ_TOKENS, usage.cached_input),
        (names.CACHE_WRITE_TOKENS, usage.cache_write),
        (names.REASONING_TOKENS, usage.reasoning),
    ):
        if count:
            found[name.name] = count
    if record.stream and record.ttft_ms is not None:
        found[names.FIRST_CHUNK.name] = max(record.ttft_ms - attempt.at_ms, 0.0) / 1000


@lru_cache(maxsize=1024)
def _server(base_url: str) -> tuple[str, int] | None:
    """Return the host and the port of an upstream."""
    target = urlsplit(base_url)
    if not target.hostname:
        return None
    return target.hostname, target.port or (443 if target.scheme == "https" else 80)


def _operation(name: str | None) -> str | None:
    return None if name is None else _OPERATIONS.get(name, name)


def _add(found: dict[str, Attribute], name: names.SpanAttribute, value: str | None) -> None:
    if value is not None:
        found[name.name] = value
