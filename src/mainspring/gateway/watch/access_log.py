"""The access log: one JSON object a line for every request, whatever became of it.

It names who asked for what and how it went. It never holds contents, queries or secrets.
"""

import asyncio
import contextlib
import errno
import io
import logging
import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from mainspring.gateway.watch.access_line import LinePrinter
from mainspring.gateway.watch.notes import Note

_log = logging.getLogger(__name__)

MAX_WAITING_BYTES: Final = 8 * 1024 * 1024
"""Lines that wait for a slow disk or reader; what comes beyond them is counted and gone."""
BATCH_BYTES: Final = 256 * 1024
"""Lines that are written in one go. Each batch makes two threads change places a few times."""
_MAX_BATCHES: Final = MAX_WAITING_BYTES // BATCH_BYTES
_MAX_SPARE: Final = 2
"""Batches whose memory is kept for more: one is being filled while another is being written."""
_TURN: Final = 16
"""Requests whose lines are printed in one go: few enough to be in the processor's cache still, and
all but the first find there what prints them."""
ROTATE_BYTES: Final = 64 * 1024 * 1024
KEPT_FILES: Final = 4
_TICK_S: Final = 0.2
_STREAMS: Final = {"stdout": 1, "stderr": 2}


class AccessLog:
    """Writes lines in batches, in a thread of its own, to a file or to one of our own outputs.

    A file is rotated at :data:`ROTATE_BYTES`, with :data:`KEPT_FILES` old ones kept, and opened
    anew when something else has moved it away. A pipe whose reader takes nothing holds up the
    thread, and nobody else: not even the end of the process waits for it.
    """

    def __init__(self, target: str) -> None:
        """Write to ``stdout``, ``stderr``, or the file of that path.

        Raises:
            OSError: if the file cannot be opened.
        """
        self.dropped = 0
        """Lines for which there was no room."""
        self._print = LinePrinter().lines
        self._fresh: list[Note] = []
        self._batch = _Batch()
        self._keep = self._batch.memory.write
        self._lines = 0
        self._gathered = 0
        self._spare: list[_Batch] = []
        self._batches = 0
        self._settled: asyncio.Future[None] | None = None
        self._failed = False
        self._out = _Writer(_Output(target))

    def put(self, note: Note) -> None:
        """Add the line of a request; in a running event loop."""
        fresh = self._fresh
        fresh.append(note)
        if len(fresh) >= _TURN:
            self._print_fresh()

    def _print_fresh(self) -> None:
        """Print the lines of the requests that wait for it."""
        fresh, self._fresh = self._fresh, []
        lines = self._print(fresh)
        gathered = self._gathered + len(lines)
        if gathered > BATCH_BYTES:
            if self._batches >= _MAX_BATCHES:
                self.dropped += len(fresh)
                return
            self._hand_over()
            gathered = len(lines)
        self._keep(lines)
        self._gathered = gathered
        self._lines += len(fresh)

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await asyncio.sleep(_TICK_S)
            await self.flush()

    async def flush(self) -> None:
        """Have everything written, and return once it is.

        Cancelled, it waits no more; the lines are written nevertheless, if they can be.
        """
        self._print_fresh()
        if self._gathered:
            self._hand_over()
        while self._batches:
            if self._settled is None:
                self._settled = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._settled)

    def _hand_over(self) -> None:
        """Give what was gathered to the thread that writes, and gather in another batch."""
        loop = asyncio.get_running_loop()
        batch = self._batch
        told = partial(self._written, batch, self._lines)
        self._batches += 1
        self._out.write(
            batch.view(self._gathered), lambda error: loop.call_soon_threadsafe(told, error)
        )
        self._batch = self._spare.pop() if self._spare else _Batch()
        self._keep = self._batch.memory.write
        self._lines = self._gathered = 0

    def _written(self, batch: "_Batch", lines: int, error: OSError | None) -> None:
        if len(self._spare) < _MAX_SPARE:
            batch.empty()
            self._spare.append(batch)
        if error is not None:
            self.dropped += lines
            if not self._failed:
                _log.error("the access log cannot be written: %s", error)
        self._failed = error is not None
        self._batches -= 1
        if not self._batches and self._settled is not None:
            self._settled.set_result(None)
            self._settled = None

    def close(self) -> None:
        """Close the file, as soon as nothing is being written; does not wait for that."""
        self._out.close()


class _Batch:
    """Memory for the lines of a batch, used again and again.

    Lines are copied into it one after the other as they are made: kept as objects of their own,
    scattered over the heap until they are joined, they cost a request more than their making.
    """

    def __init__(self) -> None:
        self.memory = io.BytesIO(bytes(BATCH_BYTES))
        self._view: memoryview | None = None

    def view(self, size: int) -> memoryview:
        """Return the first ``size`` bytes; nothing may be written until :meth:`empty`."""
        self._view = self.memory.getbuffer()[:size]
        return self._view

    def empty(self) -> None:
        """Begin anew."""
        if self._view is not None:
            self._view.release()
        self.memory.seek(0)


class _Writer:
    """The thread that writes, one batch after the other, from the first to :meth:`close`."""

    def __init__(self, out: "_Output") -> None:
        self._out = out
        self._work: SimpleQueue[tuple[memoryview, Callable[[OSError | None], object]] | None] = (
            SimpleQueue()
        )
        self._thread: threading.Thread | None = None

    def write(self, data: memoryview, told: Callable[[OSError | None], object]) -> None:
        """Write ``data``; the thread calls ``told`` then, with the error if there was one."""
        self._work.put((data, told))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="access log", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Close the output behind everything that was given to write."""
        if self._thread is None:
            self._out.close()
        else:
            self._work.put(None)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            data, told = work
            error = None
            try:
                self._out.write(data)
            except OSError as failed:
                error = failed
            with contextlib.suppress(RuntimeError):  # the event loop has ended meanwhile
                told(error)
        self._out.close()


class _Output:
    """Where lines go. Used by one thread at a time; writing may block, opening does not."""

    def __init__(self, target: str) -> None:
        stream = _STREAMS.get(target)
        self._path = None if stream is not None else Path(target)
        self._descriptor = stream if stream is not None else -1
        if self._path is not None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._open(self._path)
            except OSError as error:
                if error.errno != errno.ENXIO:  # a pipe that nobody reads yet is no mistake
                    raise

    def write(self, data: memoryview) -> None:
        if self._path is not None:
            self._follow(self._path, len(data))
        written = 0
        while written < len(data):
            with data[written:] as rest:
                written += os.write(self._descriptor, rest)

    def close(self) -> None:
        if self._path is not None and self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self, path: Path) -> None:
        # To open a pipe that nobody reads would block until somebody does.
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK
        self._descriptor = os.open(path, flags, 0o600)
        os.set_blocking(self._descriptor, True)

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
