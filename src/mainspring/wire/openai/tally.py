"""Counting what an answer brings, where its server tells no figure of its own: images, seconds.

The answer passes by in pieces and may be large; nothing of it is kept but what a key might be cut
by.
"""

import re
from typing import Final, Protocol

from mainspring.wire.usage import Usage

_IMAGE: Final = re.compile(rb'"(?:b64_json|url)"\s*:\s*"')
_STREAMED_IMAGE: Final = re.compile(rb'"type"\s*:\s*"image_(?:generation|edit)\.completed"')
_DURATION: Final = re.compile(rb'"duration"\s*:\s*"?(\d{1,7}(?:\.\d{1,9})?)')
_LONGEST_KEY: Final = 64
_HEAD_BYTES: Final = 4096


class Tally(Protocol):
    """Watches one answer."""

    def feed(self, data: bytes) -> None:
        """Take a piece."""
        ...

    def units(self) -> Usage:
        """Return what was counted so far."""
        ...


class ImageTally:
    """Counts the images of an answer, whole or streamed (where previews count for nothing)."""

    def __init__(self) -> None:
        self._rest = b""
        self._count = 0
        self._streams: bool | None = None

    def feed(self, data: bytes) -> None:
        """Take a piece."""
        if self._streams is None:
            start = data.lstrip()
            if start:
                self._streams = not start.startswith((b"{", b"["))
        data = self._rest + data
        end = 0
        for match in (_STREAMED_IMAGE if self._streams else _IMAGE).finditer(data):
            end = match.end()
            self._count += 1
        self._rest = data[max(end, len(data) - _LONGEST_KEY) :]

    def units(self) -> Usage:
        """Return the images."""
        return Usage(images=self._count)


class DurationTally:
    """Reads how much sound was heard, where a transcription says so at its beginning."""

    def __init__(self) -> None:
        self._head = b""

    def feed(self, data: bytes) -> None:
        """Take a piece."""
        if len(self._head) < _HEAD_BYTES:
            self._head += data[: _HEAD_BYTES - len(self._head)]

    def units(self) -> Usage:
        """Return the seconds."""
        if not self._head.lstrip().startswith(b"{"):
            return Usage()
        match = _DURATION.search(self._head)
        return Usage() if match is None else Usage(seconds=float(match[1]))
