"""From a captured call to its record: contents read, redacted at the source, and bounded."""

from typing import Any, Final

import msgspec

from mainspring.gateway.watch.notes import MAX_READ, Captured, Note
from mainspring.gateway.watch.store import ObservationStore
from mainspring.kernel.errors import MainspringError
from mainspring.wire.dialects import UPSTREAM_DIALECTS
from mainspring.wire.events.answer import fold
from mainspring.wire.events.kept import kept_answer
from mainspring.wire.observations import CallRecord
from mainspring.wire.records import UsageRecord
from mainspring.wire.redaction import CUT, cleaned

MAX_KEPT: Final = 256 * 1024
"""Bytes of JSON that a record keeps of the request, and of the answer."""
_LONG_TEXT: Final = 64 * 1024
_SHORT_TEXT: Final = 2 * 1024
_MAX_PAIRS: Final = 16
_MAX_NAME: Final = 64
_MAX_VALUE: Final = 512
_FILES: Final = frozenset({"embeddings", "image_generation", "image_edit", "speech"})
"""Operations whose answers are no words."""


class _About(msgspec.Struct):
    """What a request says about itself, whatever its protocol."""

    metadata: dict[str, Any] | None = None
    user: str | None = None
    safety_identifier: str | None = None


_about_decoder = msgspec.json.Decoder(_About)
_encode = msgspec.json.Encoder().encode


class CallMaker:
    """Makes the records of captured calls."""

    def __init__(self, store: ObservationStore) -> None:
        self._store = store

    def put(self, note: Note) -> None:
        """Make the record of a call, if it was captured."""
        told = note.told
        if note.captured is not None and told is not None and told.record is not None:
            self._store.put_call(call_record(told.record, note.captured, note.status))


def call_record(record: UsageRecord, captured: Captured, status: int) -> CallRecord:
    """Return the record of a call that was answered by ``status``."""
    redacts = captured.level != "full"
    about = _read_about(captured.request)
    metadata = {} if about is None else _pairs(about.metadata, redacts=redacts)
    named = None if about is None else about.user or about.safety_identifier
    session = captured.session or metadata.get("session_id") or metadata.get("conversation_id")
    user = named or metadata.get("user_id")
    request = answer = None
    truncated = captured.cut
    if captured.level != "metadata":
        if captured.request is not None:
            request, cut = _kept(_json(captured.request), redacts=redacts)
            truncated = truncated or cut or len(captured.request) > MAX_READ
        if captured.answer is not None:
            answer, cut = _kept(_answer(record, captured, status), redacts=redacts)
            truncated = truncated or cut
    return CallRecord(
        id="cal_" + record.request_id[4:],
        request_id=record.request_id,
        at_ms=record.at_ms,
        org_id=record.org_id,
        project_id=record.project_id,
        key_id=record.key_id,
        actor_id=record.actor_id,
        operation=record.operation,
        path=captured.path,
        model=record.model,
        level=captured.level,
        upstream_id=record.upstream_id,
        upstream_model=record.upstream_model,
        stream=record.stream,
        status=record.status,
        outcome=record.outcome,
        usage=record.usage,
        cost_nanos=record.cost_nanos,
        currency=record.currency,
        ttft_ms=record.ttft_ms,
        duration_ms=record.duration_ms,
        attempts=record.attempts,
        trace_id=record.trace_id,
        session_id=_name(session, redacts=redacts),
        user_id=_name(user, redacts=redacts),
        metadata=metadata,
        request=request,
        answer=answer,
        truncated=truncated,
        fallback_from=record.fallback_from,
        track=record.track,
        snapshot_version=record.snapshot_version,
        gateway_id=record.gateway_id,
    )


def _read_about(body: bytes | None) -> _About | None:
    if body is None or len(body) > MAX_READ:
        return None
    try:
        return _about_decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # its own fields are not what they usually are: the record goes without


def _json(body: bytes) -> Any:  # noqa: ANN401 - decoded JSON
    if len(body) > MAX_READ:
        return None
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _answer(record: UsageRecord, captured: Captured, status: int) -> Any:  # noqa: ANN401 - JSON
    body = captured.answer
    if not body or record.operation in _FILES:
        return None
    if not 200 <= status <= 299:
        return _json(body)
    dialect = UPSTREAM_DIALECTS.get(captured.dialect or "")
    if dialect is None:
        return None if record.stream else _json(body)
    try:
        if record.stream:
            reader = dialect.stream_reader()
            events = [*reader.feed(body), *reader.close()]
        else:
            events = list(dialect.read_answer(body))
        return kept_answer(fold(events))
    except (MainspringError, ValueError, IndexError):
        return None  # cut off in the middle, or of another shape


def _kept(value: Any, *, redacts: bool) -> tuple[bytes | None, bool]:  # noqa: ANN401 - decoded JSON
    """Return ``value`` as JSON within the bound, and whether something was cut for it."""
    if value is None:
        return None, False
    try:
        data = _encode(cleaned(value, redacts=redacts, longest=_LONG_TEXT))
        if len(data) <= MAX_KEPT:
            return data, CUT.encode() in data
        data = _encode(cleaned(value, redacts=redacts, longest=_SHORT_TEXT))
    except RecursionError:
        return None, True
    return (data if len(data) <= MAX_KEPT else None), True


def _pairs(metadata: dict[str, Any] | None, *, redacts: bool) -> dict[str, str]:
    if metadata is None:
        return {}
    pairs = [(name, each) for name, each in metadata.items() if isinstance(each, str | int | float)]
    return {
        name[:_MAX_NAME]: str(cleaned(str(each), redacts=redacts, longest=_MAX_VALUE))
        for name, each in pairs[:_MAX_PAIRS]
    }


def _name(value: str | None, *, redacts: bool) -> str | None:
    if not value:
        return None
    return str(cleaned(value, redacts=redacts, longest=_MAX_VALUE))
