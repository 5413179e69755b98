"""How many tokens a prompt has, by asking the server that would read it, or by an estimate.

OpenAI's API has no such question. llama.cpp writes the prompt out (``/apply-template``) and
tokenizes text; vLLM tokenizes a chat. Servers that have neither leave the estimate.
"""

from collections.abc import Generator
from typing import Any, NamedTuple, TypeVar, cast

import msgspec

from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.raw import present

CHARACTERS_PER_TOKEN = 4
"""Of text in an alphabet; beyond ASCII a character is taken for a token."""
TOKENS_PER_MESSAGE = 4
"""Role and boundaries of one message, in the usual templates."""
TOKENS_PER_MEDIA = 1000
"""A picture or a sound, whose price in tokens only its own model knows."""

T = TypeVar("T")
_MEDIA = ("image_url", "input_audio", "file", "source")
_PROMPT_FIELDS = (
    "messages",
    "system",
    "instructions",
    "input",
    "prompt",
    "tools",
    "functions",
    "query",
    "documents",
)


class Question(NamedTuple):
    """What to ask a server: a POST of ``body`` to ``path``, outside of the protocol's version."""

    path: bytes
    body: bytes


class Reply(NamedTuple):
    """What the server answered."""

    status: int
    body: bytes


class _Chat(msgspec.Struct):
    model: msgspec.Raw = msgspec.Raw(b"null")
    messages: msgspec.Raw = msgspec.Raw(b"[]")
    tools: msgspec.Raw = msgspec.Raw(b"null")


class _Prompt(msgspec.Struct):
    prompt: str


class _Tokens(msgspec.Struct):
    tokens: list[Any]


class _Count(msgspec.Struct):
    count: int


_chat_decoder = msgspec.json.Decoder(_Chat)
_encode = msgspec.json.Encoder().encode


def tokenizer_dialogue(chat: bytes) -> Generator[Question, Reply, int | None]:
    """Find the tokens of an OpenAI chat request by questions; ``None``: the server cannot tell."""
    asked = _chat_decoder.decode(chat)
    question: dict[str, Any] = {"messages": asked.messages}
    tools = present(asked.tools)
    if tools is not None:
        question["tools"] = tools
    template = _read(_Prompt, (yield Question(b"/apply-template", _encode(question))))
    if template is not None:
        text = {"content": template.prompt, "add_special": True, "parse_special": True}
        found = _read(_Tokens, (yield Question(b"/tokenize", _encode(text))))
        return None if found is None else len(found.tokens)
    question["model"] = asked.model
    counted = _read(_Count, (yield Question(b"/tokenize", _encode(question))))
    return None if counted is None else counted.count


def estimate_tokens(chat: bytes) -> int:
    """Return roughly how many tokens an OpenAI chat request has."""
    asked = _chat_decoder.decode(chat)
    messages: list[object] = msgspec.json.decode(asked.messages, type=list[object])
    total = sum(TOKENS_PER_MESSAGE + _tokens_in(message) for message in messages)
    tools = present(asked.tools)
    if tools is not None:
        total += _tokens_of(bytes(tools).decode())
    return total


def estimate_prompt(body: bytes) -> int:
    """Return roughly how many tokens the prompt of a request of any dialect has.

    Raises:
        InvalidRequestError: if it cannot be read.
    """
    try:
        fields = msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequestError(f"the request does not fit: {error}") from error
    return sum(_tokens_of_member(fields.get(name)) for name in _PROMPT_FIELDS)


def _tokens_of_member(held: object) -> int:
    if not isinstance(held, list):
        return _tokens_in(held)
    total = 0
    for each in cast("list[object]", held):
        if isinstance(each, int):
            total += 1  # given as tokens already
        elif isinstance(each, list):
            total += _tokens_of_member(cast("list[object]", each))
        else:
            total += _tokens_in(each) + (TOKENS_PER_MESSAGE if isinstance(each, dict) else 0)
    return total


def _tokens_in(value: object) -> int:
    if isinstance(value, str):
        return _tokens_of(value)
    if isinstance(value, list):
        return sum(map(_tokens_in, cast("list[object]", value)))
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return sum(
            TOKENS_PER_MEDIA if name in _MEDIA else _tokens_in(held)
            for name, held in fields.items()
            if name not in ("type", "role", "id", "tool_call_id")
        )
    return 0


def _tokens_of(text: str) -> int:
    plain = sum(character.isascii() for character in text)
    return -(-plain // CHARACTERS_PER_TOKEN) + len(text) - plain


def _read(shape: "type[T]", reply: Reply) -> "T | None":
    if reply.status != 200:
        return None
    try:
        return msgspec.json.decode(reply.body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
