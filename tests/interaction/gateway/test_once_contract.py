"""One contract over both stores of idempotency keys, and what is special about each."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from mainspring.gateway.kept.once import (
    Full,
    LocalOnceStore,
    Lost,
    Running,
    Started,
    StoreAwayError,
)
from mainspring.gateway.kept.once.shared import RedisOnceStore
from mainspring.kernel.tasks import TaskOwner
from mainspring.testing.contracts.once import (
    ANSWER,
    OTHER_SLOT,
    SLOT,
    OnceContract,
    OnceHarness,
    begin,
    started,
)
from tests.fixtures.valkey import Valkey


class LocalHarness(OnceHarness):
    """The keys of one gateway."""

    def __init__(self) -> None:
        self.now = 0.0
        self.store = self.local = LocalOnceStore(10_000, 60.0, max_keys=50, now=lambda: self.now)

    async def expire(self) -> None:
        self.now += 61.0

    async def synced(self) -> None:
        """Everything is kept at once."""


class RedisHarness(OnceHarness):
    """The keys of several gateways."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._made: list[RedisOnceStore] = []
        self.store = self.shared = self.another()

    def another(self, *, lease_s: float = 30.0) -> RedisOnceStore:
        """Return the store of another gateway."""
        made = RedisOnceStore(self.url, 60.0, deadline_s=2.0, lease_s=lease_s)
        self._made.append(made)
        return made

    async def expire(self) -> None:
        client = Redis.from_url(self.url)  # pyright: ignore[reportUnknownMemberType] - its own
        await client.flushall()  # pyright: ignore[reportUnknownMemberType] - its own
        await client.aclose()

    async def synced(self) -> None:
        await self.shared.flush()

    async def close(self) -> None:
        for each in self._made:
            await each.close()


class TestLocalOnceStore(OnceContract):
    """The store of one gateway."""

    @pytest.fixture
    def harness(self) -> LocalHarness:
        return LocalHarness()

    async def test_answers_are_bounded_and_their_keys_stay_refused(
        self, harness: LocalHarness
    ) -> None:
        for number in range(40):
            call = await started(harness.store, b"%032d" % number)
            harness.store.finish(call, ANSWER)
        assert harness.local.held_bytes <= 10_000
        assert await begin(harness.store, b"%032d" % 0) is Lost
        assert await begin(harness.store, b"%032d" % 39) == ANSWER

    async def test_keys_are_bounded_and_a_further_one_is_not_taken(
        self, harness: LocalHarness
    ) -> None:
        for number in range(50):
            await started(harness.store, b"%032d" % number)
        assert await begin(harness.store) is Full
        await harness.expire()
        assert isinstance(await begin(harness.store), Started)
        assert len(harness.local) == 1
        assert harness.local.held_bytes == 0


class TestRedisOnceStore(OnceContract):
    """The store of several gateways."""

    @pytest.fixture
    async def harness(self, tmp_path: Path) -> AsyncIterator[RedisHarness]:
        server = Valkey(tmp_path)
        await server.start()
        made = RedisHarness(server.url)
        yield made
        await made.close()
        server.kill()

    async def test_gateways_see_each_others_calls(self, harness: RedisHarness) -> None:
        other = harness.another()
        call = await started(harness.store)
        assert await begin(other) is Running
        harness.store.finish(call, ANSWER)
        await harness.synced()
        assert await begin(other) == ANSWER

    async def test_what_a_dead_gateway_was_doing_is_refused(self, harness: RedisHarness) -> None:
        dying = harness.another(lease_s=0.05)
        await started(dying)  # and its renewal never runs
        async with asyncio.timeout(5):
            while await begin(harness.store) is Running:  # noqa: ASYNC110 - the server's clock
                await asyncio.sleep(0.01)
        assert await begin(harness.store) is Lost

    async def test_a_call_that_takes_long_keeps_its_lease(self, harness: RedisHarness) -> None:
        patient = harness.another(lease_s=0.4)
        tasks = TaskOwner(lambda _name, _error: None)
        tasks.start(patient.run(), name="patient")
        call = await started(patient)
        until = time.monotonic() + 1.0
        while time.monotonic() < until:  # longer than two leases last by themselves
            assert await begin(harness.store) is Running
            await asyncio.sleep(0.05)
        patient.finish(call, ANSWER)
        async with asyncio.timeout(5):
            while await begin(harness.store) != ANSWER:  # noqa: ASYNC110 - the server's clock
                await asyncio.sleep(0.01)
        await tasks.close()

    async def test_without_the_server_nothing_is_begun_and_it_says_so(self, tmp_path: Path) -> None:
        server = Valkey(tmp_path)
        store = RedisOnceStore(server.url, 60.0, deadline_s=0.2)
        with pytest.raises(StoreAwayError):
            await begin(store)
        assert store.problem is not None
        await server.start()
        try:
            assert isinstance(await begin(store, OTHER_SLOT), Started)
            assert store.problem is None
        finally:
            await store.close()
            server.kill()

    async def test_a_begin_that_was_given_up_does_not_block_its_key(self, tmp_path: Path) -> None:
        server = Valkey(tmp_path)
        await server.start()
        store = RedisOnceStore(server.url, 60.0, deadline_s=0.2)
        try:
            await started(store, OTHER_SLOT)
            server.stall()
            with pytest.raises(StoreAwayError):
                await begin(store, SLOT)
            server.go_on()
            await store.flush()
            assert isinstance(await begin(store, SLOT), Started)
        finally:
            await store.close()
            server.kill()
