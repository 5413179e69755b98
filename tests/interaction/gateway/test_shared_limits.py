"""Several gateways with one Redis: what they count together, and what they do without it."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median

import httpx
import msgspec
import pytest

from mainspring.gateway.limits.choice import SharedLimitsError
from mainspring.gateway.limits.shared import DEADLINE_S, LEASE_S, RedisLimiter
from mainspring.gateway.main import Gateway
from mainspring.snapshot.resources import Limits
from mainspring.testing.upstream import ReceivedRequest, Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand, until
from tests.fixtures.valkey import Valkey

BODY = {"model": "scripted", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 4}
SLACK_S = 0.1
"""What a busy machine may add to most calls; to a single one it may add more."""


@pytest.fixture
async def valkey(tmp_path: Path) -> AsyncIterator[Valkey]:
    server = Valkey(tmp_path)
    await server.start()
    yield server
    server.kill()


@pytest.fixture
async def shared(stand: Stand, valkey: Valkey) -> Stand:
    """Return the stand, with shared limits."""
    await restart(stand, valkey)
    return stand


async def restart(stand: Stand, valkey: Valkey, **settings: object) -> None:
    await stand.gateway.stop(0.1)
    stand.configure(redis_url=valkey.url, **settings)
    await stand.start()


def limiter_of(gateway: Gateway) -> RedisLimiter:
    limiter = gateway._limiter  # pyright: ignore[reportPrivateUsage] - its state has no other door
    assert isinstance(limiter, RedisLimiter)
    return limiter


async def call(stand: Stand, key: str, url: str | None = None) -> httpx.Response:
    return await stand.http().post(
        f"{url or stand.url}/v1/chat/completions",
        json=BODY,
        headers={"authorization": f"Bearer {key}"},
    )


async def timed(stand: Stand, key: str) -> tuple[int, float]:
    client = stand.http()
    began = time.monotonic()
    answer = await client.post(
        "/v1/chat/completions", json=BODY, headers={"authorization": f"Bearer {key}"}
    )
    return answer.status_code, time.monotonic() - began


def settled(stand: Stand) -> bool:
    return limiter_of(stand.gateway).open_leases == 0


async def test_two_gateways_grant_a_limit_once(
    shared: Stand, valkey: Valkey, tmp_path: Path
) -> None:
    key = shared.builder.add_key(limits=Limits(requests_per_day=5, max_concurrency=8))
    shared.update()
    shared.builder.write(tmp_path / "second.bin")
    second = Gateway(
        msgspec.structs.replace(
            shared.settings,
            gateway_id="gateway-2",
            spool_dir=tmp_path / "second",
            snapshot_file=tmp_path / "second.bin",
        )
    )
    await second.start()
    try:
        urls = [shared.url, f"http://127.0.0.1:{second.port}"] * 4
        statuses = [(await call(shared, key, url)).status_code for url in urls]
    finally:
        await second.stop(0.1)
    assert statuses == [200] * 5 + [429] * 3


async def test_callers_without_limits_do_not_ask_the_server(shared: Stand, valkey: Valkey) -> None:
    valkey.stall()
    status, took = await timed(shared, shared.key)
    valkey.go_on()
    assert (status, limiter_of(shared.gateway).away) == (200, False)
    assert took < 1.0


@pytest.mark.alone
async def test_while_the_server_is_dead_each_gateway_grants_its_share(
    stand: Stand, valkey: Valkey
) -> None:
    await restart(stand, valkey, gateway_count=2)
    key = stand.builder.add_key(limits=Limits(requests_per_day=8))
    stand.update()
    assert (await call(stand, key)).status_code == 200
    await until(lambda: settled(stand))
    await limiter_of(stand.gateway).flush()
    valkey.kill()
    answers = [await timed(stand, key) for _ in range(6)]
    assert [status for status, _ in answers] == [200] * 4 + [429] * 2
    assert median(took for _, took in answers) < DEADLINE_S + SLACK_S
    assert max(took for _, took in answers) < 1.0
    limiter = limiter_of(stand.gateway)
    assert limiter.away
    assert "Redis is away" in (limiter.problem or "")

    await valkey.start()
    await until(lambda: not limiter.away)
    await limiter.flush()
    # The server forgot what it held; what was used without it has been told: 4 of 8.
    # A call that the server answers too late is counted here, where nothing is left either.
    statuses = [(await call(stand, key)).status_code for _ in range(10)]
    assert statuses.count(200) == 4
    assert statuses[-1] == 429


@pytest.mark.alone
@pytest.mark.parametrize(("mode", "status"), [("local", 200), ("open", 200), ("closed", 503)])
async def test_a_stalled_server_delays_no_call_beyond_the_deadline(
    stand: Stand, valkey: Valkey, mode: str, status: int
) -> None:
    await restart(stand, valkey, limits_degraded=mode)
    key = stand.builder.add_key(limits=Limits(requests_per_minute=100, max_concurrency=2))
    stand.update()
    assert (await call(stand, key)).status_code == 200
    await until(lambda: settled(stand))
    valkey.stall()
    answers = [await timed(stand, key) for _ in range(8)]
    assert [each for each, _ in answers] == [status] * 8
    assert median(took for _, took in answers) < DEADLINE_S + SLACK_S
    assert max(took for _, took in answers) < 1.0
    # After three failures nobody waits for it any more.
    assert min(took for _, took in answers[3:]) < DEADLINE_S
    limiter = limiter_of(stand.gateway)
    assert limiter.away

    valkey.go_on()
    await until(lambda: not limiter.away)
    await limiter.flush()
    # No reservation that was given up holds a place.
    answers = [await timed(stand, key) for _ in range(4)]
    assert [each for each, _ in answers] == [200] * 4
    assert limiter.open_leases <= 1


async def test_a_refusal_without_the_server_says_so_and_when_to_return(
    stand: Stand, valkey: Valkey
) -> None:
    await restart(stand, valkey, limits_degraded="closed")
    key = stand.builder.add_key(limits=Limits(requests_per_minute=100))
    stand.update()
    valkey.kill()
    answer = await call(stand, key)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "limiter_unavailable"
    assert answer.headers["retry-after"] == "1"
    assert (await call(stand, stand.key)).status_code == 200


async def test_a_client_that_leaves_while_waiting_holds_nothing(
    shared: Stand, valkey: Valkey, upstream: ScriptedUpstream
) -> None:
    key = shared.builder.add_key(limits=Limits(max_concurrency=1))
    shared.update()
    assert (await call(shared, key)).status_code == 200
    await until(lambda: settled(shared))
    valkey.stall()
    client = shared.http()
    with pytest.raises(httpx.ReadTimeout):
        await client.post(
            "/v1/chat/completions",
            json=BODY,
            headers={"authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(5.0, read=0.01),
        )
    valkey.go_on()
    async with asyncio.timeout(LEASE_S / 3):
        while (await call(shared, key)).status_code != 200:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)
    assert len(upstream.requests) <= 3


@pytest.mark.parametrize("several", [{"reuse_port": True}, {"gateway_count": 2}])
async def test_several_gateways_without_a_common_store_do_not_start(
    stand: Stand, several: dict[str, object]
) -> None:
    settings = msgspec.structs.replace(
        stand.settings, spool_dir=stand.directory / "other", **several
    )
    with pytest.raises(SharedLimitsError, match="MAINSPRING_REDIS_URL"):
        Gateway(settings)
    Gateway(msgspec.structs.replace(settings, limits="off")).spool.close()


async def test_a_fallbacks_limits_hold_over_redis_too(
    shared: Stand, upstream: ScriptedUpstream
) -> None:
    narrow, wide = Limits(requests_per_minute=1), Limits(requests_per_minute=100)
    server = shared.builder.add_upstream(upstream.url, "server")
    bad = shared.builder.add_model("bad", server, limits=wide)
    shared.builder.put(msgspec.structs.replace(bad, fallbacks=("first", "second")))
    shared.builder.add_model("first", server, limits=narrow)
    shared.builder.add_model("second", server, limits=narrow)
    shared.update()

    def script(request: ReceivedRequest) -> Reply | None:
        return Reply.failure(500) if request.json()["model"] == "bad" else None

    upstream.script_function = script

    async def ask() -> httpx.Response:
        headers = {"authorization": f"Bearer {shared.key}"}
        body = {**BODY, "model": "bad"}
        return await shared.http().post("/v1/chat/completions", json=body, headers=headers)

    found = [await ask() for _ in range(3)]
    assert [each.status_code for each in found] == [200, 200, 429]
    assert [each.json()["model"] for each in found[:2]] == ["first", "second"]
    await until(lambda: settled(shared))
