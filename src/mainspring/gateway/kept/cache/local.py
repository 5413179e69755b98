"""The cache of one gateway, in its memory."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from mainspring.gateway.kept.cache.port import CachedAnswer


class LocalCacheStore:
    """Keeps up to ``total_bytes``; what was not asked for the longest goes first.

    ``now`` gives seconds of any clock that does not go back.
    """

    problem = None

    def __init__(self, total_bytes: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._total = total_bytes
        self._now = now
        self._entries: OrderedDict[bytes, tuple[CachedAnswer, float]] = OrderedDict()
        self.held_bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: bytes) -> CachedAnswer | None:
        """Return what is kept under ``key``."""
        found = self._entries.get(key)
        if found is None:
            return None
        answer, expires_at = found
        if expires_at <= self._now():
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return answer

    def put(self, key: bytes, answer: CachedAnswer, ttl_s: float) -> None:
        """Keep ``answer`` for ``ttl_s`` at the most."""
        if key in self._entries:
            self._drop(key)
        if answer.size > self._total:
            return
        self._entries[key] = (answer, self._now() + ttl_s)
        self.held_bytes += answer.size
        while self.held_bytes > self._total:
            self._drop(next(iter(self._entries)))

    async def run(self) -> None:
        """Nothing is to be done."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Nothing is held."""

    def _drop(self, key: bytes) -> None:
        answer, _ = self._entries.pop(key)
        self.held_bytes -= answer.size
