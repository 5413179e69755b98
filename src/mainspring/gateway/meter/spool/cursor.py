"""Where reading goes on after a restart: twenty bytes that are overwritten in place."""

import os
from pathlib import Path
from struct import Struct
from typing import NamedTuple
from zlib import crc32

_BODY = Struct("<QQ")
_CHECK = Struct("<I")


class Position(NamedTuple):
    """A place in the spool: everything before it is acknowledged."""

    segment: int
    offset: int


class Cursor:
    """The acknowledged position, kept in the file ``cursor``.

    A torn or lost cursor reads as the beginning: records are then delivered again, which control
    recognises by their ids. That is why no write here waits for the disk.
    """

    def __init__(self, directory: Path) -> None:
        self._descriptor = os.open(directory / "cursor", os.O_RDWR | os.O_CREAT, 0o600)
        self.position = self._load()

    def store(self, position: Position) -> None:
        """Set the position; it survives the process at once."""
        self.position = position
        body = _BODY.pack(*position)
        os.pwrite(self._descriptor, body + _CHECK.pack(crc32(body)), 0)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _load(self) -> Position:
        content = os.pread(self._descriptor, _BODY.size + _CHECK.size, 0)
        body, check = content[: _BODY.size], content[_BODY.size :]
        if len(check) == _CHECK.size and _CHECK.unpack(check)[0] == crc32(body):
            return Position(*_BODY.unpack(body))
        return Position(0, 0)
