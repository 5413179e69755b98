"""Files of the data directory that control writes: each whole, each for its owner alone."""

import logging
import os
import tempfile
from pathlib import Path

_log = logging.getLogger(__name__)


def write_private(path: Path, line: str) -> None:
    """Write ``line`` to ``path`` with mode 0600, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)  # created with mode 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)


def read_line(path: Path) -> str | None:
    """Return the line of the file, or ``None`` if there is none."""
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


class SetupLinkFile:
    """The one-time link, for whoever may read the data directory.

    The token stands behind ``#``: browsers do not send that part, so no log has it.
    """

    def __init__(self, path: Path, console_url: str) -> None:
        self._path = path
        self._console_url = console_url.rstrip("/")

    def show(self, secret: str) -> None:
        """Write the link."""
        try:
            write_private(self._path, f"{self._console_url}/setup#token={secret}")
        except OSError as error:
            _log.error("the set-up link could not be written to %s: %s", self._path, error)

    def remove(self) -> None:
        """Remove it, if it is there."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("%s could not be removed: %s", self._path, error)
