"""How fast the control API may be asked."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import httpx
import pytest
from redis.asyncio import Redis

from mainspring.app.control.application import control_application
from mainspring.app.control.rates import Counter, LocalCounter
from mainspring.app.control.shared_rates import SharedCounter
from mainspring.app.control.wiring import Control
from mainspring.kernel.clock import ManualClock, SystemClock
from tests.fixtures.control import control_settings
from tests.fixtures.valkey import Valkey

API = "/api/v1"


async def test_principals_and_addresses_are_bounded_and_told(
    database_dsn: str, tmp_path: Path
) -> None:
    clock = ManualClock(SystemClock().now().replace(second=5, microsecond=0))
    settings = control_settings(
        tmp_path / "home", database_dsn, requests_per_minute=5, sign_ins_per_minute=3
    )
    control = Control(settings, clock=clock)
    await control.preparation.run()
    control.start()
    app = control_application(control, console=tmp_path / "none")

    def client(address: str, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app, client=(address, 1))
        return httpx.AsyncClient(
            transport=transport, base_url="http://control.test", headers=headers
        )

    try:
        token = settings.admin_token_file.read_text().strip()
        async with (
            client("10.0.0.1", Authorization=f"Bearer {token}") as admin,
            client("10.0.0.2", Authorization="Bearer mst-other") as other,
            client("10.0.0.3") as stranger,
            client("10.0.0.4") as neighbour,
        ):
            for left in (4, 3, 2, 1, 0):
                answer = await admin.get(f"{API}/organizations")
                assert answer.status_code == 200
                assert answer.headers["ratelimit"] == f'"principal";r={left};t=55'
                assert answer.headers["ratelimit-policy"] == '"principal";q=5;w=60'
            refused = await admin.get(f"{API}/organizations")
            assert (refused.status_code, refused.json()["code"]) == (429, "rate_limit_exceeded")
            assert refused.headers["retry-after"] == "55"
            assert refused.headers["content-type"].startswith("application/problem+json")
            assert (await other.get(f"{API}/organizations")).status_code == 401
            assert (await admin.get("/health/live")).status_code < 500  # nobody counts these
            body = {"email": "nobody@example.com", "password": "guess guess guess"}
            answers = [await stranger.post(f"{API}/sessions", json=body) for _ in range(4)]
            assert [each.status_code for each in answers] == [401, 401, 401, 429]
            door = await stranger.post("/oauth2/token", data={"grant_type": "x"})
            assert door.status_code == 429
            assert (await neighbour.post(f"{API}/sessions", json=body)).status_code == 401
            clock.advance(56)
            assert (await admin.get(f"{API}/organizations")).status_code == 200
            assert (await stranger.post(f"{API}/sessions", json=body)).status_code == 401
    finally:
        await control.close()


async def test_what_is_remembered_is_bounded() -> None:
    counter = LocalCounter()
    for number in range(50_000):
        assert await counter.add(f"k{number}", 1) == 1
    assert await counter.add("one more", 1) == 1
    assert await counter.add("another", 1) == 2  # they share a count from here on
    assert await counter.add("k7", 1) == 2
    assert await counter.add("another", 2) == 1


@pytest.fixture
async def valkey(tmp_path: Path) -> AsyncIterator[Valkey]:
    server = Valkey(tmp_path)
    await server.start()
    yield server
    server.kill()


class CounterContract:
    """What every counter of requests must do."""

    async def test_each_key_and_each_window_counts_for_itself(self, counter: Counter) -> None:
        assert [await counter.add("k", 7) for _ in range(3)] == [1, 2, 3]
        assert await counter.add("other", 7) == 1
        assert await counter.add("k", 8) == 1
        assert await counter.add("k", 8) == 2

    async def test_a_burst_is_counted_exactly(self, counter: Counter) -> None:
        told = await asyncio.gather(*(counter.add("burst", 1) for _ in range(200)))
        assert sorted(told) == list(range(1, 201))


class TestLocalCounter(CounterContract):
    @pytest.fixture
    def counter(self) -> Counter:
        return LocalCounter()


class TestSharedCounter(CounterContract):
    @pytest.fixture
    async def counter(self, valkey: Valkey) -> AsyncIterator[Counter]:
        counter = SharedCounter(valkey.url, SystemClock(), deadline_s=5.0)
        yield counter
        async with Redis.from_url(valkey.url) as redis:  # pyright: ignore[reportUnknownMemberType] - its own
            # Every count was Valkey's, and none stays for ever.
            names = cast("list[bytes]", await redis.keys())  # pyright: ignore[reportUnknownMemberType] - its own
            assert names
            for name in names:
                assert 0 < await redis.ttl(name) <= 120
        await counter.close()

    async def test_several_processes_count_together(self, valkey: Valkey, counter: Counter) -> None:
        other = SharedCounter(valkey.url, SystemClock(), deadline_s=5.0)
        assert [await each.add("k", 1) for each in (counter, other, counter)] == [1, 2, 3]
        await other.close()


async def test_a_stalled_redis_costs_its_deadline_once_and_then_counts_go_on(
    valkey: Valkey,
) -> None:
    clock = ManualClock()
    counter = SharedCounter(valkey.url, clock, deadline_s=0.3)
    assert [await counter.add("stalled", 9) for _ in range(2)] == [1, 2]
    valkey.stall()
    try:
        async with asyncio.timeout(5):
            assert await counter.add("stalled", 9) == 1  # this process alone, from nothing
            assert [await counter.add("stalled", 9) for _ in range(1000)][-1] == 1001
    finally:
        valkey.go_on()
    clock.advance(6)
    # Whether Valkey counted the request that was not waited for is open; no local count comes back.
    assert await counter.add("stalled", 9) in {3, 4}
    await counter.close()


async def test_without_redis_each_process_counts_for_itself() -> None:
    counter = SharedCounter("redis://127.0.0.1:9/0", SystemClock(), deadline_s=0.5)
    assert [await counter.add("k", 1) for _ in range(3)] == [1, 2, 3]
    await counter.close()
