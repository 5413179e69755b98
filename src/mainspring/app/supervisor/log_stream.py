"""One stream for all that the parts say: JSON lines in a bounded file, readable lines on a console.

Our own processes write JSON objects; what others write is taken as a message. Every line leaves
with its ``source``, so one file tells the whole story in order.
"""

import contextlib
from collections import deque
from pathlib import Path
from typing import Any, TextIO

import msgspec

from mainspring.kernel.clock import Clock

MAX_BYTES = 16 * 1024 * 1024
KEPT_FILES = 4
RECENT_LINES = 20

_LEVEL_COLOURS = {"warning": "\033[33m", "error": "\033[31m", "critical": "\033[31m"}
_DIM = "\033[2m"
_RESET = "\033[0m"


class LogStream:
    """Writes the file at ``path`` (mode 0600) and, if given, a ``console``.

    The file is rotated at ``max_bytes``, and ``kept_files`` old ones stay. A full disk or a closed
    terminal costs lines, never the platform: :attr:`dropped` counts what could not be written.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        console: TextIO | None = None,
        max_bytes: int = MAX_BYTES,
        kept_files: int = KEPT_FILES,
    ) -> None:
        self._path = path
        self._clock = clock
        self._console = console
        self._colours = console is not None and console.isatty()
        self._max_bytes = max_bytes
        self._kept_files = kept_files
        self._recent: dict[str, deque[str]] = {}
        self.dropped = 0
        self._file = _open(path)
        self._size = path.stat().st_size

    def line(self, source: str, text: str) -> None:
        """Take one line that ``source`` wrote to its output."""
        fields = _as_fields(text)
        fields.setdefault("at", self._clock.now().isoformat(timespec="milliseconds"))
        fields.setdefault("level", "info")
        fields["source"] = source
        self._write(source, fields)

    def event(self, level: str, message: str, **facts: object) -> None:
        """Say something in the supervisor's own name."""
        at = self._clock.now().isoformat(timespec="milliseconds")
        self._write(
            "supervisor",
            {"at": at, "level": level, "message": message, **facts, "source": "supervisor"},
        )

    def recent(self, source: str) -> list[str]:
        """Return the last messages of ``source``, oldest first."""
        return list(self._recent.get(source, ()))

    def close(self) -> None:
        """Close the file. The stream is not used afterwards."""
        self._file.close()

    def _write(self, source: str, fields: dict[str, Any]) -> None:
        message = str(fields.get("message", ""))
        self._recent.setdefault(source, deque(maxlen=RECENT_LINES)).append(message)
        line = msgspec.json.encode(fields, enc_hook=str) + b"\n"
        try:
            if self._size + len(line) > self._max_bytes:
                self._rotate()
            self._file.write(line)
            self._size += len(line)
        except (OSError, ValueError):  # no space, or closed by a rotation that failed half-way
            self.dropped += 1
            with contextlib.suppress(OSError):
                self._file.close()
                self._file = _open(self._path)
        self._show(source, str(fields["level"]), message, fields.get("exception"))

    def _show(self, source: str, level: str, message: str, exception: object) -> None:
        if self._console is None:
            return
        text = f"{source:<10} | {message}"
        if exception:
            text += f"\n{exception}"
        if self._colours:
            text = f"{_LEVEL_COLOURS.get(level, _DIM)}{text}{_RESET}"
        try:
            print(text, file=self._console, flush=True)
        except (OSError, ValueError):  # the terminal is gone
            self._console = None

    def _rotate(self) -> None:
        self._file.close()
        for index in range(self._kept_files - 1, 0, -1):
            with contextlib.suppress(FileNotFoundError):
                self._numbered(index).replace(self._numbered(index + 1))
        self._path.replace(self._numbered(1))
        self._file = _open(self._path)
        self._size = 0

    def _numbered(self, index: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{index}")


def _open(path: Path) -> Any:  # noqa: ANN401 - an unbuffered binary file
    path.touch(mode=0o600, exist_ok=True)
    return path.open("ab", buffering=0)


def _as_fields(text: str) -> dict[str, Any]:
    if text.startswith("{"):
        try:
            fields = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError):
            fields = None
        if isinstance(fields, dict) and "message" in fields:
            return fields  # pyright: ignore[reportUnknownVariableType] - JSON keys are strings
    return {"message": text}
