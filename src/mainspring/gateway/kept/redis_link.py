"""Connections to the Redis server that keeps answers."""

from typing import Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

_CONNECTIONS: Final = 32


def connect(url: str, deadline_s: float) -> Redis:
    """Return a client that connects when it is first asked, and never by itself a second time.

    Raises:
        ValueError: if ``url`` is no address of a Redis server.
    """
    pool = BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType] - its own
        url,
        max_connections=_CONNECTIONS,
        timeout=deadline_s,
        socket_connect_timeout=deadline_s,
        retry=Retry(NoBackoff(), 0),
    )
    return Redis.from_pool(pool)
