"""The access log: one JSON object a line for every request, whatever became of it.

It names who asked for what and how it went. It never holds contents, queries or secrets.
"""

import asyncio
import contextlib
import logging
import os
import time
from pathlib import Path
from typing import Final

import msgspec

from mainspring.gateway.watch.notes import Note

_log = logging.getLogger(__name__)

MAX_WAITING_BYTES: Final = 8 * 1024 * 1024
"""Lines that wait for a slow disk or reader; what comes beyond them is counted and gone."""
ROTATE_BYTES: Final = 64 * 1024 * 1024
KEPT_FILES: Final = 4
_TICK_S: Final = 0.2
_MAX_PATH: Final = 200
_STREAMS: Final = {"stdout": 1, "stderr": 2}


class AccessLine(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line. Times are milliseconds, sizes bytes of bodies; ``status`` 0 means that the client
    had left before there was an answer.

    ``outcome`` is ``ok``, ``client_closed`` or an error code. A field that says nothing is left
    out.
    """

    at: str
    level: str = ""
    logger: str = ""
    message: str
    method: str
    path: str
    status: int
    outcome: str | None = None
    duration_ms: float
    ttft_ms: float | None = None
    bytes_in: int
    bytes_out: int
    request_id: str | None = None
    trace_id: str | None = None
    org_id: str | None = None
    project_id: str | None = None
    key_id: str | None = None
    actor_id: str | None = None
    operation: str | None = None
    model: str | None = None
    fallback_from: str | None = None
    upstream_id: str | None = None
    upstream_model: str | None = None
    stream: bool = False
    attempts: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = False


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
        self._encode = msgspec.json.Encoder().encode
        self._lines: list[bytes] = []
        self._waiting = 0
        self._second = 0
        self._stamp = ""
        self._failed = False
        self._out = _Output(target)

    def put(self, note: Note) -> None:
        """Add the line of a request."""
        line = (
            self._encode(_line(note, self._at(note.at_ns - round(note.duration_s * 1e9)))) + b"\n"
        )
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

    def _at(self, at_ns: int) -> str:
        """Return ISO time in UTC; the part that stays for a second is made once a second."""
        second, rest = divmod(at_ns, 1_000_000_000)
        if second != self._second:
            self._second = second
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._stamp}.{rest // 1_000_000:03d}+00:00"


def _line(note: Note, at: str) -> AccessLine:
    told = note.told
    path = note.path[:_MAX_PATH]
    message = f"{note.method} {path} {note.status}"
    duration_ms = round(note.duration_s * 1000, 3)
    if told is None or told.record is None:
        return AccessLine(
            at=at,
            level="info",
            logger="access",
            message=message,
            method=note.method,
            path=path,
            status=note.status,
            outcome=None if told is None else told.error,
            duration_ms=duration_ms,
            bytes_in=note.bytes_in,
            bytes_out=note.bytes_out,
            request_id=note.request_id if told is None else told.request_id,
            trace_id=None if told is None else told.trace.trace_id,
            org_id=None if told is None else told.org_id,
            project_id=None if told is None else told.project_id,
            key_id=None if told is None else told.key_id,
            operation=None if told is None else told.operation,
        )
    record = told.record
    usage = record.usage
    return AccessLine(
        at=at,
        level="info",
        logger="access",
        message=message,
        method=note.method,
        path=path,
        status=note.status,
        outcome=record.outcome,
        duration_ms=duration_ms,
        ttft_ms=None if record.ttft_ms is None else round(record.ttft_ms, 3),
        bytes_in=note.bytes_in,
        bytes_out=note.bytes_out,
        request_id=record.request_id,
        trace_id=record.trace_id,
        org_id=record.org_id,
        project_id=record.project_id,
        key_id=record.key_id,
        actor_id=record.actor_id,
        operation=record.operation,
        model=record.model,
        fallback_from=record.fallback_from,
        upstream_id=record.upstream_id,
        upstream_model=record.upstream_model,
        stream=record.stream,
        attempts=record.attempts,
        input_tokens=usage.input,
        cached_input_tokens=usage.cached_input,
        output_tokens=usage.output,
        reasoning_tokens=usage.reasoning,
        estimated=usage.estimated,
    )


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
