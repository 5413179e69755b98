"""The messages of the WebSocket chat stream, ``/v1/chat/ws``: one JSON object each, both ways.

The client sends ``chat.create`` (an ``id`` of its own choosing and a chat completion ``request``)
and ``chat.cancel``; the server sends ``chat.chunk``, ``chat.done`` and ``error``. Requests, chunks
and errors are OpenAI's own objects, so what reads an HTTP stream reads these as well.
"""

from typing import Annotated, Any

import msgspec

from mainspring.kernel.errors import InvalidRequestError, MainspringError, MalformedJsonError
from mainspring.wire.openai.errors import error_envelope
from mainspring.wire.openai.requests import read_envelope, rewrite_body
from mainspring.wire.raw import ABSENT, present

SUBPROTOCOL = "mainspring.chat.v1"
"""What a client lists in ``Sec-WebSocket-Protocol`` to speak these messages."""

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Create(msgspec.Struct, frozen=True, tag_field="type", tag="chat.create"):
    """Begin an answer. ``id`` names it in everything that follows.

    With an ``idempotency_key`` the answer of a call that was made under it before is given again.
    """

    id: _Id
    request: msgspec.Raw
    idempotency_key: str | None = None


class Cancel(msgspec.Struct, frozen=True, tag_field="type", tag="chat.cancel"):
    """End an answer early; what has ended already stays ended."""

    id: _Id


class _Chunk(msgspec.Struct):
    choices: list[msgspec.Raw] | None = None
    usage: msgspec.Raw = ABSENT
    error: msgspec.Raw = ABSENT


class _Failure(msgspec.Struct):
    error: msgspec.Raw


class Piece(msgspec.Struct, frozen=True):
    """What one event of a stream, or a whole answer, holds; ``shown`` tells that it has choices."""

    usage: bytes | None
    error: bytes | None
    shown: bool


_message_decoder = msgspec.json.Decoder(Create | Cancel)
_fields_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
_chunk_decoder = msgspec.json.Decoder(_Chunk)
_failure_decoder = msgspec.json.Decoder(_Failure)
_encode = msgspec.json.Encoder().encode


def read_message(data: bytes) -> Create | Cancel:
    """Read a message of a client.

    Raises:
        MalformedJsonError: if it is not JSON.
        InvalidRequestError: if it is none of the messages that there are.
    """
    try:
        return _message_decoder.decode(data)
    except msgspec.ValidationError as error:
        raise InvalidRequestError(f"the message does not fit: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedJsonError(f"the message is not valid JSON: {error}") from error


def chat_request(request: msgspec.Raw) -> bytes:
    """Return the body of the HTTP call that ``request`` means: a stream that tells its usage.

    Only an explicit ``"stream": false`` asks for the whole answer at once.

    Raises:
        InvalidRequestError: if it does not fit.
    """
    body = bytes(request)
    envelope = read_envelope(body)
    if envelope.stream is False:
        return body
    fields: dict[str, Any] = dict(_fields_decoder.decode(body))
    fields["stream"] = True
    return rewrite_body(_encode(fields), model=None, add_usage=True)


def read_piece(data: bytes) -> Piece | None:
    """Read one event of a stream, or a whole answer; ``None`` if it is not what OpenAI sends."""
    try:
        chunk = _chunk_decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    usage, error = present(chunk.usage), present(chunk.error)
    return Piece(
        usage=None if usage is None else bytes(usage),
        error=None if error is None else bytes(error),
        shown=bool(chunk.choices),
    )


def encode_chunk(chat_id: str, chunk: bytes) -> bytes:
    """Return ``chat.chunk``; ``chunk`` is OpenAI's object as it came."""
    return b'{"type":"chat.chunk","id":%b,"chunk":%b}' % (_encode(chat_id), chunk)


def encode_done(
    chat_id: str,
    request_id: str | None,
    *,
    status: str,
    usage: bytes | None,
    completion: bytes | None = None,
) -> bytes:
    """Return ``chat.done``; ``status`` is ``completed`` or ``cancelled``."""
    told = b'{"type":"chat.done","id":%b,"request_id":%b,"status":"%b","usage":%b' % (
        _encode(chat_id),
        _encode(request_id),
        status.encode(),
        usage or b"null",
    )
    if completion is not None:
        told += b',"completion":%b' % completion
    return told + b"}"


def encode_error(
    chat_id: str | None, status: int, error: bytes, retry_after_s: float | None = None
) -> bytes:
    """Return ``error``; ``error`` is the object under that name in OpenAI's shape."""
    told = b'{"type":"error","id":%b,"status":%d,' % (_encode(chat_id), status)
    if retry_after_s is not None:
        told += b'"retry_after_s":%b,' % _encode(retry_after_s)
    return told + b'"error":%b}' % error


def encode_failure(
    chat_id: str | None, error: MainspringError, request_id: str | None = None
) -> bytes:
    """Return ``error`` for an error of ours."""
    body = _encode(error_envelope(error, request_id).error)
    return encode_error(chat_id, error.status, body, error.retry_after_s)


def error_of_answer(body: bytes) -> bytes | None:
    """Return the object under ``error`` of an answer that is a refusal, if it has one."""
    try:
        return bytes(_failure_decoder.decode(body).error)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
