"""One contract over both stores of the answer cache, and what is special about each."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from mainspring.gateway.kept.cache import LocalCacheStore
from mainspring.gateway.kept.cache.shared import RedisCacheStore
from mainspring.testing.contracts.cache import (
    ANSWER,
    KEY,
    OTHER_KEY,
    CacheContract,
    CacheHarness,
    get,
)
from tests.fixtures.valkey import Valkey


class LocalHarness(CacheHarness):
    """The cache of one gateway."""

    def __init__(self) -> None:
        self.now = 0.0
        self.store = self.local = LocalCacheStore(10_000, now=lambda: self.now)

    async def expire(self) -> None:
        self.now += 61.0

    async def synced(self) -> None:
        """Everything is kept at once."""


class RedisHarness(CacheHarness):
    """The cache of several gateways."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.store = self.shared = RedisCacheStore(url, deadline_s=2.0)
        self.other = RedisCacheStore(url, deadline_s=2.0)

    async def expire(self) -> None:
        client = Redis.from_url(self.url)  # pyright: ignore[reportUnknownMemberType] - its own
        await client.flushall()  # pyright: ignore[reportUnknownMemberType] - its own
        await client.aclose()

    async def synced(self) -> None:
        await self.shared.flush()


class TestLocalCacheStore(CacheContract):
    """The store of one gateway."""

    @pytest.fixture
    def harness(self) -> LocalHarness:
        return LocalHarness()

    async def test_bytes_are_bounded_and_what_is_asked_for_stays(
        self, harness: LocalHarness
    ) -> None:
        large = msgspec.structs.replace(ANSWER, body=b"x" * 1000)
        harness.store.put(KEY, large, 60.0)
        for number in range(50):
            assert await get(harness.store) == large
            harness.store.put(b"%032d" % number, large, 60.0)
            assert harness.local.held_bytes <= 10_000
        assert await get(harness.store, b"%032d" % 0) is None
        harness.store.put(OTHER_KEY, msgspec.structs.replace(ANSWER, body=b"x" * 20_000), 60.0)
        assert await get(harness.store, OTHER_KEY) is None
        assert await get(harness.store) == large


class TestRedisCacheStore(CacheContract):
    """The store of several gateways."""

    @pytest.fixture
    async def harness(self, tmp_path: Path) -> AsyncIterator[RedisHarness]:
        server = Valkey(tmp_path)
        await server.start()
        made = RedisHarness(server.url)
        yield made
        await made.shared.close()
        await made.other.close()
        server.kill()

    async def test_gateways_find_each_others_answers(self, harness: RedisHarness) -> None:
        harness.store.put(KEY, ANSWER, 60.0)
        await harness.synced()
        assert await get(harness.other) == ANSWER

    async def test_without_the_server_everything_is_a_miss_soon(self, tmp_path: Path) -> None:
        server = Valkey(tmp_path)
        await server.start()
        store = RedisCacheStore(server.url, deadline_s=0.1)
        server.stall()
        began = time.monotonic()
        assert await get(store) is None
        assert store.problem is not None
        for _ in range(100):  # the server is left alone now
            assert await get(store) is None
        assert time.monotonic() - began < 2.0
        server.go_on()
        await store.close()
        server.kill()
