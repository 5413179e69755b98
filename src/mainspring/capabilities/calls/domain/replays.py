"""Calls made again: what of a recorded call is sent, with what changed, and how the two compare."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import msgspec

from mainspring.capabilities.calls.domain.calls import Call
from mainspring.kernel.errors import CallNotKeptError, InvalidRequestError
from mainspring.kernel.plain_json import plain_json
from mainspring.wire.endpoints import CONTENTS, CONTINUED, DELIVERY, ORIGIN, Endpoint, endpoint_of
from mainspring.wire.redaction import is_whole

MAX_PARAMETERS: Final = 32
MAX_PARAMETERS_BYTES: Final = 64 * 1024
_FIXED: Final = frozenset({"model"}) | CONTENTS | CONTINUED | DELIVERY | ORIGIN


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """That a call was made again: ``request_id`` is the first one, ``replay_request_id`` the new.

    ``parameters`` are the members that were put in place of the recorded ones; ``None`` took one
    out. ``status`` is what the gateway answered.
    """

    day: date
    id: str
    at: datetime
    org_id: str
    project_id: str
    request_id: str
    replay_request_id: str
    model: str
    parameters: dict[str, Any]
    status: int
    actor_id: str


class Asked(msgspec.Struct, frozen=True):
    """A request as it can be made again: to which endpoint, and its members."""

    endpoint: Endpoint
    body: dict[str, Any]


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of two calls that are compared: the answer's first choice, all of it, and the figures.

    Figures are absent where they are not known (yet); ``truncated`` tells that not all of the
    answer is here.
    """

    request_id: str
    model: str
    upstream_model: str | None = None
    status: int
    outcome: str | None = None
    text: str | None = None
    refusal: str | None = None
    reasoning: str | None = None
    tool_calls: list[Any] = []
    finish_reason: str | None = None
    answer: Any = None
    truncated: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_nanos: int | None = None
    currency: str | None = None
    ttft_ms: float | None = None
    duration_ms: float | None = None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What came of making a call again.

    ``settled`` tells that the ledger has the new call, and the figures are its own. The ``same_``
    fields are absent where there is nothing on one side to compare.
    """

    replay: Replay
    before: Side
    after: Side
    settled: bool
    same_text: bool | None
    same_tool_calls: bool | None
    same_finish_reason: bool | None


def asked_in(call: Call) -> Asked:
    """Return what was asked in ``call``.

    Raises:
        CallNotKeptError: if that was not kept, or not whole.
        InvalidRequestError: if calls of its kind are not made from a JSON body alone.
    """
    request: Any = call.request
    if request is None:
        raise CallNotKeptError(
            "the project kept no contents of this call"
            if call.level == "metadata"
            else "what was asked in this call was no JSON, or too long to be kept"
        )
    if not isinstance(request, dict):
        raise CallNotKeptError("what was asked in this call is no JSON object")
    body: dict[str, Any] = request  # pyright: ignore[reportUnknownVariableType] - decoded JSON
    endpoint = endpoint_of(call.path, call.operation, body)
    if endpoint is None:
        raise InvalidRequestError(
            f"a call of the operation {call.operation!r} cannot be made from its record",
            param="call_id",
        )
    if not is_whole(body):
        raise CallNotKeptError("a long text or a file in this call was not kept whole")
    return Asked(endpoint, body)


def checked_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``parameters`` as plain JSON.

    Raises:
        InvalidRequestError: if they are too many or too long, or would change what is asked.
    """
    if len(parameters) > MAX_PARAMETERS:
        raise InvalidRequestError(
            f"no more than {MAX_PARAMETERS} parameters can be changed", param="parameters"
        )
    fixed = sorted(_FIXED & parameters.keys())
    if fixed:
        raise InvalidRequestError(
            f"{', '.join(fixed)} cannot be changed: the call would be another one",
            param="parameters",
        )
    return plain_json(dict(parameters), longest=MAX_PARAMETERS_BYTES, param="parameters").value


