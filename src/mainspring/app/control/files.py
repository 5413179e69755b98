"""Files of the data directory that control writes: each whole, each for its owner alone."""

import logging
from pathlib import Path

from mainspring.app.private_files import write_private

_log = logging.getLogger(__name__)


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
