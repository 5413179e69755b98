"""The stores of kept answers, as a gateway's settings ask for them."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from mainspring.gateway.admin.metrics import GatewayMetrics
from mainspring.gateway.kept.cache import CacheStore, LocalCacheStore
from mainspring.gateway.kept.once import (
    LocalOnceStore,
    Once,
    OnceStore,
    UnsharedOnceStore,
)
from mainspring.gateway.settings import GatewaySettings


class KeptRoom:
    """Owns the stores: what runs beside traffic for them, their health and their end."""

    def __init__(self, settings: GatewaySettings, metrics: GatewayMetrics) -> None:
        """Make the stores; nothing is connected yet.

        Raises:
            ValueError: if the address of the Redis server is none.
        """
        self._once = _once_store(settings)
        self.once = Once(self._once, metrics.idempotency)
        """Honours idempotency keys."""
        self.cache = _cache_store(settings)

    @property
    def problem(self) -> str | None:
        """Return what keeps a store from its work, for health reports."""
        return self._once.problem or self.cache.problem

    def works(self) -> Iterator[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
        """Name what has to run beside traffic."""
        yield "idempotency keys", self._once.run
        yield "cache", self.cache.run

    async def close(self) -> None:
        """Let go of whatever is held outside this process."""
        await self._once.close()
        await self.cache.close()


def _once_store(settings: GatewaySettings) -> OnceStore:
    if settings.redis_url is None:
        if settings.reuse_port or settings.gateway_count > 1 or settings.process_count > 1:
            return UnsharedOnceStore()
        return LocalOnceStore(settings.idempotency_bytes, settings.idempotency_ttl_s)
    from mainspring.gateway.kept.once.shared import RedisOnceStore  # noqa: PLC0415 - an extra

    return RedisOnceStore(settings.redis_url, settings.idempotency_ttl_s)


def _cache_store(settings: GatewaySettings) -> CacheStore:
    if settings.redis_url is None:
        return LocalCacheStore(settings.cache_bytes)
    from mainspring.gateway.kept.cache.shared import RedisCacheStore  # noqa: PLC0415 - an extra

    return RedisCacheStore(settings.redis_url)
