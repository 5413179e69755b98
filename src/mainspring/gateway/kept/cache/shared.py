"""The cache that several gateways share, in Redis (or Valkey).

It is asked within a short deadline and left alone for a moment after it failed to answer: a call
never waits long for it, and never fails for it. Answers are written in the background.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable
from typing import Final

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from mainspring.gateway.kept.cache.port import CachedAnswer
from mainspring.gateway.kept.redis_link import connect

_log = logging.getLogger(__name__)

DEADLINE_S: Final = 0.1
_TELL_S: Final = 2.0
_LEFT_ALONE_S: Final = 1.0
_MAX_WAITING_BYTES: Final = 16 * 1024 * 1024

_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(CachedAnswer)


class RedisCacheStore:
    """Keeps answers; how much of them there may be is the server's to bound."""

    def __init__(
        self, url: str, *, prefix: str = "mainspring-cache:", deadline_s: float = DEADLINE_S
    ) -> None:
        """Connect when first asked.

        Raises:
            ValueError: if ``url`` is no address of a Redis server.
        """
        self._redis: Redis = connect(url, deadline_s)
        self._prefix = prefix
        self._deadline_s = deadline_s
        self._left_alone_until = 0.0
        self._waiting: OrderedDict[bytes, tuple[bytes, float]] = OrderedDict()
        self._waiting_bytes = 0
        self._put = asyncio.Event()

    @property
    def problem(self) -> str | None:
        """Return that the server is away, if it is."""
        away = time.monotonic() < self._left_alone_until
        return "Redis is away; nothing is found in the cache" if away else None

    def get(self, key: bytes) -> CachedAnswer | Awaitable[CachedAnswer | None] | None:
        """Return what is kept under ``key``."""
        waiting = self._waiting.get(key)
        if waiting is not None:
            return _decoded(waiting[0])
        if time.monotonic() < self._left_alone_until:
            return None
        return self._get(key)

    def put(self, key: bytes, answer: CachedAnswer, ttl_s: float) -> None:
        """Keep ``answer`` for ``ttl_s`` at the most; the server is told in a moment."""
        data = _encode(answer)
        old = self._waiting.pop(key, None)
        if old is not None:
            self._waiting_bytes -= len(old[0])
        if self._waiting_bytes + len(data) > _MAX_WAITING_BYTES:
            return
        self._waiting[key] = (data, time.monotonic() + ttl_s)
        self._waiting_bytes += len(data)
        self._put.set()

    async def run(self) -> None:
        """Write what waits."""
        while True:
            await self._put.wait()
            try:
                await self.flush()
            except (RedisError, OSError, TimeoutError) as error:
                self._failed(error)
                await asyncio.sleep(_LEFT_ALONE_S)

    async def flush(self) -> None:
        """Write everything that waits.

        Raises:
            RedisError: if it cannot be written; nothing is forgotten.
            TimeoutError: likewise.
        """
        while self._waiting:
            key, held = next(iter(self._waiting.items()))
            data, expires_at = held
            life_ms = int((expires_at - time.monotonic()) * 1000)
            if life_ms > 0:
                async with asyncio.timeout(_TELL_S):
                    await self._redis.set(self._name(key), data, px=life_ms)
            if self._waiting.get(key) is held:
                del self._waiting[key]
                self._waiting_bytes -= len(data)
        self._put.clear()

    async def close(self) -> None:
        """Disconnect; what was not written yet is only a later miss."""
        try:
            async with asyncio.timeout(1.0):
                await self._redis.aclose()
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("closing the store of the cache: %s", error)

    async def _get(self, key: bytes) -> CachedAnswer | None:
        try:
            async with asyncio.timeout(self._deadline_s):
                data = await self._redis.get(self._name(key))
        except (RedisError, OSError, TimeoutError) as error:
            self._failed(error)
            return None
        return _decoded(data) if isinstance(data, bytes) else None

    def _failed(self, error: Exception) -> None:
        now = time.monotonic()
        if now >= self._left_alone_until:
            _log.warning("the store of the cache cannot be asked: %s", error)
        self._left_alone_until = now + _LEFT_ALONE_S

    def _name(self, key: bytes) -> str:
        return self._prefix + key.hex()


def _decoded(data: bytes) -> CachedAnswer | None:
    """Return the answer; ``None`` if it is none of this release's."""
    try:
        return _decoder.decode(data)
    except msgspec.MsgspecError:
        return None
