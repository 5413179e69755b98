"""The access log: one JSON object a line for every request, whatever became of it.

It names who asked for what and how it went. It never holds contents, queries or secrets.
"""

import asyncio
import contextlib
import logging
import os
from pathlib import Path
from typing import Final

from mainspring.gateway.watch.access_line import LinePrinter
from mainspring.gateway.watch.notes import Note

_log = logging.getLogger(__name__)

MAX_WAITING_BYTES: Final = 8 * 1024 * 1024
"""Lines that wait for a slow disk or reader; what comes beyond them is counted and gone."""
ROTATE_BYTES: Final = 64 * 1024 * 1024
KEPT_FILES: Final = 4
_TICK_S: Final = 0.2
_STREAMS: Final = {"stdout": 1, "stderr": 2}


class AccessLog:
    """Writes lines in batches, in a worker thread, to a file or to one of our own outputs.

    A file is rotated at :data:`ROTATE_BYTES`, with :data:`KEPT_FILES` old ones kept, and opened
    anew when something else has moved it away.
    """

    def __init__(self, target: str) -> None:
        """Write to ``stdout``, ``stderr``, or the file of that path.

        Raises:
            OSError: if the file cannot be opened.
        """
        self.dropped = 0
        """Lines for which there was no room."""
        self._print = LinePrinter().line
        self._lines: list[bytes] = []
        self._waiting = 0
        self._failed = False
        self._out = _Output(target)

    def put(self, note: Note) -> None:
        """Add the line of a request."""
        line = self._print(note)
        if self._waiting + len(line) > MAX_WAITING_BYTES:
            self.dropped += 1
            return
        self._lines.append(line)
        self._waiting += len(line)

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await asyncio.sleep(_TICK_S)
            await self.flush()

    async def flush(self) -> None:
        """Write what waits."""
        lines, self._lines = self._lines, []
        if not lines:
            return
        try:
            await asyncio.to_thread(self._out.write, b"".join(lines))
            self._failed = False
        except OSError as error:
            self.dropped += len(lines)
            if not self._failed:
                self._failed = True
                _log.error("the access log cannot be written: %s", error)
        finally:
            self._waiting -= sum(map(len, lines))

    def close(self) -> None:
        """Close the file."""
        self._out.close()


class _Output:
    """Where lines go. Used by one thread at a time; may block."""

    def __init__(self, target: str) -> None:
        stream = _STREAMS.get(target)
        self._path = None if stream is not None else Path(target)
        self._descriptor = stream if stream is not None else -1
        if self._path is not None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._open(self._path)

    def write(self, data: bytes) -> None:
        if self._path is not None:
            self._follow(self._path, len(data))
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]

    def close(self) -> None:
        if self._path is not None and self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _follow(self, path: Path, coming: int) -> None:
        """Open the file anew if it was moved away, or rotate it if it is full."""
        if self._descriptor >= 0:
            ours = os.fstat(self._descriptor)
            there = None
            with contextlib.suppress(FileNotFoundError):
                there = path.stat()
            if there is not None and there.st_ino == ours.st_ino:
                if not ours.st_size or ours.st_size + coming <= ROTATE_BYTES:
                    return
                for number in range(KEPT_FILES - 1, 0, -1):
                    with contextlib.suppress(FileNotFoundError):
                        _numbered(path, number).replace(_numbered(path, number + 1))
                path.replace(_numbered(path, 1))
        self.close()
        self._open(path)


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")
