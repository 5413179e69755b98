"""What the gateway's memory reads and writes of ``/v1/responses``: byte for byte where it can.

Items are handled as raw JSON: whatever a client or an upstream put into them is kept, also what
the IR has no word for.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from mainspring.kernel.errors import InvalidRequestError, MalformedJsonError
from mainspring.kernel.ids import new_id
from mainspring.wire.events.reading import decode_request
from mainspring.wire.raw import ABSENT, present
from mainspring.wire.sse import encode_event
from mainspring.wire.stored import StoredTurn

THOUGHTS = "reasoning.encrypted_content"
"""What of a reasoning model's thoughts a server without a memory can take back."""

_encode = msgspec.json.Encoder().encode
_PREFIXES = {
    "message": "msg",
    "function_call": "fc",
    "function_call_output": "fco",
    "reasoning": "rs",
}


class Wishes(msgspec.Struct, frozen=True):
    """What a request says about memory; see :func:`read_wishes`."""

    model: str = ""
    input: msgspec.Raw = ABSENT
    store: bool | None = None
    previous_response_id: str | None = None
    conversation: msgspec.Raw = ABSENT
    background: bool | None = None
    stream: bool | None = None
    metadata: msgspec.Raw = ABSENT
    instructions: msgspec.Raw = ABSENT


class _Typed(msgspec.Struct):
    type: str = "message"
    encrypted_content: str | None = None


class _Outcome(msgspec.Struct):
    output: list[msgspec.Raw] = []
    status: str = "completed"


_wishes_decoder = msgspec.json.Decoder(Wishes)
_list_decoder = msgspec.json.Decoder(list[msgspec.Raw])
_typed_decoder = msgspec.json.Decoder(_Typed)
_outcome_decoder = msgspec.json.Decoder(_Outcome)
_object_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])


def read_wishes(body: bytes) -> Wishes:
    """Read what the request says about memory.

    Raises:
        MalformedJsonError: if the body is not JSON.
        InvalidRequestError: if a field does not fit, or asks for a memory that is not offered.
    """
    try:
        wishes = decode_request(_wishes_decoder, body)
    except RecursionError as error:
        raise MalformedJsonError("the body is nested too deeply") from error
    if present(wishes.conversation) is not None:
        raise InvalidRequestError(
            "conversation objects are not kept here; continue by previous_response_id, or send the"
            " whole conversation as input",
            param="conversation",
        )
    if wishes.background:
        raise InvalidRequestError(
            "background responses are not offered here; stream the response, or use a batch",
            param="background",
        )
    return wishes


def input_items(given: msgspec.Raw) -> list[dict[str, msgspec.Raw]]:
    """Return ``input`` as items, each with an id, a text being the user's message.

    Raises:
        InvalidRequestError: if it is neither a text nor a list of objects.
    """
    raw = bytes(given)
    try:
        if raw[:1] == b'"':
            text = msgspec.json.decode(raw, type=str)
            content = [{"type": "input_text", "text": text}]
            message = _encode({"type": "message", "role": "user", "content": content})
            items = [_object_decoder.decode(message)]
        else:
            items = [_object_decoder.decode(each) for each in _list_decoder.decode(raw)]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequestError(
            "input is a text or a list of items, which are objects", param="input"
        ) from error
    for item in items:
        kind = _type_of(item)
        item.setdefault("type", msgspec.Raw(_encode(kind)))
        if "id" not in item or bytes(item["id"]) == b"null":
            item["id"] = msgspec.Raw(_encode(_item_id(kind)))
    return items


def said_before(turns: Iterable[StoredTurn]) -> list[msgspec.Raw]:
    """Return the items of earlier turns, oldest first, as input for any upstream.

    Ids and states name things of another server's memory and are left out; so are thoughts that
    the server could not verify.
    """
    found: list[msgspec.Raw] = []
    for turn in turns:
        for raw in (
            *_list_decoder.decode(turn.input),
            *_outcome_decoder.decode(turn.response).output,
        ):
            item = _object_decoder.decode(raw)
            if _type_of(item) == "reasoning":
                if _typed_decoder.decode(raw).encrypted_content is None:
                    continue
            else:
                item.pop("id", None)
            item.pop("status", None)
            found.append(msgspec.Raw(_encode(item)))
    return found


def listed_items(turns: Iterable[StoredTurn]) -> list[dict[str, msgspec.Raw]]:
    """Return what the last of ``turns`` was made from: all before it, and its own input."""
    found: list[dict[str, msgspec.Raw]] = []
    last: list[msgspec.Raw] = []
    for turn in turns:
        found.extend(_object_decoder.decode(each) for each in last)
        found.extend(_object_decoder.decode(each) for each in _list_decoder.decode(turn.input))
        last = _outcome_decoder.decode(turn.response).output
    return found


def without_memory(
    body: bytes, before: list[msgspec.Raw], own: Iterable[Mapping[str, msgspec.Raw]], *, kept: bool
) -> bytes:
    """Return the request as an upstream without any memory understands it.

    Nothing is stored there, so thoughts are asked for in the form in which they can be sent again.
    With ``kept`` its ``metadata`` stay here too: they describe the stored object.
    """
    fields: dict[str, Any] = dict(_object_decoder.decode(body))
    fields.pop("previous_response_id", None)
    if before:
        fields["input"] = [*before, *own]
    fields["store"] = False
    if bytes(fields.get("reasoning", ABSENT)) != b"null" and "include" not in fields:
        fields["include"] = [THOUGHTS]
    if kept:
        fields.pop("metadata", None)
    return _encode(fields)


def for_the_client(response: bytes, **ours: object) -> bytes:
    """Return the response object with fields of the gateway's own."""
    fields: dict[str, Any] = dict(_object_decoder.decode(response))
    fields.update(ours)
    return _encode(fields)


def stream_of(response: bytes, starting_after: int = -1) -> list[bytes]:
    """Return a finished response as the events of a stream, from a sequence number on."""
    outcome = _outcome_decoder.decode(response)
    fields: dict[str, Any] = dict(_object_decoder.decode(response))
    opening: dict[str, Any] = {**fields, "status": "in_progress", "output": [], "usage": None}
    events: list[tuple[str, dict[str, Any]]] = [
        ("response.created", {"response": opening}),
        ("response.in_progress", {"response": opening}),
    ]
    for index, item in enumerate(outcome.output):
        events.append(("response.output_item.added", {"output_index": index, "item": item}))
        events.append(("response.output_item.done", {"output_index": index, "item": item}))
    events.append((f"response.{outcome.status}", {"response": msgspec.Raw(response)}))
    return [
        encode_event(_encode({"type": kind, "sequence_number": number, **told}), kind)
        for number, (kind, told) in enumerate(events)
        if number > starting_after
    ]


def _type_of(item: Mapping[str, msgspec.Raw]) -> str:
    raw = item.get("type", ABSENT)
    try:
        return msgspec.json.decode(raw, type=str | None) or "message"
    except msgspec.DecodeError as error:
        raise InvalidRequestError("the type of an item is a text", param="input") from error


def _item_id(kind: str) -> str:
    return f"{_PREFIXES.get(kind, 'item')}_{new_id('evt').removeprefix('evt_')}"
