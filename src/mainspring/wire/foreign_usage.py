"""Usage in answers that are passed through: found wherever the known protocols have it.

Nobody says which protocol an answer is of, so each usage object tells by its fields. What is not
understood counts for nothing; nothing is guessed.
"""

from typing import Final

import msgspec

from mainspring.wire.openai.stream import usage_from_tail
from mainspring.wire.raw import ABSENT, present
from mainspring.wire.sse import EventTooLargeError, SseReader
from mainspring.wire.usage import (
    Usage,
    merge_anthropic,
    normalise_anthropic,
    normalise_bedrock,
    normalise_gemini,
    normalise_openai,
    normalise_responses,
)

_TAIL_BYTES: Final = 64 * 1024
_WHOLE_BYTES: Final = 1024 * 1024
_MAX_FRAME: Final = 16 * 1024


class _Inner(msgspec.Struct):
    usage: msgspec.Raw = ABSENT


class _Answer(msgspec.Struct):
    usage: msgspec.Raw = ABSENT
    usage_metadata: msgspec.Raw = msgspec.field(default=ABSENT, name="usageMetadata")
    message: msgspec.Raw = ABSENT
    response: msgspec.Raw = ABSENT


_answer_decoder = msgspec.json.Decoder(_Answer)
_inner_decoder = msgspec.json.Decoder(_Inner)
_fields_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])


def read_any_usage(frame: bytes) -> Usage | None:
    """Read a raw usage object of any protocol; ``None`` if it is of none."""
    try:
        names = _fields_decoder.decode(frame).keys()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if "prompt_tokens" in names:
        return normalise_openai(frame)
    if "input_tokens" in names:
        typed = "cache_read_input_tokens" in names or "cache_creation_input_tokens" in names
        return (normalise_anthropic if typed else normalise_responses)(frame)
    if "promptTokenCount" in names:
        return normalise_gemini(frame)
    if "inputTokens" in names:
        return normalise_bedrock(frame)
    if "output_tokens" in names:  # a stream of Anthropic's whose beginning was not read
        return normalise_anthropic(frame)
    return None


class ForeignBody:
    """Watches an answer in JSON pass by: all of a small one, the end of a large one."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0
        self._tail = b""

    @property
    def frame(self) -> bytes | None:
        """Return the raw usage object, if it has been seen."""
        if self._size <= _WHOLE_BYTES:
            return _found(b"".join(self._pieces))
        return _bounded(usage_from_tail(self._tail))

    def feed(self, data: bytes) -> None:
        """Take a piece."""
        self._size += len(data)
        if self._size <= _WHOLE_BYTES:
            self._pieces.append(data)
            return
        if self._pieces:
            self._tail = b"".join(self._pieces)[-_TAIL_BYTES:]
            self._pieces.clear()
        self._tail = (self._tail + data[-_TAIL_BYTES:])[-_TAIL_BYTES:]


class ForeignStream:
    """Watches a stream of server-sent events pass by; later figures replace earlier ones."""

    def __init__(self) -> None:
        self.frame: bytes | None = None
        """The raw usage object, as far as it has been seen."""
        self._reader: SseReader | None = SseReader()

    def feed(self, data: bytes) -> None:
        """Take a piece."""
        if self._reader is None:
            return
        try:
            events = self._reader.feed(data)
        except EventTooLargeError:
            self._reader = None
            return
        for event in events:
            if b'"usage' not in event.data:
                continue
            found = _found(event.data)
            if found is not None:
                try:
                    self.frame = _bounded(merge_anthropic(self.frame or b"", found))
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                    continue  # no object: it tells nothing


def _found(data: bytes) -> bytes | None:
    """Return the raw usage object of an answer, or of an event of one."""
    if b'"usage' not in data:
        return None
    try:
        answer = _answer_decoder.decode(data)
        for raw in (answer.usage, answer.usage_metadata):
            if (told := present(raw)) is not None:
                return _bounded(bytes(told))
        for holder in (answer.message, answer.response):
            if bytes(holder).startswith(b"{"):
                told = present(_inner_decoder.decode(holder).usage)
                if told is not None:
                    return _bounded(bytes(told))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return None


def _bounded(frame: bytes | None) -> bytes | None:
    """Leave out what is no usage object by its size: it goes into the ledger as it is."""
    return None if frame is None or len(frame) > _MAX_FRAME else frame
