"""Lists by cursor: a page, what asks for one, and the opaque text that continues it.

A cursor holds the sort key of the last item shown, so a page costs the same at any depth and
nothing is skipped or repeated when rows are added meanwhile.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from mainspring.kernel.errors import InvalidRequestError

T = TypeVar("T")
K = TypeVar("K")

MAX_LIMIT = 200
"""The most items that one page holds."""


class PageRequest(msgspec.Struct, frozen=True):
    """How many items, and after which; ``cursor`` comes from the page before."""

    limit: int = 50
    cursor: str | None = None


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some items; ``next_cursor`` is ``None`` on the last page."""

    items: list[T]
    next_cursor: str | None = None


def encode_cursor(key: object) -> str:
    """Return ``key`` (text, or a tuple of text and integers) as an opaque cursor."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(key)).rstrip(b"=").decode()


def decode_cursor(cursor: str | None, shape: type[K]) -> K | None:
    """Return the key inside ``cursor``, or ``None`` where there is no cursor.

    Raises:
        InvalidRequestError: if it is not a cursor of this list.
    """
    if cursor is None:
        return None
    try:
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return msgspec.msgpack.decode(data, type=shape)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise InvalidRequestError("the cursor is not one of this list", param="cursor") from error


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], object]) -> Page[T]:
    """Cut ``rows`` (of which ``limit + 1`` were asked for) to a page; ``key`` is the sort key."""
    items = list(rows[:limit])
    more = len(rows) > limit
    return Page(items, encode_cursor(key(items[-1])) if more else None)
