"""What the writers of several protocols share: turns, arguments, and the list of what was lost."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal, cast

import msgspec

from mainspring.wire.events.request import ChatRequest, Message, Part, Role, Text

_encode = msgspec.json.Encoder().encode
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MAX_NAMED = 32
_UNNAMED = "other"

Parameter = Literal[
    "stop",
    "seed",
    "top_k",
    "n",
    "presence_penalty",
    "frequency_penalty",
    "logprobs",
    "top_logprobs",
    "parallel_tool_calls",
    "reasoning_effort",
    "user",
]


def encode_present(fields: dict[str, Any]) -> bytes:
    """Return ``fields`` as JSON without those that are ``None``."""
    return _encode({name: value for name, value in fields.items() if value is not None})


def system_texts(request: ChatRequest) -> list[Text]:
    """Return the instructions of ``request``, in order."""
    return [
        part
        for message in request.messages
        if message.role is Role.SYSTEM
        for part in message.parts
        if isinstance(part, Text)
    ]


def alternating_turns(
    messages: Iterable[Message],
    write: Callable[[Part], list[dict[str, Any]]],
    *,
    assistant: str = "assistant",
    field: str = "content",
) -> list[dict[str, Any]]:
    """Write messages for a protocol whose turns alternate between the user and ``assistant``.

    Instructions are left out (they go elsewhere), tool results speak as the user, neighbours of
    one role are joined, and turns without content vanish.
    """
    turns: list[dict[str, Any]] = []
    for message in messages:
        if message.role is Role.SYSTEM:
            continue
        role = assistant if message.role is Role.ASSISTANT else "user"
        blocks = [block for part in message.parts for block in write(part)]
        if not blocks:
            continue
        if turns and turns[-1]["role"] == role:
            turns[-1][field].extend(blocks)
        else:
            turns.append({"role": role, field: blocks})
    return turns


def json_object(text: str, *, otherwise: str) -> dict[str, Any]:
    """Return JSON text as the object that a protocol wants.

    A text that is no object (a model's broken JSON, a tool's plain words) is put under the key
    ``otherwise`` rather than lost.
    """
    if not text.strip():
        return {}
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return {otherwise: text}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {otherwise: value}


def dropped_parameters(request: ChatRequest, *lost: Parameter) -> list[str]:
    """Return which parameters of ``request`` a protocol without words for ``lost`` leaves out.

    The caller's extras always are; of ``lost``, those that the caller set to something that
    matters (``n`` of 1 is what every server does).
    """
    sampling = request.sampling
    asked: dict[Parameter, bool] = {
        "stop": bool(sampling.stop),
        "seed": sampling.seed is not None,
        "top_k": sampling.top_k is not None,
        "n": sampling.n not in (None, 1),
        "presence_penalty": sampling.presence_penalty is not None,
        "frequency_penalty": sampling.frequency_penalty is not None,
        "logprobs": sampling.logprobs is True,
        "top_logprobs": sampling.top_logprobs is not None,
        "parallel_tool_calls": request.parallel_tool_calls is False,
        "reasoning_effort": request.reasoning is not None,
        "user": request.user is not None,
    }
    return [*named_extras(request), *(name for name in lost if asked[name])]


def named_extras(request: ChatRequest) -> list[str]:
    """Return the names of the caller's extras as an answer's header may repeat them.

    They are whatever the caller made up: line breaks, any script, any number. What is no plain
    name, or one too many, is told as ``other``.
    """
    plain = [name for name in request.extras if _PLAIN_NAME.fullmatch(name)][:_MAX_NAMED]
    return plain if len(plain) == len(request.extras) else [*plain, _UNNAMED]
