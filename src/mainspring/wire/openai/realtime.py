"""OpenAI's realtime events, as far as a relay must read them: who may be asked, and what it cost.

Everything else passes as it came. Of a client's events only the type is read, and the few fields
in which a model could be named; of a server's events those that begin or end a response, or tell
what a transcription took.
"""

import re
from typing import Any, Final, Literal, cast

import msgspec

from mainspring.kernel.errors import InvalidRequestError, MainspringError, MalformedJsonError
from mainspring.wire.openai.errors import error_envelope
from mainspring.wire.raw import ABSENT, present
from mainspring.wire.usage import Usage

CREATE: Final = "response.create"
_TELLING: Final = re.compile(rb"response\.(?:created|done)|transcription\.completed|\"error\"")
_TRANSCRIBED: Final = "conversation.item.input_audio_transcription.completed"
_HOLDERS: Final = ("session", "response")
MAX_ID: Final = 200


class _ClientEvent(msgspec.Struct):
    type: str
    event_id: str | None = None


class _Response(msgspec.Struct):
    id: str = ""
    status: str | None = None
    usage: msgspec.Raw = ABSENT


class _ServerEvent(msgspec.Struct):
    type: str = ""
    response: _Response | None = None
    usage: msgspec.Raw = ABSENT


class ServerNote(msgspec.Struct, frozen=True):
    """What a server's event means for metering: a response begins or ends, words were heard,
    or an event of the client's was rejected.

    ``usage`` is the raw usage object, where there is one; ``failed`` tells that a response did not
    end as it should.
    """

    kind: Literal["begun", "ended", "heard", "rejected"]
    response_id: str = ""
    usage: bytes | None = None
    failed: bool = False


class _Tokens(msgspec.Struct):
    audio_tokens: int | None = None
    cached_tokens: int | None = None
    cached_tokens_details: "_Tokens | None" = None


class _Usage(msgspec.Struct):
    input_tokens: int | None = None
    output_tokens: int | None = None
    input_token_details: _Tokens | None = None
    output_token_details: _Tokens | None = None
    seconds: float | None = None


_client_decoder = msgspec.json.Decoder(_ClientEvent)
_server_decoder = msgspec.json.Decoder(_ServerEvent)
_usage_decoder = msgspec.json.Decoder(_Usage)
_encode = msgspec.json.Encoder().encode


def read_client_event(
    data: bytes, names: frozenset[str], upstream_model: str
) -> tuple[str, str | None, bytes]:
    """Return a client event's type, its id, and the event as the upstream may have it.

    ``names`` are what the model that was asked for is called here; no other may be named later on.

    Raises:
        MalformedJsonError: if it is not JSON.
        InvalidRequestError: if it is no event, or names another model.
    """
    try:
        event = _client_decoder.decode(data)
        # An escape could spell the word "model" in a way that only a full reading sees.
        if b'"model"' in data or b"\\u" in data:
            data = _with_model(msgspec.json.decode(data), names, upstream_model)
    except msgspec.ValidationError as error:
        raise InvalidRequestError(f"the event does not fit: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedJsonError(f"the event is not valid JSON: {error}") from error
    event_id = event.event_id
    return event.type, None if event_id is None else event_id[:MAX_ID], data


def read_server_event(data: bytes) -> ServerNote | None:
    """Return what a server's event means for metering; ``None`` for most."""
    if _TELLING.search(data) is None:
        return None
    try:
        event = _server_decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if event.type == _TRANSCRIBED:
        usage = present(event.usage)
        return ServerNote("heard", usage=None if usage is None else bytes(usage))
    if event.type == "error":
        return ServerNote("rejected")
    response = event.response
    if response is None:
        return None
    response_id = response.id[:MAX_ID]
    if event.type == "response.created":
        return ServerNote("begun", response_id)
    if event.type != "response.done":
        return None
    usage = present(response.usage)
    return ServerNote(
        "ended",
        response_id,
        usage=None if usage is None else bytes(usage),
        failed=response.status == "failed",
    )


def realtime_error(error: MainspringError, event_id: str, cause: str | None = None) -> bytes:
    """Return the event ``error``; ``cause`` is the id of the client's event that it answers."""
    told = error_envelope(error).error
    return _encode(
        {
            "type": "error",
            "event_id": event_id,
            "error": {
                "type": told.type,
                "code": told.code,
                "message": told.message,
                "param": told.param,
                "event_id": cause,
            },
        }
    )


def normalise_realtime(frame: bytes) -> Usage | None:
    """Read a raw usage object into exclusive buckets: text apart from sound, cached from fresh."""
    try:
        told = _usage_decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    given = told.input_token_details or _Tokens()
    made = told.output_token_details or _Tokens()
    kept = given.cached_tokens_details or _Tokens()
    cached = given.cached_tokens or 0
    cached_audio = min(kept.audio_tokens or 0, cached)
    audio = max((given.audio_tokens or 0) - cached_audio, 0)
    spoken = made.audio_tokens or 0
    return Usage(
        input=max((told.input_tokens or 0) - cached - audio, 0),
        cached_input=cached - cached_audio,
        output=max((told.output_tokens or 0) - spoken, 0),
        seconds=max(told.seconds or 0.0, 0.0),
        audio_input=audio,
        cached_audio=cached_audio,
        audio_output=spoken,
    )


def _with_model(event: object, names: frozenset[str], upstream_model: str) -> bytes:
    """Return the event with the upstream's name of the model wherever it names one.

    It is written anew, so that no second key of the same name can hide behind the first.
    """
    fields = cast("dict[str, Any]", event)
    for holder in (fields, *(fields.get(name) for name in _HOLDERS)):
        if isinstance(holder, dict):
            held = cast("dict[str, Any]", holder)
            named = held.get("model")
            if named is None:
                continue
            if named not in names:
                raise InvalidRequestError("a session keeps the model it began with", param="model")
            held["model"] = upstream_model
    return _encode(fields)
