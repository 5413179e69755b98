"""Reading the usage event of an OpenAI stream while the stream passes by as bytes.

A chunk of whole events that mentions no usage costs a few searches and is passed on as the very
object that came. Only an event that may hold figures is decoded.
"""

import re

import msgspec

from mainspring.wire.sse import EVENT_BOUNDARY, EVENT_ENDS

_LAST_EVENT = 24
"""``data: [DONE]`` with its framing is shorter, and nothing follows it."""
_CHUNK_END = (b"\n\n\r\n", b"\r\n\r\n\r\n")
_NULL_USAGE = b'"usage":null'
_DONE = re.compile(rb"^data: ?\[DONE\]", re.MULTILINE)
MAX_HELD_BYTES = 64 * 1024
"""No usage event is larger: a longer event is passed on as it comes."""


class _Chunk(msgspec.Struct):
    choices: list[msgspec.Raw] | None = None
    usage: msgspec.Raw = msgspec.Raw(b"null")


_decoder = msgspec.json.Decoder(_Chunk)


class UsageScanner:
    """Finds the usage object of a stream and, where we asked for it ourselves, takes its event out.

    The output is the input, byte for byte, wherever the chunks were cut; with ``strip`` without the
    events that have usage and no choices. An event that is not yet complete is held back until its
    end: should that never come, what follows, such as an error of ours, is still an event.
    """

    __slots__ = ("_held", "_passing", "_strip", "done", "events", "usage_frame")

    def __init__(self, *, strip: bool) -> None:
        self._strip = strip
        self._held = b""
        self._passing = False
        self.usage_frame: bytes | None = None
        """The last raw usage object seen."""
        self.events = 0
        """How many ``data`` lines went by, roughly: of most servers one for each token."""
        self.done = False
        """The ``[DONE]`` event has been seen."""

    @property
    def in_event(self) -> bool:
        """Tell whether the client has part of an event: a further one needs a blank line first."""
        return self._passing

    def feed(self, data: bytes) -> bytes:
        """Take a chunk; return what the client may have now."""
        self.events += data.count(b"data:")
        if (
            not self._held
            and not self._passing
            and data.endswith(EVENT_ENDS)
            and (b'"usage"' not in data or data.count(b'"usage"') == data.count(_NULL_USAGE))
        ):
            if b"[DONE]" in data and _DONE.search(data) is not None:
                self.done = True
            return data
        return self._feed_parts(data)

    def passes(self, chunk: bytes) -> bool:
        """Take a chunk in its HTTP framing, if it holds whole events that say nothing to us."""
        if (
            self._held
            or self._passing
            or not chunk.endswith(_CHUNK_END)
            or (b'"usage"' in chunk and chunk.count(b'"usage"') != chunk.count(_NULL_USAGE))
            or chunk.find(b"[DONE]", -_LAST_EVENT) >= 0
        ):
            return False
        self.events += chunk.count(b"data:")
        return True

    def close(self) -> bytes:
        """Return what is still held when the stream has ended, without its usage event."""
        rest, self._held = self._held, b""
        if not rest:
            return b""
        return rest if self._keeps(rest) or not self._strip else b""

    def _feed_parts(self, data: bytes) -> bytes:
        buffer = self._held + data if self._held else data
        kept: list[bytes] = []
        start = 0
        for boundary in EVENT_BOUNDARY.finditer(buffer):
            event = buffer[start : boundary.end()]
            start = boundary.end()
            if self._passing:
                self._passing = False
                kept.append(event)
            elif self._keeps(event) or not self._strip:
                kept.append(event)
        rest = buffer[start:]
        if self._passing or len(rest) > MAX_HELD_BYTES:
            # Too large for a usage event. Its last bytes stay: they may begin a boundary.
            self._passing = True
            cut = max(len(rest) - 3, 0)
            kept.append(rest[:cut])
            rest = rest[cut:]
        self._held = rest
        return b"".join(kept)

    def _keeps(self, event: bytes) -> bool:
        """Look at one whole event; tell whether the client shall see it."""
        if _DONE.search(event) is not None:
            self.done = True
            return True
        if b'"usage"' not in event:
            return True
        try:
            chunk = _decoder.decode(_data_of(event))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return True
        if not bytes(chunk.usage).startswith(b"{"):
            return True
        self.usage_frame = bytes(chunk.usage)
        return bool(chunk.choices)


def _data_of(event: bytes) -> bytes:
    """Return the joined ``data`` lines of one event."""
    lines = [
        line[5:].removeprefix(b" ") for line in event.splitlines() if line.startswith(b"data:")
    ]
    return b"\n".join(lines)


_USAGE_KEY = re.compile(rb'"usage"\s*:\s*(?=\{)')


def usage_from_tail(tail: bytes) -> bytes | None:
    """Return the last usage object in the last bytes of an answer that was too large to keep."""
    start = None
    for match in _USAGE_KEY.finditer(tail):
        start = match.end()
    if start is None:
        return None
    depth = 0
    for offset, byte in enumerate(tail[start:], start):
        if byte == 0x7B:  # {
            depth += 1
        elif byte == 0x7D:  # }
            depth -= 1
            if depth == 0:
                return tail[start : offset + 1]
    return None
