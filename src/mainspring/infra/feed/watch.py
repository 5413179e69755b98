"""Waiting: one listening connection per process tells all followers that the head has moved."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Any

from psycopg import AsyncConnection

from mainspring.infra.db.database import Database
from mainspring.infra.db.listen import listen_for_ever
from mainspring.infra.feed.read import HEAD, read_frame
from mainspring.infra.feed.tables import CHANNEL
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.kernel.tasks import TaskOwner
from mainspring.snapshot.frame import Frame

_log = logging.getLogger(__name__)


class SnapshotFeed:
    """Follows the snapshot's head and hands out frames.

    Fails open: while the database is away, followers that have their first frame simply wait and
    go on afterwards from where they were. ``poll_s`` bounds how late a change is seen where
    notifications do not arrive (a pooler in transaction mode swallows them).
    """

    def __init__(self, database: Database, dsn: str, *, poll_s: float = 2.0) -> None:
        self._database = database
        self._dsn = dsn
        self._poll_s = poll_s
        self._tasks = TaskOwner(self._failed)
        self._moved = asyncio.Event()
        self._version = -1
        self._epoch = ""

    @property
    def version(self) -> int:
        """Return the newest version heard of; -1 before the database first answered."""
        return self._version

    def start(self) -> None:
        """Begin to listen, on a connection of its own."""
        listening = listen_for_ever(self._dsn, CHANNEL, self._hear, name="snapshot feed")
        self._tasks.start(listening, name="snapshot-feed-listen")

    async def close(self) -> None:
        """Stop listening; followers that wait are not woken."""
        await self._tasks.close()

    async def next_frame(
        self, since: int | None, *, wait_s: float, epoch: str = ""
    ) -> Frame | None:
        """Return the frame that follows ``since``, or ``None`` if none came within ``wait_s``.

        ``since`` ``None`` is answered at once, with a base. Several changes arrive as one frame.
        ``epoch`` is that of ``since``; where the database's is another, the answer is a base.

        Raises:
            DatabaseUnavailableError: if ``since`` is ``None`` and the server cannot be reached.
        """
        if since is None:
            return await read_frame(self._database)
        deadline = asyncio.get_running_loop().time() + wait_s
        while True:
            moved = self._moved
            heard = self._version != -1
            if heard and (self._version != since or epoch not in ("", self._epoch)):
                try:
                    frame = await read_frame(self._database, since, epoch=epoch)
                except DatabaseUnavailableError:
                    frame = None
                if frame is not None:
                    return frame
            remaining = deadline - asyncio.get_running_loop().time()
            if remaining <= 0:
                return None
            try:
                async with asyncio.timeout(remaining):
                    await moved.wait()
            except TimeoutError:
                return None

    async def frames(self, since: int | None = None) -> AsyncGenerator[Frame]:
        """Yield frames for ever: first what follows ``since`` (a base for ``None``), then deltas.

        Raises:
            DatabaseUnavailableError: before the first frame of a base, if the server is away.
        """
        at, epoch = since, ""
        while True:
            frame = await self.next_frame(at, wait_s=self._poll_s, epoch=epoch)
            if frame is not None:
                at, epoch = frame.version, frame.epoch
                yield frame

    async def _hear(self, connection: AsyncConnection[Any]) -> None:
        while True:
            # Asked after every silence, so that neither a lost notification nor one that was
            # sent while we were not connected is missed.
            row = await (await connection.execute(HEAD)).fetchone()
            if row is not None:
                self._heard(row[0], row[2])
            async for notification in connection.notifies(timeout=self._poll_s):
                self._heard(int(notification.payload), self._epoch)

    def _heard(self, version: int, epoch: str) -> None:
        if (version, epoch) == (self._version, self._epoch):
            return
        self._version, self._epoch = version, epoch
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def _failed(self, name: str, error: BaseException) -> None:
        _log.error("%s ended", name, exc_info=error)
