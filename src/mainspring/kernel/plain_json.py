"""JSON values from outside, as the database and other programs can hold them."""

import re
from typing import Any, Final

import msgspec

from mainspring.kernel.errors import InvalidRequestError

_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class PlainJson(msgspec.Struct, frozen=True):
    """A value and how many bytes it takes in UTF-8."""

    value: Any
    size: int


def plain_json(value: Any, *, longest: int, param: str) -> PlainJson:  # noqa: ANN401 - decoded JSON
    """Return ``value`` as plain JSON: what is no number becomes null.

    Raises:
        InvalidRequestError: if it takes more than ``longest`` bytes, or holds what cannot be
            kept: NUL, half a surrogate pair, too deep a nesting.
    """
    try:
        data = msgspec.json.encode(value)
        if len(data) > longest:
            raise InvalidRequestError(
                f"{param} takes {len(data)} bytes of JSON; {longest} are allowed", param=param
            )
        if _NUL.search(data):
            raise InvalidRequestError("text must not hold the character NUL", param=param)
        return PlainJson(msgspec.json.decode(data), len(data))
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise InvalidRequestError(f"{param} holds what cannot be kept", param=param) from error
