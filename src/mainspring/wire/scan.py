"""Watching a stream pass by as bytes: its usage, and whether it has ended.

:class:`TypedEventScanner` is for protocols whose events carry their type as a name (Anthropic
Messages, OpenAI Responses). The bytes are passed on untouched, as whole events; only an event that
mentions usage is decoded. OpenAI's chat streams have a scanner of their own, which can also take an
event out.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from mainspring.wire.raw import ABSENT, present
from mainspring.wire.sse import EVENT_BOUNDARY, EVENT_ENDS, EventTooLargeError, SseReader
from mainspring.wire.usage import merge_anthropic


class _Inner(msgspec.Struct):
    usage: msgspec.Raw = ABSENT


class _Event(msgspec.Struct):
    type: str = ""
    usage: msgspec.Raw = ABSENT
    message: _Inner | None = None
    response: _Inner | None = None


_decoder = msgspec.json.Decoder(_Event)
_MAX_HELD_BYTES = 64 * 1024
"""Part of an event waits for its end up to this size; a larger event is passed on as it comes."""
_ENDS = frozenset({"message_stop", "response.completed", "response.incomplete", "response.failed"})


class StreamScanner(Protocol):
    """Watches a stream pass by, as its protocol needs it."""

    usage_frame: bytes | None
    events: int
    done: bool

    @property
    def in_event(self) -> bool:
        """Tell whether the client has part of an event."""
        ...

    def feed(self, data: bytes) -> bytes:
        """Take a chunk; return what the client may have now."""
        ...

    def passes(self, chunk: bytes) -> bool:
        """Take a chunk in its HTTP framing and return true, if it may pass as it is; else only
        return false: its body is for :meth:`feed`."""
        ...

    def close(self) -> bytes:
        """Return what was held back to the end."""
        ...


class TypedEventScanner:
    """Reads usage from a stream that it passes on; see ``openai.stream.UsageScanner``."""

    __slots__ = ("_held", "_merge", "_reader", "done", "events", "in_event", "usage_frame")

    def __init__(self, merge: Callable[[bytes, bytes], bytes] = merge_anthropic) -> None:
        """``merge`` joins the usage of an earlier event and that of a later one."""
        self._reader: SseReader | None = SseReader()
        self._merge = merge
        self._held = b""
        self.usage_frame: bytes | None = None
        self.events = 0
        self.done = False
        self.in_event = False

    def feed(self, data: bytes) -> bytes:
        """Take a chunk; return the events that it completes."""
        if self._reader is not None:
            try:
                for event in self._reader.feed(data):
                    self.events += 1
                    self._look(event.event, event.data)
            except EventTooLargeError:
                # It is the client's to refuse; what is unread is estimated.
                self._reader = None
        if not self._held and data.endswith(EVENT_ENDS):
            self.in_event = False
            return data
        return self._whole(data)

    def passes(self, chunk: bytes) -> bool:
        """Return false: every event is read."""
        del chunk
        return False

    def close(self) -> bytes:
        """Return what is still held when the stream has ended."""
        rest, self._held = self._held, b""
        return rest

    def _whole(self, data: bytes) -> bytes:
        """Return what the client may have, and hold the rest."""
        buffer = self._held + data
        end = 0
        for boundary in EVENT_BOUNDARY.finditer(buffer):
            end = boundary.end()
        if len(buffer) - end > _MAX_HELD_BYTES or (self.in_event and not end):
            self.in_event = True
            end = len(buffer)
        else:
            self.in_event = False
        self._held = buffer[end:]
        return buffer[:end]

    def _look(self, name: str, data: bytes) -> None:
        if name in _ENDS:
            self.done = True
        if b'"usage"' not in data:
            return
        try:
            event = _decoder.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        for holder in (event, event.message, event.response):
            usage = present(holder.usage) if holder is not None else None
            if usage is not None:
                self.usage_frame = self._merge(self.usage_frame or b"", bytes(usage))