def asked_again(call: Call, model: str | None, parameters: Mapping[str, Any]) -> Asked:
    """Return the request that makes ``call`` again, of ``model`` and with ``parameters`` instead.

    ``parameters`` were checked; ``None`` takes one out. Whom the first call was for is left out.
    Nothing is stored at the gateway anew; a chat streams if it did.

    Raises:
        CallNotKeptError, InvalidRequestError: as :func:`asked_in`.
    """
    asked = asked_in(call)
    body = {name: value for name, value in asked.body.items() if name not in ORIGIN}
    for name in ("store", "background", "stream_options"):
        body.pop(name, None)
    if asked.endpoint.dialect is None:
        body.pop("stream", None)
    if asked.endpoint.dialect == "openai-responses":
        body["store"] = False
    for name, value in parameters.items():
        if value is None:
            body.pop(name, None)
        else:
            body[name] = value
    named = body.get("model")
    body["model"] = model or (named if isinstance(named, str) and named else call.model)
    return Asked(asked.endpoint, body)


def material_of(call: Call) -> Asked:
    """Return what was asked in ``call``, without the model and what concerns that one call only.

    Raises:
        CallNotKeptError, InvalidRequestError: as :func:`asked_in`, and if the call goes on from
            what was said before it.
    """
    asked = asked_in(call)
    if not CONTINUED.isdisjoint(asked.body):
        raise CallNotKeptError("this call goes on from an answer that is kept elsewhere")
    left_out = ORIGIN | DELIVERY | {"model"}
    body = {name: value for name, value in asked.body.items() if name not in left_out}
    return Asked(asked.endpoint, body)


def answered_in(call: Call) -> Side:
    """Return the recorded side of a comparison."""
    side = Side(
        request_id=call.request_id,
        model=call.model,
        upstream_model=call.upstream_model,
        status=call.status,
        outcome=call.outcome,
        truncated=call.answer is not None and not is_whole(call.answer),
        input_tokens=call.input_tokens,
        output_tokens=call.output_tokens,
        cost_nanos=call.cost_nanos,
        currency=call.currency,
        ttft_ms=call.ttft_ms,
        duration_ms=call.duration_ms,
    )
    return with_answer(side, call.answer)


def with_answer(side: Side, answer: Any) -> Side:  # noqa: ANN401 - decoded JSON
    """Return ``side`` with ``answer`` and, where it is in the records' shape, its first choice."""
    choice = _first_choice(answer)
    calls = choice.get("tool_calls")
    return msgspec.structs.replace(
        side,
        answer=answer,
        text=_words(choice.get("text")),
        refusal=_words(choice.get("refusal")),
        reasoning=_words(choice.get("reasoning")),
        tool_calls=calls if isinstance(calls, list) else [],
        finish_reason=_words(choice.get("finish_reason")),
    )


def compared(replay: Replay, before: Side, after: Side, *, settled: bool) -> Comparison:
    """Put the two sides next to each other."""
    both = before.text is not None and after.text is not None
    return Comparison(
        replay=replay,
        before=before,
        after=after,
        settled=settled,
        same_text=before.text == after.text if both else None,
        same_tool_calls=_wanted(before) == _wanted(after) if both else None,
        same_finish_reason=before.finish_reason == after.finish_reason if both else None,
    )


def expectation_of(call: Call) -> Any:  # noqa: ANN401 - a JSON value
    """Return the answer of ``call`` as an expectation: its text, or with what it called an object.

    Raises:
        CallNotKeptError: if it was not kept, not whole, or is none.
    """
    side = answered_in(call)
    if call.outcome != "ok" or call.answer is None:
        raise CallNotKeptError("this call has no kept answer that could be expected again")
    if side.truncated:
        raise CallNotKeptError("the answer of this call was not kept whole")
    if side.text is None:
        return call.answer
    if side.tool_calls:
        return {"text": side.text, "tool_calls": side.tool_calls}
    return side.text


def _first_choice(answer: Any) -> dict[str, Any]:  # noqa: ANN401 - decoded JSON
    match answer:
        case {"choices": [{"text": str()} as choice, *_]}:
            found: dict[str, Any] = choice
            return found
        case _:
            return {}


def _wanted(side: Side) -> list[Any]:
    """Return what tools were to be called with; ids are new each time."""
    found: list[Any] = []
    for call in side.tool_calls:
        match call:
            case {"name": name, "arguments": str() as arguments}:
                found.append((name, _parsed(arguments)))
            case _:
                found.append(call)
    return found


def _parsed(arguments: str) -> Any:  # noqa: ANN401 - decoded JSON
    try:
        return msgspec.json.decode(arguments)
    except (msgspec.DecodeError, RecursionError):
        return arguments


def _words(value: Any) -> str | None:  # noqa: ANN401 - decoded JSON
    return value if isinstance(value, str) else None
