"""The snapshot as control itself reads it."""

import asyncio

from mainspring.infra.db import Database
from mainspring.infra.feed import read_frame
from mainspring.kernel.errors import NotReadyError
from mainspring.snapshot.table import SnapshotTable


class PublishedSnapshots:
    """Reads what gateways are told, all of it and only when asked: it is rarely wanted here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def present(self) -> SnapshotTable:
        """Return the newest snapshot.

        Raises:
            NotReadyError: if nothing was published yet.
            DatabaseUnavailableError: if the server cannot be reached.
        """
        frame = await read_frame(self._database)
        if frame is None:
            raise NotReadyError("nothing was published yet")
        table = SnapshotTable()
        await asyncio.to_thread(table.apply, frame)
        return table
