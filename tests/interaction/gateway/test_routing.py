"""Where calls go, over real sockets: strategies, releases, fallbacks, circuits, hedges."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from mainspring.snapshot.resources import Limits, Model, Price, Timeouts
from mainspring.snapshot.route_policy import Breaker, Release, Retry, Routing, Sticky
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand

BODY = {"messages": [{"role": "user", "content": "three words here"}]}


@pytest.fixture
async def second() -> AsyncIterator[ScriptedUpstream]:
    async with ScriptedUpstream(Reply(content="from the second")) as scripted:
        yield scripted


def lead(stand: Stand, name: str, *urls: str, timeouts: Timeouts | None = None) -> Model:
    """Add a model whose targets share one priority."""
    ups = [
        stand.builder.add_upstream(url, f"server-{number}", timeouts=timeouts)
        for number, url in enumerate(urls, 1)
    ]
    made = stand.builder.add_model(name, *ups)
    targets = tuple(msgspec.structs.replace(target, priority=0) for target in made.targets)
    return change(stand, made, targets=targets)


def change(stand: Stand, model: Model, **changes: object) -> Model:
    made = msgspec.structs.replace(model, **changes)
    stand.builder.put(made)
    stand.update()
    return made


async def ask(
    stand: Stand, model: str, headers: dict[str, str] | None = None, **fields: object
) -> httpx.Response:
    return await stand.http().post(
        "/v1/chat/completions", json={"model": model, **BODY, **fields}, headers=headers
    )


def words(answer: httpx.Response) -> str:
    return answer.json()["choices"][0]["message"]["content"]


async def test_answers_name_the_target_and_how_many_attempts_it_took(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = Reply.failure(500)
    first, other = stand.builder.add_upstream(upstream.url), stand.builder.add_upstream(second.url)
    stand.builder.add_model("pair", first, other)
    stand.update()
    answer = await ask(stand, "pair")
    assert answer.headers["x-mainspring-target"] == "scripted"
    assert answer.headers["x-mainspring-attempts"] == "2"
    [record] = await stand.recorded()
    assert record.decision is not None
    failed, served = record.decision.attempts
    assert (failed.chosen, failed.result, failed.cause) == (0, "500", "first")
    assert (served.chosen, served.result, served.cause) == (1, "ok", "retry")
    assert [each.excluded for each in failed.candidates] == [None, "later_priority"]
    assert [each.excluded for each in served.candidates] == ["tried", None]


async def test_a_call_without_a_choice_ships_no_decision(stand: Stand) -> None:
    assert (await ask(stand, "scripted")).status_code == 200
    [record] = await stand.recorded()
    assert record.decision is None
    assert (record.fallback_from, record.track) == (None, "stable")


async def test_an_alias_leads_to_its_model_and_a_name_goes_first(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    lead(stand, "old-name", second.url)
    change(stand, lead(stand, "new-name", upstream.url), aliases=("old-name", "nickname"))
    assert words(await ask(stand, "old-name")) == "from the second"
    assert (await ask(stand, "nickname")).status_code == 200
    [_, record] = await stand.recorded(2)
    assert record.model == "new-name"


async def test_a_fallback_model_answers_when_every_target_failed(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = Reply.failure(500)
    change(stand, lead(stand, "best", upstream.url), fallbacks=("gone", "best", "spare"))
    change(stand, lead(stand, "spare", second.url), fallbacks=("best",))
    answer = await ask(stand, "best")
    assert words(answer) == "from the second"
    [record] = await stand.recorded()
    assert (record.model, record.fallback_from, record.attempts) == ("spare", "best", 2)
    assert record.decision is not None
    assert [(note.model, note.cause) for note in record.decision.attempts] == [
        ("best", "first"),
        ("spare", "fallback"),
    ]
    metrics = (await stand.http().get("/metrics")).text
    assert 'mainspring_gateway_fallbacks_total{model="best"} 1' in metrics


async def test_a_circle_of_fallbacks_ends(stand: Stand, upstream: ScriptedUpstream) -> None:
    upstream.default = Reply.failure(500)
    change(stand, lead(stand, "a", upstream.url), fallbacks=("b",))
    change(stand, lead(stand, "b", upstream.url), fallbacks=("a",))
    assert (await ask(stand, "a")).status_code == 500
    assert len(upstream.requests) == 2


async def test_a_fallback_that_the_key_may_not_use_is_no_fallback(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = Reply.failure(500)
    change(stand, lead(stand, "best", upstream.url), fallbacks=("spare",))
    lead(stand, "spare", second.url)
    stand.key = stand.builder.add_key(models=["best"])
    stand.update()
    assert (await ask(stand, "best")).status_code == 500
    assert second.requests == []


async def test_a_fallback_of_unknown_price_does_not_spend_from_a_budget(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = Reply.failure(500)
    price = Price(input=1_000, output=1_000)
    best = lead(stand, "best", upstream.url)
    change(stand, best, fallbacks=("spare",), price=price)
    spare = lead(stand, "spare", second.url)
    stand.key = stand.builder.add_key(limits=Limits(budget_per_day=10**12))
    stand.update()
    assert (await ask(stand, "best")).status_code == 500
    assert second.requests == []
    change(stand, spare, price=price)
    assert (await ask(stand, "best")).status_code == 200


@pytest.mark.parametrize("stream", [False, True])
async def test_when_everything_failed_the_owners_text_is_answered_and_marked(
    stand: Stand, upstream: ScriptedUpstream, stream: bool
) -> None:
    upstream.default = Reply.failure(503)
    model = lead(stand, "best", upstream.url)
    change(stand, model, routing=Routing(degraded_text="please come back later"))
    answer = await ask(stand, "best", stream=stream)
    assert (answer.status_code, answer.headers["x-mainspring-degraded"]) == (200, "true")
    assert "please come back later" in answer.text
    [record] = await stand.recorded()
    assert (record.outcome, record.usage.total) == ("degraded", 0)
    assert record.decision is not None
    assert record.decision.degraded


async def test_what_the_caller_did_wrong_is_never_answered_by_that_text(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply.failure(400)
    model = lead(stand, "best", upstream.url)
    change(stand, model, routing=Routing(degraded_text="please come back later"))
    assert (await ask(stand, "best")).status_code == 400


async def test_a_circuit_opens_probes_once_and_closes(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply.failure(500)
    breaker = Breaker(min_samples=4, error_share=0.5, open_s=1.5)
    change(stand, lead(stand, "frail", upstream.url), routing=Routing(breaker=breaker))
    for _ in range(4):
        assert (await ask(stand, "frail")).status_code == 500
    refused = await ask(stand, "frail")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "overloaded")
    assert int(refused.headers["retry-after"]) >= 1
    assert len(upstream.requests) == 4
    metrics = (await stand.http().get("/metrics")).text
    assert 'mainspring_gateway_target_circuit{upstream="server-1",model="frail"} 2' in metrics

    upstream.default = Reply(stall_before_headers=True)
    answers: list[asyncio.Future[tuple[httpx.Response]]] = []

    async def probed() -> None:
        while len(upstream.requests) < 5:
            answer = asyncio.gather(ask(stand, "frail"))
            answers.append(answer)
            await asyncio.wait({answer}, timeout=0.05)

    async with asyncio.timeout(5):
        await probed()
    beside = await ask(stand, "frail")
    assert beside.status_code == 503
    upstream.default = Reply()
    upstream.release()
    statuses = [each.status_code for [each] in await asyncio.gather(*answers)]
    assert sorted(statuses) == [200, *[503] * (len(statuses) - 1)]
    assert (await ask(stand, "frail")).status_code == 200
    metrics = (await stand.http().get("/metrics")).text
    assert 'mainspring_gateway_target_circuit{upstream="server-1",model="frail"} 0' in metrics


async def test_a_failed_probe_opens_the_circuit_again(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply.failure(500)
    breaker = Breaker(min_samples=2, open_s=1.5)
    change(stand, lead(stand, "frail", upstream.url), routing=Routing(breaker=breaker))
    async with asyncio.timeout(10):
        while len(upstream.requests) < 3:
            await ask(stand, "frail")
    assert (await ask(stand, "frail")).status_code == 503
    assert len(upstream.requests) == 3


async def test_retry_after_is_obeyed_while_another_target_serves(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = Reply.rate_limited(30)
    builder = stand.builder
    builder.add_model("pair", builder.add_upstream(upstream.url), builder.add_upstream(second.url))
    stand.update()
    for _ in range(3):
        assert words(await ask(stand, "pair")) == "from the second"
    assert len(upstream.requests) == 1
    records = await stand.recorded(3)
    assert records[-1].attempts == 1
    assert records[-1].decision is not None
    [note] = records[-1].decision.attempts
    assert note.candidates[0].excluded == "cooling_down"


async def test_a_target_that_keeps_failing_is_set_aside_but_never_all(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = Reply.failure(500)
    model = lead(stand, "pair", upstream.url, second.url)
    policy = Breaker(min_samples=1000, eject_after=2, open_s=60.0)
    change(stand, model, routing=Routing(strategy="priority", breaker=policy))
    for _ in range(4):
        assert (await ask(stand, "pair")).status_code == 200
    assert len(upstream.requests) == 2
    second.default = Reply.failure(500)
    for _ in range(4):
        assert (await ask(stand, "pair")).status_code == 500
    assert len(second.requests) > 4


async def test_the_policy_says_which_statuses_go_elsewhere(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = Reply.failure(500)
    model = lead(stand, "pair", upstream.url, second.url)
    routing = Routing(strategy="priority", retry=Retry(statuses=(503,)))
    change(stand, model, routing=routing)
    assert (await ask(stand, "pair")).status_code == 500
    upstream.default = Reply.failure(503)
    assert (await ask(stand, "pair")).status_code == 200


async def test_silence_goes_elsewhere_only_where_the_policy_allows_it(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = Reply(stall_before_headers=True)
    hasty = Timeouts(first_byte_s=0.2)
    model = lead(stand, "pair", upstream.url, second.url, timeouts=hasty)
    model = change(stand, model, routing=Routing(strategy="priority"))
    assert words(await ask(stand, "pair")) == "from the second"
    change(stand, model, routing=Routing(strategy="priority", retry=Retry(on_timeout=False)))
    assert (await ask(stand, "pair")).status_code == 504


@pytest.mark.alone
async def test_one_deadline_holds_for_all_attempts(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = Reply(stall_before_headers=True)
    second.default = Reply(stall_before_headers=True)
    hasty = Timeouts(first_byte_s=1.5)
    model = lead(stand, "pair", upstream.url, second.url, timeouts=hasty)
    retry = Retry(deadline_s=1.8)
    change(stand, model, routing=Routing(strategy="priority", retry=retry))
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert (await ask(stand, "pair")).status_code == 504
    assert loop.time() - began < 2.9  # two attempts by their own bounds take 3.0
    assert len(second.requests) == 1


async def test_the_only_target_is_asked_again_where_the_policy_says_so(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply.failure(500))
    retry = Retry(same_target_after_ms=20)
    change(stand, lead(stand, "alone", upstream.url), routing=Routing(retry=retry))
    answer = await ask(stand, "alone")
    assert (answer.status_code, answer.headers["x-mainspring-attempts"]) == (200, "2")
    [record] = await stand.recorded()
    assert record.decision is not None
    assert record.decision.attempts[1].cause == "again"


@pytest.mark.parametrize("stream", [False, True])
async def test_a_hedge_answers_and_the_slower_attempt_is_cancelled_and_not_billed(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream, stream: bool
) -> None:
    upstream.default = Reply(stall_before_headers=True)
    model = lead(stand, "pair", upstream.url, second.url)
    change(stand, model, routing=Routing(strategy="priority", hedge_after_ms=50))
    answer = await ask(stand, "pair", stream=stream)
    assert "second" in answer.text
    assert answer.headers["x-mainspring-target"] == "server-2"
    [slow] = upstream.requests
    await slow.wait_settled()
    assert slow.client_closed
    [record] = await stand.recorded()
    assert (record.outcome, record.attempts) == ("ok", 2)
    assert record.usage.output == second.served.completion_tokens
    assert record.decision is not None
    assert [note.result for note in record.decision.attempts] == ["cancelled", "ok"]
    metrics = (await stand.http().get("/metrics")).text
    assert 'mainspring_gateway_hedges_total{result="won"} 1' in metrics


async def test_a_hedge_that_fails_leaves_the_first_attempt_alone(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = Reply(stall_before_headers=True, content="slow but good")
    second.default = Reply.failure(500)
    model = lead(stand, "pair", upstream.url, second.url)
    change(stand, model, routing=Routing(strategy="priority", hedge_after_ms=20))
    asking = asyncio.gather(ask(stand, "pair"))
    [hedge] = await second.received(1)
    await hedge.wait_settled()
    upstream.release()
    [answer] = await asking
    assert words(answer) == "slow but good"


async def test_a_client_that_leaves_ends_both_attempts_of_a_hedge(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = second.default = Reply(stall_before_headers=True)
    model = lead(stand, "pair", upstream.url, second.url)
    change(stand, model, routing=Routing(strategy="priority", hedge_after_ms=20))
    asking = asyncio.gather(ask(stand, "pair"))
    await second.received(1)
    asking.cancel()
    for request in (*upstream.requests, *second.requests):
        await request.wait_settled()
        assert request.client_closed
    [record] = await stand.recorded()
    assert record.outcome == "client_closed"


async def test_the_header_pins_a_track_only_where_the_release_allows_it(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    model = lead(stand, "app", upstream.url, second.url)
    stable, canary = model.targets
    canary = msgspec.structs.replace(canary, track="canary")
    model = change(stand, model, targets=(stable, canary), release=Release(pin_header=True))
    pinned = {"x-routing-strategy": "canary"}
    assert words(await ask(stand, "app", pinned)) == "from the second"
    [record] = await stand.recorded()
    assert record.track == "canary"
    assert words(await ask(stand, "app")) != "from the second"
    change(stand, model, release=Release())
    assert words(await ask(stand, "app", pinned)) != "from the second"


async def test_callers_of_a_release_group_get_the_canary(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    model = lead(stand, "app", upstream.url, second.url)
    stable, canary = model.targets
    canary = msgspec.structs.replace(canary, track="canary")
    tester = stand.builder.add_key(name="tester")
    stand.update()
    key = stand.gateway.table.find_key(tester)
    assert key is not None
    release = Release(canary_subjects=(key.id,))
    change(stand, model, targets=(stable, canary), release=release)
    assert words(await ask(stand, "app")) != "from the second"
    stand.key = tester
    assert words(await ask(stand, "app")) == "from the second"


async def test_a_shadow_gets_a_copy_and_changes_nothing(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    second.default = Reply.failure(500)
    model = lead(stand, "app", upstream.url, second.url)
    stable, shadow = model.targets
    shadow = msgspec.structs.replace(shadow, track="shadow", upstream_model="app-next")
    change(stand, model, targets=(stable, shadow))
    answer = await ask(stand, "app")
    assert answer.headers["x-mainspring-attempts"] == "1"
    [copy] = await second.received(1)
    assert copy.json() == {"model": "app-next", **BODY}
    [record] = await stand.recorded()
    assert record.upstream_model == "app"
    await copy.wait_settled()
    metrics = (await stand.http().get("/metrics")).text
    assert "mainspring_gateway_shadow_calls_total" in metrics


async def test_a_session_stays_on_its_server(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    model = lead(stand, "app", upstream.url, second.url)
    change(stand, model, routing=Routing(strategy="sticky", sticky=Sticky(by="header")))
    for session in range(24):
        targets = {
            (await ask(stand, "app", {"x-session-id": f"s{session}"})).headers[
                "x-mainspring-target"
            ]
            for _ in range(2)
        }
        assert len(targets) == 1
    assert upstream.requests
    assert second.requests


async def test_a_region_is_demanded_by_header_where_the_model_allows_it(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    model = lead(stand, "app", upstream.url, second.url)
    here, there = model.targets
    targets = (
        msgspec.structs.replace(here, region="eu", tags=("gpu",)),
        msgspec.structs.replace(there, region="us"),
    )
    change(stand, model, targets=targets, routing=Routing(client_hints=True))
    assert words(await ask(stand, "app", {"x-mainspring-region": "us"})) == "from the second"
    nowhere = await ask(stand, "app", {"x-mainspring-region": "mars"})
    assert (nowhere.status_code, nowhere.json()["error"]["code"]) == (400, "invalid_request")
    tagged = await ask(stand, "app", {"x-mainspring-tags": "gpu"})
    assert tagged.headers["x-mainspring-target"] == "server-1"


async def test_a_target_may_serve_one_task_only(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    model = lead(stand, "app", upstream.url, second.url)
    chat, embed = model.targets
    targets = (
        msgspec.structs.replace(chat, tasks=("chat",)),
        msgspec.structs.replace(embed, tasks=("embedding",)),
    )
    change(stand, model, targets=targets)
    for _ in range(3):
        assert (await ask(stand, "app")).headers["x-mainspring-target"] == "server-1"
    answer = await stand.http().post("/v1/embeddings", json={"model": "app", "input": "x"})
    assert answer.headers["x-mainspring-target"] == "server-2"


@pytest.mark.parametrize("stream", [False, True])
async def test_a_target_that_drips_is_cut_off_by_the_total_deadline(
    stand: Stand, upstream: ScriptedUpstream, stream: bool
) -> None:
    upstream.default = Reply(drip_s=0.1)
    lead(stand, "slow", upstream.url, timeouts=Timeouts(total_s=0.5))
    answer = await ask(stand, "slow", stream=stream)
    assert "upstream_timeout" in answer.text
    [request] = upstream.requests
    await request.wait_settled()
    [record] = await stand.recorded()
    assert record.outcome == "upstream_timeout"


async def test_a_stream_that_stalls_ends_with_a_typed_error(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply(stall_after_chunks=2)
    lead(stand, "slow", upstream.url, timeouts=Timeouts(idle_s=0.3))
    answer = await ask(stand, "slow", stream=True)
    assert answer.status_code == 200
    assert "upstream_timeout" in answer.text.strip().split("\n\n")[-1]


async def test_a_keep_alive_connection_closed_under_us_costs_nothing(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply(close_after=True)
    for _ in range(4):
        assert (await ask(stand, "scripted")).status_code == 200
        upstream.drop_connections()
    records = await stand.recorded(4)
    assert {record.attempts for record in records} == {1}


async def test_a_change_of_the_upstream_forgets_its_circuit(
    stand: Stand, upstream: ScriptedUpstream, second: ScriptedUpstream
) -> None:
    upstream.default = Reply.failure(500)
    breaker = Breaker(min_samples=2, open_s=60.0)
    change(stand, lead(stand, "frail", upstream.url), routing=Routing(breaker=breaker))
    for _ in range(2):
        await ask(stand, "frail")
    assert (await ask(stand, "frail")).status_code == 503
    [old] = [each for each in stand.gateway.table.upstreams.values() if each.name == "server-1"]
    stand.builder.put(msgspec.structs.replace(old, base_url=second.url))
    stand.update()
    assert words(await ask(stand, "frail")) == "from the second"
