"""Saving the last good snapshot, a moment after it changed."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from mainspring.gateway.control_link.snapshot_file import write_snapshot_file
from mainspring.snapshot.frame import Frame

_log = logging.getLogger(__name__)

_DEBOUNCE_S = 0.5


class SnapshotSaver:
    """Writes the file in a worker thread; a burst of changes becomes one file."""

    def __init__(self, path: Path, freeze: Callable[[], Callable[[], Frame]]) -> None:
        """Save to ``path`` what ``freeze`` gives (see ``SnapshotTable.frozen``)."""
        self._path = path
        self._freeze = freeze
        self._changed = asyncio.Event()

    def changed(self) -> None:
        """Take note that there is something to save."""
        self._changed.set()

    async def run(self) -> None:
        """Save until cancelled; what is not saved by then is saved by :meth:`save`."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(_DEBOUNCE_S)
            await self.save()

    async def save(self) -> None:
        """Save now if there is something to save; a full disk is reported and survived."""
        if not self._changed.is_set():
            return
        self._changed.clear()
        make = self._freeze()
        try:
            await asyncio.to_thread(self._write, make)
        except OSError as error:
            _log.error("the last good snapshot cannot be saved: %s", error)

    def _write(self, make: Callable[[], Frame]) -> None:
        write_snapshot_file(self._path, make())
