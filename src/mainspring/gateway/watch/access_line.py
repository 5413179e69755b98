"""The lines of the access log: what they say, and how they are printed in little time."""

import time
from collections.abc import Hashable, Iterable
from typing import Final

import msgspec

from mainspring.gateway.watch.notes import Note

MAX_PATH: Final = 200
"""Characters of a request's path that a line shows."""
_MAX_KEPT: Final = 8192
"""Lines whose lasting parts are kept; beyond them all are made anew."""
_MS: Final = 1_000_000


class AccessLine(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line. ``at`` is when the request arrived, times are milliseconds, sizes bytes of bodies;
    ``status`` 0 means that the client had left before there was an answer.

    ``outcome`` is ``ok``, ``client_closed`` or an error code. A field that says nothing is left
    out.
    """

    at: str
    level: str = ""
    logger: str = ""
    message: str
    method: str
    path: str
    status: int
    outcome: str | None = None
    duration_ms: float
    ttft_ms: float | None = None
    bytes_in: int
    bytes_out: int
    request_id: str | None = None
    trace_id: str | None = None
    org_id: str | None = None
    project_id: str | None = None
    key_id: str | None = None
    actor_id: str | None = None
    operation: str | None = None
    model: str | None = None
    fallback_from: str | None = None
    upstream_id: str | None = None
    upstream_model: str | None = None
    stream: bool = False
    attempts: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = False


class _Kept(msgspec.Struct, frozen=True, gc=False):
    """What all lines of one key's calls to one model have in common, as it is printed.

    A field takes the value of the first one that it stands for, and all that follows up to the next
    one that differs.
    """

    opening: msgspec.Raw
    origin: msgspec.Raw


class _Call(msgspec.Struct, gc=False):
    """A line whose lasting parts were kept; the fields with those are named by their first."""

    at: str
    level: msgspec.Raw
    duration_ms: float
    ttft_ms: float
    bytes_in: int
    bytes_out: int
    request_id: str
    trace_id: str
    org_id: msgspec.Raw
    input_tokens: int
    output_tokens: int


class LinePrinter:
    """Prints lines.

    Nearly everything in a line is the same for all calls of one key to one model. Those parts are
    cut out of a line that was encoded at length, and printed as they are.
    """

    def __init__(self) -> None:
        encoder = msgspec.json.Encoder()
        self._encode = encoder.encode
        self._encode_lines = encoder.encode_lines
        self._kept: dict[Hashable, _Kept] = {}
        self._at_ms: int = -1
        self._at_text = ""
        self._second: int = -1
        self._second_text = ""

    def lines(self, notes: Iterable[Note]) -> bytes:
        """Return the lines of requests, each with its end."""
        line = self._line
        return self._encode_lines([line(note) for note in notes])

    def _line(self, note: Note) -> _Call | AccessLine:
        """Return what is printed of a request."""
        told = note.told
        record = None if told is None else told.record
        if record is None:
            return self._at_length(note)
        usage = record.usage
        ttft, trace_id = record.ttft_ms, record.trace_id
        read, written = usage.input, usage.output
        if (
            ttft is None
            or trace_id is None
            or not read
            or not written
            or usage.cached_input
            or usage.reasoning
            or usage.estimated
            or len(note.path) > MAX_PATH
        ):
            return self._at_length(note)
        lasting = (
            note.method,
            note.path,
            note.status,
            record.outcome,
            record.org_id,
            record.project_id,
            record.key_id,
            record.actor_id,
            record.operation,
            record.model,
            record.fallback_from,
            record.upstream_id,
            record.upstream_model,
            record.stream,
            record.attempts,
        )
        kept = self._kept.get(lasting)
        if kept is None:
            kept = self._keep(lasting, note)
        at_ms = record.at_ms
        # Arithmetic instead of round(), which would print the number and read it again.
        return _Call(
            self._at_text if at_ms == self._at_ms else self._at(at_ms),
            kept.opening,
            int(note.duration_s * 1e6 + 0.5) / 1000,
            int(ttft * 1000 + 0.5) / 1000,
            note.bytes_in,
            note.bytes_out,
            record.request_id,
            trace_id,
            kept.origin,
            read,
            written,
        )

    def _at_length(self, note: Note) -> AccessLine:
        """Return a line by its definition; it takes more than twice as long."""
        told = note.told
        if told is not None and told.record is not None:
            at_ms = told.record.at_ms
        else:
            at_ms = (note.at_ns - round(note.duration_s * 1e9)) // _MS
        return line_of(note, self._at(at_ms))

    def _keep(self, lasting: Hashable, note: Note) -> _Kept:
        """Cut the lasting parts out of the line of ``note``, and keep them.

        Within a string of JSON every quotation mark has a backslash before it, so what is looked
        for cannot be part of one.
        """
        line = self._encode(self._at_length(note))
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        kept = self._kept[lasting] = _Kept(
            msgspec.Raw(_between(line, b'","level":', b',"duration_ms":')),
            msgspec.Raw(_between(line, b',"org_id":', b',"input_tokens":')),
        )
        return kept

    def _at(self, at_ms: int) -> str:
        """Return ISO time in UTC; most requests share their millisecond with the one before."""
        if at_ms != self._at_ms:
            second, rest = divmod(at_ms, 1000)
            if second != self._second:
                self._second = second
                self._second_text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
            self._at_text = f"{self._second_text}.{rest:03d}+00:00"
            self._at_ms = at_ms
        return self._at_text


def line_of(note: Note, at: str) -> AccessLine:
    """Return what is told of a request that arrived ``at``."""
    told = note.told
    path = note.path[:MAX_PATH]
    message = f"{note.method} {path} {note.status}"
    duration_ms = int(note.duration_s * 1e6 + 0.5) / 1000
    if told is None or told.record is None:
        return AccessLine(
            at=at,
            level="info",
            logger="access",
            message=message,
            method=note.method,
            path=path,
            status=note.status,
            outcome=None if told is None else told.error,
            duration_ms=duration_ms,
            bytes_in=note.bytes_in,
            bytes_out=note.bytes_out,
            request_id=note.request_id if told is None else told.request_id,
            trace_id=None if told is None else told.trace.trace_id,
            org_id=None if told is None else told.org_id,
            project_id=None if told is None else told.project_id,
            key_id=None if told is None else told.key_id,
            operation=None if told is None else told.operation,
        )
    record = told.record
    usage = record.usage
    return AccessLine(
        at=at,
        level="info",
        logger="access",
        message=message,
        method=note.method,
        path=path,
        status=note.status,
        outcome=record.outcome,
        duration_ms=duration_ms,
        ttft_ms=None if record.ttft_ms is None else int(record.ttft_ms * 1000 + 0.5) / 1000,
        bytes_in=note.bytes_in,
        bytes_out=note.bytes_out,
        request_id=record.request_id,
        trace_id=record.trace_id,
        org_id=record.org_id,
        project_id=record.project_id,
        key_id=record.key_id,
        actor_id=record.actor_id,
        operation=record.operation,
        model=record.model,
        fallback_from=record.fallback_from,
        upstream_id=record.upstream_id,
        upstream_model=record.upstream_model,
        stream=record.stream,
        attempts=record.attempts,
        input_tokens=usage.input,
        cached_input_tokens=usage.cached_input,
        output_tokens=usage.output,
        reasoning_tokens=usage.reasoning,
        estimated=usage.estimated,
    )


def _between(text: bytes, start: bytes, end: bytes) -> bytes:
    return text.partition(start)[2].partition(end)[0]
