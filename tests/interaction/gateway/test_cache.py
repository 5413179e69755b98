"""The answer cache over real sockets: what is found in it, who shares it, what it counts."""

import asyncio
import json
import time
from typing import Any

import httpx
import msgspec
import pytest
from anthropic import AsyncAnthropic

from mainspring.snapshot.policy_rules import CacheRule, ParameterRule
from mainspring.snapshot.resources import Limits, Price, Project
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand, until

BODY: dict[str, Any] = {
    "model": "scripted",
    "messages": [{"role": "user", "content": "what is a mainspring"}],
    "temperature": 0,
}
CACHE = "x-mainspring-cache"


def cached(stand: Stand, *, project: Project | None = None, **rule: object) -> None:
    stand.builder.add_policy(cache=msgspec.convert(rule, CacheRule), project=project)
    stand.update()


async def ask(
    stand: Stand,
    path: str = "/v1/chat/completions",
    *,
    key: str | None = None,
    control: str | None = None,
    **fields: object,
) -> httpx.Response:
    headers = {"authorization": f"Bearer {key or stand.key}"}
    if control is not None:
        headers["cache-control"] = control
    return await stand.http().post(path, json=BODY | fields, headers=headers)


async def test_without_a_policy_nothing_is_kept(stand: Stand, upstream: ScriptedUpstream) -> None:
    answers = [await ask(stand) for _ in range(2)]
    assert all(CACHE not in answer.headers for answer in answers)
    assert len(upstream.requests) == 2


async def test_the_same_question_is_answered_again_without_its_server(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand)
    first = await ask(stand, user="a")
    # Neither the order of members nor who the end user is makes it another question.
    again = await stand.http().post(
        "/v1/chat/completions", content=json.dumps(dict(reversed((BODY | {"user": "b"}).items())))
    )
    assert first.headers[CACHE] == "miss"
    assert again.headers[CACHE] == "hit"
    assert 0 <= int(again.headers["age"]) < 5
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert len(upstream.requests) == 1


