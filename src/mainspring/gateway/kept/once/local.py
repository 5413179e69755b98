"""Idempotency keys of one gateway, in its memory: they end with it."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from mainspring.gateway.kept.answer import KeptAnswer
from mainspring.gateway.kept.once.port import (
    Begun,
    Different,
    Full,
    Lost,
    Running,
    Started,
    StoreAwayError,
)

MAX_KEYS: Final = 200_000


class _Entry:
    """One key: the call is running, or its answer is there, or it is lost."""

    __slots__ = ("answer", "expires_at", "fingerprint", "running")

    def __init__(self, fingerprint: bytes, expires_at: float) -> None:
        self.fingerprint = fingerprint
        self.expires_at = expires_at
        self.running = True
        self.answer: KeptAnswer | None = None


class LocalOnceStore:
    """Keeps up to ``total_bytes`` of answers for ``ttl_s``.

    Beyond that the oldest answers go, and their keys stay: a repetition is refused then, never
    made. ``now`` gives seconds of any clock that does not go back.
    """

    problem = None

    def __init__(
        self,
        total_bytes: int,
        ttl_s: float,
        *,
        max_keys: int = MAX_KEYS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total_bytes
        self._ttl_s = ttl_s
        self._max_keys = max_keys
        self._now = now
        # All live equally long, so the order of beginning is the order of expiry.
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._answered: OrderedDict[bytes, int] = OrderedDict()
        self.held_bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def begin(self, slot: bytes, fingerprint: bytes) -> Begun:
        """Begin a call, or tell how it stands with the one that was begun before."""
        now = self._now()
        self._expire(now)
        entry = self._entries.get(slot)
        if entry is None:
            if len(self._entries) >= self._max_keys:
                return Full
            self._entries[slot] = _Entry(fingerprint, now + self._ttl_s)
            return Started(slot, fingerprint)
        if entry.fingerprint != fingerprint:
            return Different
        if entry.running:
            return Running
        return entry.answer or Lost

    def finish(self, started: Started, answer: KeptAnswer | None) -> None:
        """Keep the answer of a call that was made."""
        entry = self._entries.get(started.slot)
        if entry is None or not entry.running:
            return
        entry.running = False
        if answer is None or answer.size > self._total:
            return
        entry.answer = answer
        self._answered[started.slot] = answer.size
        self.held_bytes += answer.size
        while self.held_bytes > self._total:
            slot, size = self._answered.popitem(last=False)
            self.held_bytes -= size
            self._entries[slot].answer = None

    def release(self, started: Started) -> None:
        """Forget a call that came to nothing."""
        entry = self._entries.get(started.slot)
        if entry is not None and entry.running:
            del self._entries[started.slot]

    async def run(self) -> None:
        """Nothing is to be done."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Nothing is held."""

    def _expire(self, now: float) -> None:
        entries = self._entries
        while entries:
            slot, entry = next(iter(entries.items()))
            if entry.expires_at > now:
                return
            del entries[slot]
            self.held_bytes -= self._answered.pop(slot, 0)


class UnsharedOnceStore:
    """Begins nothing: of several processes each would make the call that another has made."""

    problem = None

    def begin(self, slot: bytes, fingerprint: bytes) -> Begun:
        """Refuse to tell.

        Raises:
            StoreAwayError: always.
        """
        del slot, fingerprint
        raise StoreAwayError

    def finish(self, started: Started, answer: KeptAnswer | None) -> None:
        """Never called: nothing was begun."""

    def release(self, started: Started) -> None:
        """Never called: nothing was begun."""

    async def run(self) -> None:
        """Nothing is to be done."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Nothing is held."""
