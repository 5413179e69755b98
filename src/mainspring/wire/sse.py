"""Server-sent events, as the model protocols use them (WHATWG HTML, "event stream format").

Works on bytes and splits only at line ends, so a character cut by a chunk border is never harmed.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

MAX_EVENT_BYTES = 16 * 1024 * 1024
"""A larger event is no model protocol; reading then stops with :class:`EventTooLargeError`."""

EVENT_ENDS: Final = (b"\n\n", b"\r\n\r\n", b"\r\r")
"""How an event ends, by the line ends that peers use."""
EVENT_BOUNDARY: Final = re.compile(rb"\r\n\r\n|\n\r\n|\n\n|\r\r")


class EventTooLargeError(ValueError):
    """The peer sent an event beyond :data:`MAX_EVENT_BYTES`."""


class ServerSentEvent(NamedTuple):
    """One dispatched event; ``event`` is empty where the peer gave no name."""

    event: str
    data: bytes


class SseReader:
    """Turns chunks, however they are cut, into events.

    Accepts LF, CRLF and CR line ends, joins several ``data`` lines by LF, skips comments, and
    ignores ``id`` and ``retry``. An event without data is not dispatched, as the standard says.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._event = ""
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Return the events that ``chunk`` completes.

        Raises:
            EventTooLargeError: if one event outgrows the bound.
        """
        buffer = self._rest + chunk if self._rest else chunk
        # A trailing CR may be the first half of CRLF: it waits for the next chunk.
        lines = buffer.replace(b"\r\n", b"\n")
        if lines.endswith(b"\r"):
            lines, held = lines[:-1], b"\r"
        else:
            held = b""
        *complete, rest = lines.replace(b"\r", b"\n").split(b"\n")
        self._rest = rest + held
        if len(self._rest) + self._size > MAX_EVENT_BYTES:
            raise EventTooLargeError(f"an event exceeds {MAX_EVENT_BYTES} bytes")
        return list(self._lines(complete))

    def close(self) -> list[ServerSentEvent]:
        """Return the last event of a peer that ended without the blank line."""
        rest, self._rest = self._rest.removesuffix(b"\r"), b""
        return list(self._lines([rest, b""]))

    def _lines(self, lines: list[bytes]) -> Iterator[ServerSentEvent]:
        for line in lines:
            if not line:
                if self._data:
                    yield ServerSentEvent(self._event, b"\n".join(self._data))
                self._event, self._data, self._size = "", [], 0
                continue
            name, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if name == b"data":
                self._data.append(value)
                self._size += len(value)
                if self._size > MAX_EVENT_BYTES:
                    raise EventTooLargeError(f"an event exceeds {MAX_EVENT_BYTES} bytes")
            elif name == b"event":
                self._event = value.decode("utf-8", "replace")


def encode_event(data: bytes, event: str = "") -> bytes:
    """Return one event; ``data`` must be a single line, as encoded JSON is."""
    if event:
        return b"event: " + event.encode() + b"\ndata: " + data + b"\n\n"
    return b"data: " + data + b"\n\n"