async def test_a_hit_is_recorded_with_what_it_saved_and_no_use(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    model = stand.gateway.table.find_model("scripted", "")
    assert model is not None
    price = Price(input=1_000_000_000, output=2_000_000_000)
    stand.builder.put(msgspec.structs.replace(model, price=price))
    cached(stand)
    upstream.default = Reply(tokens=3, prompt_tokens=5)
    await ask(stand)
    hit = await ask(stand)
    made, found = await stand.recorded(2)
    assert (made.cache, made.saved_nanos, made.cost_nanos) == (None, None, 11_000)
    assert (found.cache, found.saved_nanos, found.cost_nanos) == ("exact", 11_000, 0)
    assert (found.usage.total, found.attempts, found.upstream_id) == (0, 0, None)
    assert (found.outcome, found.status, found.org_id) == ("ok", 200, made.org_id)
    assert hit.headers["x-request-id"] == found.request_id


async def test_hits_count_against_limits_of_requests_and_not_of_tokens(stand: Stand) -> None:
    cached(stand)
    key = stand.builder.add_key(limits=Limits(requests_per_day=3, tokens_per_day=1000))
    stand.update()
    answers = [await ask(stand, key=key) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[1].headers["x-ratelimit-remaining-requests"] == "1"
    left = [int(answer.headers["x-ratelimit-remaining-tokens"]) for answer in answers[1:3]]
    assert left[0] == left[1]


async def test_what_bears_on_the_answer_makes_it_another_question(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand)
    others: list[dict[str, Any]] = [
        {},
        {"max_tokens": 7},
        {"messages": [{"role": "user", "content": "what is a spring"}]},
        {"seed": 1},
        {"tools": [{"type": "function", "function": {"name": "f"}}]},
    ]
    for fields in others:
        assert (await ask(stand, **fields)).headers[CACHE] == "miss"
    assert (await ask(stand, "/v1/messages", max_tokens=7)).headers[CACHE] == "miss"
    assert len(upstream.requests) == len(others) + 1


async def test_a_tenant_never_gets_another_tenants_answer(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand, scope="project")
    organization = stand.builder.add_organization("one")
    projects = [
        stand.builder.add_project(organization),
        stand.builder.add_project(organization),
        stand.builder.add_project(),
    ]
    keys = [stand.builder.add_key(project) for project in projects]
    stand.update()
    for key in keys:
        assert (await ask(stand, key=key)).headers[CACHE] == "miss"
    same = stand.builder.add_key(projects[0])
    stand.update()
    assert (await ask(stand, key=same)).headers[CACHE] == "hit"
    assert len(upstream.requests) == 3


async def test_keys_and_users_may_have_answers_of_their_own(stand: Stand) -> None:
    cached(stand, scope="key")
    other = stand.builder.add_key()
    stand.update()
    await ask(stand)
    assert (await ask(stand, key=other)).headers[CACHE] == "miss"
    assert (await ask(stand, key=other)).headers[CACHE] == "hit"
    cached(stand, scope="user")
    assert (await ask(stand, user="ann")).headers[CACHE] == "miss"
    assert (await ask(stand, user="ann")).headers[CACHE] == "hit"
    assert (await ask(stand, user="bob")).headers[CACHE] == "miss"


async def test_what_has_no_one_answer_passes_the_cache_by(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand)
    uncertain: tuple[dict[str, Any], ...] = (
        {"temperature": 0.5},
        {"temperature": None},
        {"temperature": "0"},
    )
    for fields in uncertain:
        answers = [await ask(stand, **fields) for _ in range(2)]
        assert [answer.headers[CACHE] for answer in answers] == ["bypass", "bypass"], fields
    assert len(upstream.requests) == 6
    stand.builder.add_policy(ParameterRule(name="temperature", force=0))
    stand.update()
    assert (await ask(stand, temperature=0.5)).headers[CACHE] == "miss"
    hit = await ask(stand, temperature=0.9)
    assert hit.headers[CACHE] == "hit"
    assert hit.headers["x-mainspring-adjusted-params"] == "temperature"


async def test_cache_control_is_heeded(stand: Stand, upstream: ScriptedUpstream) -> None:
    cached(stand)
    nothing = await ask(stand, control="only-if-cached")
    assert (nothing.status_code, nothing.json()["error"]["code"]) == (504, "not_cached")
    assert (await ask(stand, control="no-store")).headers[CACHE] == "miss"
    assert (await ask(stand)).headers[CACHE] == "miss"
    assert (await ask(stand, control="only-if-cached")).headers[CACHE] == "hit"
    assert (await ask(stand, control="no-store")).headers[CACHE] == "hit"
    assert (await ask(stand, control="No-Cache")).headers[CACHE] == "miss"
    assert (await ask(stand, control="max-age=60")).headers[CACHE] == "hit"
    assert (await ask(stand, control="max-age=0")).headers[CACHE] == "miss"
    assert len(upstream.requests) == 4


async def test_an_answer_has_its_time(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    cached(stand, ttl_s=60)
    await ask(stand)
    stand.builder.add_policy(cache=CacheRule(ttl_s=1))
    stand.update()
    assert (await ask(stand)).headers[CACHE] == "hit"
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 2)
    assert (await ask(stand)).headers[CACHE] == "miss"


@pytest.mark.parametrize("reply", [Reply.failure(400), Reply(tokens=9, reset_after_chunks=3)])
async def test_only_whole_successful_answers_are_kept(
    stand: Stand, upstream: ScriptedUpstream, reply: Reply
) -> None:
    cached(stand)
    upstream.then(reply)
    await ask(stand, stream=True)
    good = await ask(stand, stream=True)
    assert (good.status_code, good.headers[CACHE]) == (200, "miss")
    assert len(upstream.requests) == 2


async def test_a_client_that_leaves_leaves_nothing_in_the_cache(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand)
    upstream.then(Reply(tokens=30, stall_after_chunks=3))
    async with (
        httpx.AsyncClient(base_url=stand.url) as client,
        client.stream(
            "POST",
            "/v1/chat/completions",
            json=BODY | {"stream": True},
            headers={"authorization": f"Bearer {stand.key}"},
        ) as answer,
    ):
        await answer.aiter_raw().__anext__()
    [record] = await stand.recorded()
    assert record.outcome == "client_closed"
    await until(lambda: upstream.open_connections == 0)
    assert (await ask(stand, stream=True)).headers[CACHE] == "miss"


async def test_an_answer_that_is_too_large_is_not_kept(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand, max_bytes=300)
    upstream.default = Reply(tokens=500)
    answers = [await ask(stand) for _ in range(2)]
    assert [answer.headers[CACHE] for answer in answers] == ["miss", "miss"]
    assert answers[1].json()["usage"]["completion_tokens"] == 500


async def test_of_calls_that_ask_the_same_at_once_one_is_made(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand)
    upstream.default = Reply(stall_before_headers=True)

    async def release() -> None:
        await upstream.received(1)
        await until(lambda: stand.gateway.table.version > 0)
        upstream.release()

    *answers, _ = await asyncio.gather(*(ask(stand) for _ in range(8)), release())
    marks = sorted(answer.headers[CACHE] for answer in answers if answer is not None)
    assert marks == ["hit"] * 7 + ["miss"]
    assert len({answer.content for answer in answers if answer is not None}) == 1
    assert len(upstream.requests) == 1


async def test_when_the_one_that_is_made_fails_the_next_is_made(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand)
    upstream.then(Reply(status=400, stall_before_headers=True))

    async def release() -> None:
        await upstream.received(1)
        upstream.release()

    *answers, _ = await asyncio.gather(*(ask(stand) for _ in range(4)), release())
    statuses = sorted(answer.status_code for answer in answers if answer is not None)
    assert statuses == [200, 200, 200, 400]
    assert len(upstream.requests) == 2


async def test_one_answer_serves_both_forms_for_the_openai_client(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand)
    upstream.default = Reply(content="wound by hand", prompt_tokens=5)
    client = stand.openai()
    whole = await client.chat.completions.create(
        model="scripted", messages=BODY["messages"], temperature=0
    )
    stream = await client.chat.completions.create(
        model="scripted",
        messages=BODY["messages"],
        temperature=0,
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]
    told = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert told == whole.choices[0].message.content == "wound by hand"
    assert chunks[-1].usage == whole.usage
    assert len(upstream.requests) == 1


async def test_a_stream_that_was_kept_is_given_whole_too(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand)
    upstream.default = Reply(content="wound by hand", prompt_tokens=5)
    streamed = await ask(stand, stream=True)
    again = await ask(stand, stream=True)
    assert again.content == streamed.content
    assert again.headers["content-type"].startswith("text/event-stream")
    whole = await ask(stand)
    assert whole.headers[CACHE] == "hit"
    assert whole.json()["choices"][0]["message"]["content"] == "wound by hand"
    assert whole.json()["usage"]["completion_tokens"] == 3
    assert len(upstream.requests) == 1


async def test_the_anthropic_client_gets_hits_in_its_own_events(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand)
    upstream.default = Reply(content="wound by hand")
    asked: list[Any] = BODY["messages"]
    async with AsyncAnthropic(base_url=stand.url, api_key=stand.key, max_retries=0) as client:
        whole = await client.messages.create(
            model="scripted", max_tokens=9, messages=asked, extra_body={"temperature": 0}
        )
        stream = await client.messages.create(
            model="scripted",
            max_tokens=9,
            messages=asked,
            extra_body={"temperature": 0},
            stream=True,
        )
        texts = [
            event.delta.text
            async for event in stream
            if event.type == "content_block_delta" and event.delta.type == "text_delta"
        ]
    assert whole.content[0].type == "text"
    assert "".join(texts) == whole.content[0].text == "wound by hand"
    assert len(upstream.requests) == 1


async def test_embeddings_are_kept_whatever_their_temperature(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand)
    body = {"model": "scripted", "input": "a text"}
    answers = [await stand.http().post("/v1/embeddings", json=body) for _ in range(2)]
    assert [answer.headers[CACHE] for answer in answers] == ["miss", "hit"]
    assert answers[0].content == answers[1].content
    assert len(upstream.requests) == 1


async def test_other_servers_of_a_model_make_other_answers(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    cached(stand)
    await ask(stand)
    model = stand.gateway.table.find_model("scripted", "")
    assert model is not None
    [target] = model.targets
    newer = msgspec.structs.replace(target, upstream_model="scripted-2")
    stand.builder.put(msgspec.structs.replace(model, targets=(newer,)))
    stand.update()
    assert (await ask(stand)).headers[CACHE] == "miss"


async def test_a_retry_of_a_hit_is_a_replay(stand: Stand, upstream: ScriptedUpstream) -> None:
    cached(stand)
    await ask(stand)
    answers = [
        await stand.http().post("/v1/chat/completions", json=BODY, headers={"idempotency-key": "k"})
        for _ in range(2)
    ]
    assert answers[0].headers[CACHE] == "hit"
    assert answers[1].headers["idempotent-replayed"] == "true"
    assert answers[1].content == answers[0].content
    assert len(upstream.requests) == 1
