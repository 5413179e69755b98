"""Requests counted together by several control planes, in Redis; needs the extra ``redis``."""

import asyncio
import logging

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from mainspring.app.control.rates import WINDOW_S, LocalCounter
from mainspring.kernel.clock import Clock

_log = logging.getLogger(__name__)

_CONNECTIONS = 16
_REST_S = 5.0
"""For so long Redis is left alone once it has failed."""


class SharedCounter:
    """Counts in Redis within a deadline, and is right however many count at once.

    While Redis cannot be asked it neither refuses everybody nor lets everybody in: this process
    counts for itself, from nothing, for some seconds at a time.
    """

    def __init__(self, url: str, clock: Clock, *, deadline_s: float = 0.05) -> None:
        """Connect when first asked.

        Raises:
            ValueError: if ``url`` is no address of a Redis server.
        """
        # Whoever finds every connection taken waits for one: a burst is no failure of Redis. And
        # nothing is tried twice, which would count one request as two.
        pool = BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType] - its own
            url,
            max_connections=_CONNECTIONS,
            timeout=deadline_s,
            socket_timeout=deadline_s,
            socket_connect_timeout=deadline_s,
            retry=Retry(NoBackoff(), 0),
        )
        self._redis = Redis.from_pool(pool)
        self._clock = clock
        self._deadline_s = deadline_s
        self._local = LocalCounter()
        self._away_until = 0.0

    async def add(self, key: str, window: int) -> int:
        """Count one more, in Redis if it answers."""
        now = self._clock.monotonic()
        if now < self._away_until:
            return await self._local.add(key, window)
        name = f"mainspring-control:{window}:{key}"
        try:
            async with asyncio.timeout(self._deadline_s), self._redis.pipeline() as pipe:
                pipe.incr(name)
                pipe.expire(name, 2 * WINDOW_S)
                count, _ = await pipe.execute()
            return int(count)
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("requests are counted by this process alone: %s", type(error).__name__)
            self._away_until = now + _REST_S
            return await self._local.add(key, window)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()
