"""Chunks of a chunked body that may pass as they came.

A server of events sends each in a chunk of its own, and most of those arrive alone: the bytes that
were read are the very bytes that we would write. Such a chunk needs no parser and no new framing,
it is told from its length: only one opening is possible for it.
"""

from typing import Final

MAX_PLAIN_BYTES: Final = 1024
"""Larger chunks are always parsed: their framing is the least of their cost."""


def framed(body: bytes) -> bytes:
    """Return a piece of a body as one chunk; not an empty one, which would end the body."""
    return b"%x\r\n%b\r\n" % (len(body), body)


def _openings(size: int) -> tuple[bytes, ...]:
    """Return what one whole chunk of ``size`` bytes, framing included, can begin with."""
    for digits in range(1, 4):
        length = size - digits - 4
        if length > 0 and len(f"{length:x}") == digits:
            lower, upper = b"%x\r\n" % length, b"%X\r\n" % length
            return (lower,) if lower == upper else (lower, upper)
    return ()


OPENINGS: Final = tuple(_openings(size) for size in range(MAX_PLAIN_BYTES))
"""By the number of bytes read: how they begin if they are one whole chunk; empty if they cannot
be. Longer ones are not in here, and neither are size lines with leading zeros or extensions."""

FRAMING: Final = tuple(len(each[0]) + 2 if each else 0 for each in OPENINGS)
"""By the same number: how much of it is framing."""


def body_of(chunk: bytes) -> bytes:
    """Return what is in one whole chunk."""
    return chunk[FRAMING[len(chunk)] - 2 : -2]


def ends_with_chunk(data: bytes, piece: bytes) -> bool:
    """Tell whether ``data`` ends together with the chunk whose body is ``piece``.

    ``piece`` is the last that a parser found in ``data``: all of its chunk that is in there.
    """
    chunk = framed(piece)
    return data == chunk or data.endswith(b"\r\n" + chunk)
