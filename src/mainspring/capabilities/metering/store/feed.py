"""Follows the ledger by LISTEN and hands new entries to whoever looks on."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from datetime import date

import msgspec
import psycopg
from psycopg import AsyncConnection

from mainspring.capabilities.metering.domain import UsageEntry
from mainspring.capabilities.metering.store.repository import PostgresUsageStore
from mainspring.capabilities.metering.store.tables import CHANNEL
from mainspring.infra.db.dsn import libpq_url
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.kernel.scope import Scope
from mainspring.kernel.tasks import TaskOwner

_log = logging.getLogger(__name__)

_SELF = Scope.platform("usage-feed")
_FIRST_RETRY_S = 0.1
_LAST_RETRY_S = 5.0
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
        self._dsn = libpq_url(dsn)
        self._followers: set[_Follower] = set()
        self._tasks = TaskOwner(self._failed)

    def start(self) -> None:
        """Begin to listen, on a connection of its own."""
        self._tasks.start(self._listen(), name="usage-feed-listen")

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

    async def _listen(self) -> None:
        retry_s = _FIRST_RETRY_S
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._dsn,
                    autocommit=True,
                    connect_timeout=5,
                    application_name="mainspring usage feed",
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    retry_s = _FIRST_RETRY_S
                    async for notification in connection.notifies():
                        await self._heard(notification.payload)
            except (psycopg.OperationalError, DatabaseUnavailableError) as error:
                _log.warning("usage feed lost the database: %s", type(error).__name__)
                await asyncio.sleep(retry_s)
                retry_s = min(retry_s * 2, _LAST_RETRY_S)

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
