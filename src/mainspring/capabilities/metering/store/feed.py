"""Follows the ledger by LISTEN and hands new entries to whoever looks on."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from datetime import date
from typing import Any

import msgspec
from psycopg import AsyncConnection

from mainspring.capabilities.metering.domain import UsageEntry
from mainspring.capabilities.metering.store.repository import PostgresUsageStore
from mainspring.capabilities.metering.store.tables import CHANNEL
from mainspring.infra.db.listen import listen_for_ever
from mainspring.kernel.scope import Scope
from mainspring.kernel.tasks import TaskOwner

_log = logging.getLogger(__name__)

_SELF = Scope.platform("usage-feed")
_QUEUE = 256
"""Entries that wait for one follower; beyond them the oldest go."""

_payload = msgspec.json.Decoder(list[tuple[date, str]])


class _Follower:
    """One queue of bounded length."""

    def __init__(self) -> None:
        self._entries: deque[UsageEntry] = deque(maxlen=_QUEUE)
        self._arrived = asyncio.Event()

    def put(self, entry: UsageEntry) -> None:
        self._entries.append(entry)
        self._arrived.set()

    async def __aiter__(self) -> AsyncIterator[UsageEntry]:
        while True:
            await self._arrived.wait()
            while self._entries:
                yield self._entries.popleft()
            self._arrived.clear()


class PostgresUsageFeed:
    """One listening connection per process, shared by all followers."""

    def __init__(self, store: PostgresUsageStore, dsn: str) -> None:
        self._store = store
        self._dsn = dsn
        self._followers: set[_Follower] = set()
        self._tasks = TaskOwner(self._failed)

    def start(self) -> None:
        """Begin to listen, on a connection of its own."""
        listening = listen_for_ever(self._dsn, CHANNEL, self._hear, name="usage feed")
        self._tasks.start(listening, name="usage-feed-listen")

    async def close(self) -> None:
        """Stop listening; followers get nothing more."""
        await self._tasks.close()

    @contextmanager
    def follow(self) -> Generator[AsyncIterator[UsageEntry]]:
        """Return the entries that arrive from now on."""
        follower = _Follower()
        self._followers.add(follower)
        try:
            yield aiter(follower)
        finally:
            self._followers.discard(follower)

    async def _hear(self, connection: AsyncConnection[Any]) -> None:
        async for notification in connection.notifies():
            await self._heard(notification.payload)

    async def _heard(self, payload: str) -> None:
        if not self._followers:
            return
        async with self._store.begin(_SELF) as ledger:
            entries = await ledger.entries_of(_payload.decode(payload))
        for follower in self._followers:
            for entry in entries:
                follower.put(entry)

    def _failed(self, name: str, error: BaseException) -> None:
        _log.error("%s ended", name, exc_info=error)
