"""Message heads that the parser has read before, told apart by all but the length of the body.

A client that keeps its connection sends the same head again and again; only Content-Length
changes. To read one costs the parser a Python call for every header, to find it here a look into a
table. What is found was accepted before, byte for byte, by the parser and by our own checks;
whatever differs goes the long way, so nothing gets in here that would not get in there.
"""

import re
from typing import Final, Generic, TypeVar

MAX_HEAD_BYTES: Final = 4096
"""Larger heads are always parsed: with a bound on their number this one bounds the memory."""

_HEAD_END: Final = b"\r\n\r\n"
# The lengths that everybody reads alike: digits without sign or zeros in front. Another length in
# the same head, or a transfer coding, stays in what is left of it, which then is not known.
_find_length: Final = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: (0|[1-9][0-9]{0,14})(?=\r\n)").search

T = TypeVar("T")


class KnownHeads(Generic[T]):
    """What up to ``capacity`` heads were read as; when full, it begins anew."""

    __slots__ = ("_capacity", "_known")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._known: dict[bytes, T] = {}

    def __len__(self) -> int:
        return len(self._known)

    def look(self, data: bytes) -> tuple[T, bytes, bytes] | bytes | None:
        """Look at ``data``, which begins with a head.

        Returns what the head was read as before, the length of the body in digits, and the body,
        if ``data`` is one whole message; the key to remember it by if the head was never read; or
        ``None`` if nothing can be made of it here.
        """
        end = data.find(_HEAD_END, 0, MAX_HEAD_BYTES)
        found = _find_length(data, 0, end + 2) if end > 0 else None
        if found is None:
            return None
        start, after = found.span()
        key = data[:start] + data[after:end]
        known = self._known.get(key)
        if known is None:
            return key
        body = data[end + 4 :]
        length = found[1]
        return (known, length, body) if len(body) == int(length) else None

    def remember(self, key: bytes, known: T) -> None:
        """Keep what the head behind ``key`` was read as."""
        if len(self._known) >= self._capacity:
            self._known.clear()
        self._known[key] = known
