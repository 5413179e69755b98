"""Answers to questions that mean the same, with a scripted embedding model."""

import json
import time
from typing import Any

import httpx
import msgspec
import pytest

from mainspring.snapshot.policy_rules import CacheRule
from mainspring.snapshot.resources import Price
from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.testing.upstream.received import ReceivedRequest
from tests.fixtures.gateway import Stand, until

CACHE = "x-mainspring-cache"
ALIKE = "x-mainspring-cache-match"
MEANINGS = {
    "how do I reset my password": [1.0, 0.1, 0.0, 0.2],
    "I forgot my password, what now": [1.0, 0.12, 0.0, 0.2],
    "where is the canteen": [0.0, 1.0, 0.3, 0.0],
}


def meaning(request: ReceivedRequest) -> Reply | None:
    """Answer questions for embeddings; leave everything else to the script."""
    if not request.path.endswith("/embeddings"):
        return None
    [text] = json.loads(request.body)["input"]
    known = MEANINGS.get(text, [0.5, 0.5, 0.5, 0.5])
    body = {
        "object": "list",
        "model": "e5",
        "data": [{"object": "embedding", "index": 0, "embedding": known}],
        "usage": {"prompt_tokens": 6, "total_tokens": 6},
    }
    return Reply(body=json.dumps(body).encode())


@pytest.fixture
async def alike(stand: Stand, upstream: ScriptedUpstream) -> Stand:
    """Return the stand with an embedding model and a cache that compares meanings."""
    upstream.script_function = meaning
    server = stand.builder.add_upstream(upstream.url, "embedder")
    stand.builder.add_model("e5", server, tasks=("embedding",), price=Price(input=1_000_000_000))
    rule = CacheRule(mode="semantic", embedding_model="e5", threshold=0.99)
    stand.builder.add_policy(cache=rule)
    stand.update()
    return stand


async def ask(
    stand: Stand, text: str, *, key: str | None = None, system: str = "be brief", **fields: object
) -> httpx.Response:
    body: dict[str, Any] = {
        "model": "scripted",
        "temperature": 0,
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": text},
        ],
    }
    return await stand.http().post(
        "/v1/chat/completions",
        json=body | fields,
        headers={"authorization": f"Bearer {key or stand.key}"},
    )


FIRST, SAME, OTHER = MEANINGS


async def test_a_question_that_means_the_same_gets_the_same_answer(
    alike: Stand, upstream: ScriptedUpstream
) -> None:
    first = await ask(alike, FIRST)
    again = await ask(alike, SAME)
    assert (first.headers[CACHE], again.headers[CACHE]) == ("miss", "hit")
    assert again.headers[ALIKE] == "semantic"
    assert again.content == first.content
    assert (await ask(alike, OTHER)).headers[CACHE] == "miss"
    exact = await ask(alike, FIRST)
    assert exact.headers[CACHE] == "hit"
    assert ALIKE not in exact.headers
    chats = [each for each in upstream.requests if each.path.endswith("/chat/completions")]
    assert len(chats) == 2


async def test_the_ledger_tells_of_the_hit_and_of_the_embedding(alike: Stand) -> None:
    await ask(alike, FIRST)
    await ask(alike, SAME)
    records = await alike.recorded(4)
    told = [(each.operation, each.cache, each.usage.total, each.cost_nanos) for each in records]
    assert told[0] == ("cache_embedding", None, 6, 6000)
    assert told[2] == ("cache_embedding", None, 6, 6000)
    assert (told[3][0], told[3][1], told[3][2]) == ("chat", "semantic", 0)
    assert len({each.project_id for each in records}) == 1
    assert records[0].usage_frame is not None


async def test_everything_but_the_last_words_must_be_the_same(alike: Stand) -> None:
    await ask(alike, FIRST)
    assert (await ask(alike, SAME, system="be rude")).headers[CACHE] == "miss"
    assert (await ask(alike, SAME, max_tokens=3)).headers[CACHE] == "miss"
    assert (await ask(alike, SAME)).headers[CACHE] == "hit"


async def test_another_tenant_never_gets_it(alike: Stand) -> None:
    other = alike.builder.add_key(alike.builder.add_project())
    alike.update()
    await ask(alike, FIRST)
    assert (await ask(alike, SAME, key=other)).headers[CACHE] == "miss"
    assert (await ask(alike, FIRST, key=other)).headers[CACHE] == "hit"


async def test_numbers_must_be_the_same_whatever_an_embedding_says(alike: Stand) -> None:
    assert (await ask(alike, "add 2 and 2")).headers[CACHE] == "miss"
    assert (await ask(alike, "add 2 and 3")).headers[CACHE] == "miss"
    assert (await ask(alike, "sum 2 and 2")).headers[CACHE] == "hit"


async def test_a_slow_embedding_model_is_a_miss_and_costs_its_deadline_only(
    alike: Stand, upstream: ScriptedUpstream
) -> None:
    policies = list(alike.gateway.table.policies.values())
    rule = CacheRule(mode="semantic", embedding_model="e5", embedding_deadline_ms=50)
    alike.builder.put(msgspec.structs.replace(policies[0], cache=rule))
    alike.update()

    def stalled(request: ReceivedRequest) -> Reply | None:
        return Reply(stall_before_headers=True) if "embeddings" in request.path else None

    upstream.script_function = stalled
    began = time.monotonic()
    answer = await ask(alike, FIRST)
    assert (answer.status_code, answer.headers[CACHE]) == (200, "miss")
    assert time.monotonic() - began < 3.0
    await until(lambda: upstream.open_connections <= 1)
    assert (await ask(alike, FIRST)).headers[CACHE] == "hit"


@pytest.mark.parametrize(
    "reply",
    [
        Reply.failure(500),
        Reply(body=b'{"data": []}'),
        Reply(body=b'{"data": [{"embedding": [0, 0]}]}'),
        Reply(body=b"nonsense"),
    ],
)
async def test_a_failing_embedding_model_fails_no_call(
    alike: Stand, upstream: ScriptedUpstream, reply: Reply
) -> None:
    def failing(request: ReceivedRequest) -> Reply | None:
        return reply if "embeddings" in request.path else None

    upstream.script_function = failing
    assert (await ask(alike, FIRST)).headers[CACHE] == "miss"
    assert (await ask(alike, SAME)).headers[CACHE] == "miss"
    assert (await ask(alike, FIRST)).headers[CACHE] == "hit"


async def test_without_the_embedding_model_the_cache_is_exact(stand: Stand) -> None:
    stand.builder.add_policy(cache=CacheRule(mode="semantic", embedding_model="nowhere"))
    stand.update()
    assert (await ask(stand, FIRST)).headers[CACHE] == "miss"
    assert (await ask(stand, FIRST)).headers[CACHE] == "hit"
