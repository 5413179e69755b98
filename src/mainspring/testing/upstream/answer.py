"""What a scripted upstream sends back: a body in pieces, and the usage that it tells."""

from typing import cast

import msgspec

_encode = msgspec.json.Encoder().encode


class Piece(msgspec.Struct):
    """Bytes of a body that are written together; ``tokens`` of content are among them."""

    data: bytes
    tokens: int = 0


class Tokens(msgspec.Struct):
    """The usage that an answer tells, in OpenAI's overlapping counts."""

    prompt: int = 0
    cached: int = 0
    completion: int = 0
    reasoning: int = 0


class Answer(msgspec.Struct):
    """A whole body in pieces, and the usage that it tells (``None``: it tells none)."""

    status: int
    content_type: str
    pieces: list[Piece]
    told: Tokens | None = None
    stream: bool = False


def count_words(value: object) -> int:
    """Return the words in every text within ``value``; a scripted token is a word.

    Token ids (integers in a list) count one each.
    """
    if isinstance(value, str):
        return len(value.split())
    if isinstance(value, int):
        return 1
    if isinstance(value, list):
        return sum(count_words(part) for part in cast("list[object]", value))
    if isinstance(value, dict):
        message = cast("dict[str, object]", value)
        return count_words(message.get("content")) + count_words(message.get("text"))
    return 0


def json_answer(
    value: object, status: int = 200, told: Tokens | None = None, tokens: int = 0
) -> Answer:
    """Return an answer that is one JSON value."""
    return Answer(status, "application/json", [Piece(_encode(value), tokens)], told)
