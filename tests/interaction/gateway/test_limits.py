"""Limits by every subject and period, budgets, and what a gateway remembers of them."""

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import httpx
import msgspec

from mainspring.snapshot.resources import Limits, Price, Project
from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand, until

BODY = {
    "model": "scripted",
    "messages": [{"role": "user", "content": "three words here"}],
    "max_tokens": 10,
}
PRICE = Price(input=1_000_000_000, output=10_000_000_000)
"""1,000 nanos for a token of the prompt, 10,000 for one of the answer."""


async def call(stand: Stand, key: str, **changes: object) -> httpx.Response:
    return await stand.http().post(
        "/v1/chat/completions", json=BODY | changes, headers={"authorization": f"Bearer {key}"}
    )


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def priced(stand: Stand, price: Price | None = PRICE, name: str = "scripted") -> None:
    model = stand.gateway.table.find_model(name, "")
    assert model is not None
    stand.builder.put(msgspec.structs.replace(model, price=price))


async def test_a_day_and_a_month_are_counted_in_calls_and_tokens(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    key = stand.builder.add_key(limits=Limits(requests_per_day=2, tokens_per_month=10_000))
    stand.update()
    upstream.default = Reply(tokens=4, prompt_tokens=6)
    first = await call(stand, key)
    assert first.headers["x-ratelimit-limit-requests"] == "2"
    assert first.headers["x-ratelimit-remaining-requests"] == "1"
    assert first.headers["x-ratelimit-limit-tokens"] == "10000"
    assert (await call(stand, key)).status_code == 200
    answer = await call(stand, key)
    assert told(answer) == (429, "rate_limit_exceeded")
    assert "API key's limit of 2 requests per day" in answer.json()["error"]["message"]
    assert 0 < int(answer.headers["retry-after"]) <= 86_400
    assert int(answer.headers["retry-after-ms"]) <= int(answer.headers["retry-after"]) * 1000


async def test_a_second_is_counted(stand: Stand) -> None:
    key = stand.builder.add_key(limits=Limits(requests_per_second=1))
    stand.update()
    answers = [await call(stand, key) for _ in range(3)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert "1 requests per second" in refused[0].json()["error"]["message"]
    assert int(refused[0].headers["retry-after-ms"]) <= 2000


async def test_each_user_has_limits_of_its_own(stand: Stand) -> None:
    organization = stand.builder.add_organization(user_limits=Limits(requests_per_day=1))
    project = stand.builder.add_project(organization)
    one, other = stand.builder.add_key(project), stand.builder.add_key(project)
    stand.update()
    assert [(await call(stand, key)).status_code for key in (one, other)] == [200, 200]
    answer = await call(stand, one)
    assert "the user's limit of 1 requests per day" in answer.json()["error"]["message"]


async def test_a_user_is_limited_within_a_project(stand: Stand) -> None:
    project = stand.builder.add_project()
    stand.builder.put(msgspec.structs.replace(project, user_limits=Limits(requests_per_minute=1)))
    key = stand.builder.add_key(project)
    stand.update()
    assert [(await call(stand, key)).status_code for _ in range(2)] == [200, 429]


async def test_a_model_is_limited_over_all_keys_and_for_each(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    server = stand.builder.add_upstream(upstream.url, "second")
    stand.builder.add_model(
        "rare",
        server,
        limits=Limits(requests_per_minute=3),
        key_limits=Limits(requests_per_minute=2),
    )
    one, other = stand.builder.add_key(), stand.builder.add_key()
    stand.update()
    answers = [await call(stand, key, model="rare") for key in (one, one, one, other, other)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200, 429]
    assert "API key for this model's limit of 2" in answers[2].json()["error"]["message"]
    assert "the model's limit of 3" in answers[4].json()["error"]["message"]
    assert (await call(stand, one)).status_code == 200


async def test_limits_that_change_hold_from_the_next_request(stand: Stand) -> None:
    key = stand.builder.add_key(limits=Limits(requests_per_day=1))
    stand.update()
    assert [(await call(stand, key)).status_code for _ in range(2)] == [200, 429]
    resource = stand.gateway.table.find_key(key)
    assert resource is not None
    stand.builder.put(msgspec.structs.replace(resource, limits=Limits(requests_per_day=2)))
    stand.update()
    assert [(await call(stand, key)).status_code for _ in range(2)] == [200, 429]


async def test_what_a_call_cost_is_recorded_by_the_upstreams_own_usage(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    priced(stand, msgspec.structs.replace(PRICE, cached_input=1_000_000, currency="CNY"))
    stand.update()
    upstream.default = Reply(tokens=4, prompt_tokens=30, cached_tokens=10)
    assert (await call(stand, stand.key)).status_code == 200
    [record] = await stand.recorded()
    assert (record.cost_nanos, record.currency) == (20 * 1000 + 10 + 4 * 10_000, "CNY")


async def test_a_budget_reserves_the_most_and_settles_what_was_used(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    # One call reserves some 30,000 for its prompt and 100,000 for ten tokens; it costs 26,000.
    priced(stand)
    key = stand.builder.add_key(limits=Limits(budget_per_day=180_000))
    stand.update()
    upstream.default = Reply(tokens=2, prompt_tokens=6)
    upstream.then(Reply(tokens=2, prompt_tokens=6, stall_before_headers=True))
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(call(stand, key))
        await until(lambda: len(upstream.requests) == 1)
        refused = await call(stand, key)
        upstream.release()
    assert told(refused) == (429, "budget_exceeded")
    assert refused.json()["error"]["type"] == "insufficient_quota"
    assert "budget of 0.00018 USD per day" in refused.json()["error"]["message"]
    assert waiting.result().status_code == 200
    served = 1
    while (answer := await call(stand, key)).status_code == 200:
        served += 1
    assert told(answer) == (429, "budget_exceeded")
    # Refused is what might not fit, at the latest when a call's reservation exceeds what is left.
    spent = sum(record.cost_nanos or 0 for record in stand.records())
    assert spent == served * 26_000
    assert 180_000 - 150_000 < spent <= 180_000


async def test_a_model_without_a_price_is_refused_by_a_budget_or_marked(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    strict = stand.builder.add_key(limits=Limits(budget_per_month=10**9))
    easy = stand.builder.add_key(limits=Limits(budget_per_month=10**9, unpriced="allow"))
    stand.update()
    assert told(await call(stand, strict)) == (403, "price_unknown")
    assert upstream.requests == []
    assert (await call(stand, easy)).status_code == 200
    [record] = await stand.recorded()
    assert (record.cost_nanos, record.currency) == (None, None)
    priced(stand, msgspec.structs.replace(PRICE, currency="EUR"))
    stand.update()
    assert told(await call(stand, strict)) == (403, "price_unknown")


async def test_a_fallback_is_charged_at_its_own_price_and_not_taken_where_it_has_none(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    nowhere = stand.builder.add_upstream("http://127.0.0.1:1", "nowhere")
    broken = stand.builder.add_model("broken", nowhere, price=PRICE)
    stand.builder.put(msgspec.structs.replace(broken, fallbacks=("scripted",)))
    key = stand.builder.add_key(limits=Limits(budget_per_day=10**9))
    stand.update()
    assert (await call(stand, key, model="broken")).status_code >= 500
    assert upstream.requests == []
    assert (await call(stand, stand.key, model="broken")).status_code == 200

    priced(stand, msgspec.structs.replace(PRICE, output=0))
    stand.update()
    upstream.default = Reply(tokens=2, prompt_tokens=6)
    assert (await call(stand, key, model="broken")).status_code == 200
    record = stand.records()[-1]
    assert (record.model, record.cost_nanos) == ("scripted", 6_000)


async def test_anthropic_clients_are_told_in_their_own_headers(stand: Stand) -> None:
    limits = Limits(requests_per_minute=2, tokens_per_minute=1000, requests_per_day=1)
    key = stand.builder.add_key(limits=limits)
    stand.update()
    client = stand.http()
    del client.headers["authorization"]
    headers = {"x-api-key": key}
    first = await client.post("/v1/messages", json=BODY, headers=headers)
    assert first.status_code == 200
    assert first.headers["anthropic-ratelimit-requests-limit"] == "2"
    assert first.headers["anthropic-ratelimit-requests-remaining"] == "1"
    assert first.headers["anthropic-ratelimit-tokens-limit"] == "1000"
    reset = datetime.fromisoformat(first.headers["anthropic-ratelimit-tokens-reset"])
    assert 0 < reset.timestamp() - time.time() < 130
    assert not [name for name in first.headers if name.startswith("x-ratelimit")]
    second = await client.post("/v1/messages", json=BODY, headers=headers)
    assert (second.status_code, second.json()["error"]["type"]) == (429, "rate_limit_error")
    assert int(second.headers["retry-after"]) > 0


async def fails(pending: Awaitable[httpx.Response]) -> bool:
    try:
        await pending
    except httpx.HTTPError:
        return True
    return False


@asynccontextmanager
async def gateway_process(
    directory: Path,
) -> AsyncGenerator[tuple[asyncio.subprocess.Process, str]]:
    arguments = ["--snapshot", "snapshot.bin", "--spool", "spool", "--limits-file", "limits.bin"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mainspring.gateway", *arguments, "--port", "0",
        cwd=directory,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            ready = await process.stdout.readline()
        yield process, f"http://127.0.0.1:{int(ready.split()[1])}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_days_use_survives_kill_9_and_a_calls_reservation_does_not(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    builder = SnapshotBuilder()
    project: Project = builder.add_project(limits=Limits(requests_per_day=5, budget_per_day=10**6))
    key = builder.add_key(project)
    builder.add_model("scripted", builder.add_upstream(upstream.url), price=PRICE)
    builder.write(tmp_path / "snapshot.bin")
    headers = {"authorization": f"Bearer {key}"}
    upstream.default = Reply(tokens=2, prompt_tokens=6)

    async with gateway_process(tmp_path) as (process, url), httpx.AsyncClient(timeout=20) as client:
        route = f"{url}/v1/chat/completions"
        for _ in range(2):
            assert (await client.post(route, json=BODY, headers=headers)).status_code == 200
        upstream.then(Reply(stall_before_headers=True))
        async with asyncio.TaskGroup() as group:
            hanging = group.create_task(fails(client.post(route, json=BODY, headers=headers)))
            await until(lambda: len(upstream.requests) == 3)
            process.kill()
        assert hanging.result()

    async with gateway_process(tmp_path) as (_, url), httpx.AsyncClient(timeout=20) as client:
        route = f"{url}/v1/chat/completions"
        answers = [await client.post(route, json=BODY, headers=headers) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert re.search("5 requests per day", answers[3].json()["error"]["message"])
