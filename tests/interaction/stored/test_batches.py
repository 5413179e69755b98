"""``/v1/batches`` by the official client: a real gateway, control, worker process and database."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import openai
import psycopg
import pytest
from openai import AsyncOpenAI
from openai.types import Batch

from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.control import until
from tests.fixtures.site import Site
from tests.fixtures.traces import names, ways
from tests.fixtures.worker import worker

CHAT = "/v1/chat/completions"
FINAL = {"completed", "failed", "expired", "cancelled"}


def line(custom_id: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return one request of an input file."""
    body = {"model": "scripted", "messages": [{"role": "user", "content": f"say {custom_id}"}]}
    return {"custom_id": custom_id, "method": "POST", "url": CHAT, "body": body, **changes}


async def start(client: AsyncOpenAI, lines: Sequence[object], **changes: Any) -> Batch:  # noqa: ANN401 - any JSON
    """Upload the lines and make a batch of them."""
    data = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
    file = await client.files.create(file=("in.jsonl", data.encode()), purpose="batch")
    return await client.batches.create(
        input_file_id=file.id, endpoint=CHAT, completion_window="24h", **changes
    )


async def ended(client: AsyncOpenAI, batch: Batch) -> Batch:
    """Wait until nothing more will happen to the batch; return it."""
    async with asyncio.timeout(60):
        while True:
            found = await client.batches.retrieve(batch.id)
            if found.status in FINAL:
                return found
            await asyncio.sleep(0.1)


async def results(client: AsyncOpenAI, file_id: str | None) -> dict[str, dict[str, Any]]:
    """Return the lines of a result file by their custom ids, each there once."""
    assert file_id is not None
    content = await client.files.content(file_id)
    lines = [json.loads(each) for each in content.text.splitlines()]
    found = {each["custom_id"]: each for each in lines}
    assert len(found) == len(lines)
    return found


async def ledger(dsn: str) -> list[tuple[Any, ...]]:
    """Return (request id, output tokens, cost, batch) of every call."""
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await connection.execute("SELECT set_config('mainspring.crosses_tenants', 'on', false)")
        rows = await connection.execute(
            "SELECT request_id, output_tokens, cost_nanos, batch FROM usage_records"
        )
        return await rows.fetchall()


async def test_a_batch_is_made_on_the_account_of_its_key_at_its_own_price(
    site: Site, upstream: ScriptedUpstream, database_dsn: str
) -> None:
    models = (await site.admin.get("/models?limit=200")).json()["items"]
    [model] = [each for each in models if each["name"] == "scripted"]
    price = {"currency": "USD", "input": 0, "output": 10_000_000, "batch_percent": 50}
    changed = await site.admin.patch(f"/models/{model['id']}", json={"price": price})
    assert changed.status_code == 200, changed.text
    project, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key)
    upstream.default = Reply(tokens=8)
    unknown = line("lost", body={"model": "unknown", "messages": []})
    batch = await start(
        client,
        [line("a"), line("b"), unknown],
        metadata={"job": "nightly"},
        extra_headers={"traceparent": f"00-{'c' * 32}-{'b' * 16}-01"},
    )
    assert (batch.status, batch.metadata) == ("validating", {"job": "nightly"})
    with worker(site):
        batch = await ended(client, batch)
        traced = await ways(site, "c" * 32, calls=2)
    assert batch.status == "completed"
    # Each of its calls is shown below the run and the request that asked for the batch.
    for way in traced:
        asked, run, step, *call = names(way)
        assert (asked, run) == ("control POST /internal/v1/batches", "worker job batch.run")
        assert step.startswith("worker step ")
        assert call == [f"gateway POST {CHAT}", "gateway chat scripted"]
        assert {span["project_id"] for span in way} == {project}
    counts = batch.request_counts
    assert counts is not None
    assert (counts.total, counts.completed, counts.failed) == (3, 2, 1)
    good = await results(client, batch.output_file_id)
    assert set(good) == {"a", "b"}
    answer = good["a"]["response"]
    assert (answer["status_code"], good["a"]["error"]) == (200, None)
    assert answer["body"]["choices"][0]["message"]["role"] == "assistant"
    bad = await results(client, batch.error_file_id)
    assert bad["lost"]["response"]["status_code"] == 404
    assert bad["lost"]["response"]["body"]["error"]["code"] == "model_not_found"

    async def counted() -> bool:
        return len(await ledger(database_dsn)) == 2

    await until(counted)
    # 8 tokens at 10 nanos each, and half of it for a batch.
    calls = await ledger(database_dsn)
    assert {each[1:] for each in calls} == {(8, 40, True)}
    assert {each["response"]["request_id"] for each in good.values()} == {each[0] for each in calls}


async def test_a_killed_workers_batch_is_finished_and_no_item_is_counted_twice(
    site: Site, upstream: ScriptedUpstream, database_dsn: str
) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key)
    upstream.default = Reply(tokens=8, delay_s=0.3)
    names = [f"item-{number}" for number in range(150)]
    batch = await start(client, [line(name) for name in names])
    with worker(site) as first:

        async def halfway() -> bool:
            counts = (await client.batches.retrieve(batch.id)).request_counts
            return counts is not None and counts.completed >= 20

        await until(halfway, within_s=40)
        first.kill()
    at_death = (await client.batches.retrieve(batch.id)).request_counts
    assert at_death is not None
    assert at_death.completed < 150
    asked = len(upstream.requests)
    with worker(site, "worker-2"):
        batch = await ended(client, batch)
    assert batch.status == "completed"
    counts = batch.request_counts
    assert counts is not None
    assert (counts.total, counts.completed, counts.failed) == (150, 150, 0)
    assert set(await results(client, batch.output_file_id)) == set(names)
    assert batch.error_file_id is None
    # Only what was under way when the worker died was asked again.
    assert asked - at_death.completed <= 8 + 8
    assert len(upstream.requests) <= 150 + 8 + 8

    async def counted() -> bool:
        return sum(each[1] == 8 for each in await ledger(database_dsn)) >= 150

    await until(counted)
    # Every answer is in the ledger once; what broke off stands beside it and costs nothing.
    calls = await ledger(database_dsn)
    good = [each for each in calls if each[1] == 8]
    assert len(good) == len({each[0] for each in good}) == 150
    assert len(calls) <= 150 + 8


async def test_a_cancelled_batch_keeps_what_was_answered(
    site: Site, upstream: ScriptedUpstream
) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key)
    upstream.default = Reply(tokens=2, delay_s=0.2)
    batch = await start(client, [line(f"item-{number}") for number in range(400)])
    with worker(site):

        async def begun() -> bool:
            counts = (await client.batches.retrieve(batch.id)).request_counts
            return counts is not None and counts.completed >= 5

        await until(begun, within_s=40)
        assert (await client.batches.cancel(batch.id)).status == "cancelling"
        batch = await ended(client, batch)
    assert batch.status == "cancelled"
    counts = batch.request_counts
    assert counts is not None
    good = await results(client, batch.output_file_id)
    unmade = await results(client, batch.error_file_id)
    assert len(good) == counts.completed < 400
    assert len(good) + len(unmade) == 400
    assert {each["error"]["code"] for each in unmade.values()} == {"batch_cancelled"}
    with pytest.raises(openai.ConflictError):
        await client.batches.cancel(batch.id)


async def test_an_input_that_is_none_fails_with_every_line_named(
    site: Site, upstream: ScriptedUpstream
) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key)
    lines = [
        line("a"),
        "not json",
        line("b", method="GET"),
        line("c", url="/v1/embeddings"),
        line("d", body={"model": "scripted", "stream": True}),
        line(""),
        line("a"),
    ]
    batch, empty = await start(client, lines), await start(client, [""])
    with worker(site):
        batch, empty = await ended(client, batch), await ended(client, empty)
    assert batch.status == "failed"
    assert batch.errors is not None
    assert batch.errors.data is not None
    assert [(each.code, each.line) for each in batch.errors.data] == [
        ("invalid_json_line", 2),
        ("invalid_method", 3),
        ("mismatched_endpoint", 4),
        ("stream_not_supported", 5),
        ("invalid_custom_id", 6),
        ("duplicate_custom_id", None),
    ]
    assert empty.errors is not None
    assert empty.errors.data is not None
    assert [each.code for each in empty.errors.data] == ["empty_file"]
    assert upstream.requests == []


async def test_no_other_project_sees_a_batch_and_bad_ones_are_refused(site: Site) -> None:
    _, key = await site.tenant("acme")
    _, foreign = await site.tenant("rival")
    await site.has_caught_up()
    client, stranger = site.openai(key), site.openai(foreign)
    batch = await start(client, [line("a")])
    assert [each.id async for each in client.batches.list()] == [batch.id]
    assert [each async for each in stranger.batches.list()] == []
    for attempt in (
        stranger.batches.retrieve(batch.id),
        stranger.batches.cancel(batch.id),
        stranger.batches.create(
            input_file_id=batch.input_file_id, endpoint=CHAT, completion_window="24h"
        ),
    ):
        with pytest.raises(openai.NotFoundError):
            await attempt
    text = await client.files.create(file=("a", b"x"), purpose="user_data")
    wrong: list[dict[str, Any]] = [
        {"input_file_id": text.id},
        {"endpoint": "/v1/audio/speech"},
        {"completion_window": "1h"},
        {"metadata": {"a": "x" * 513}},
    ]
    for each in wrong:
        given: dict[str, Any] = {
            "input_file_id": batch.input_file_id,
            "endpoint": CHAT,
            "completion_window": "24h",
            **each,
        }
        with pytest.raises(openai.BadRequestError) as refused:
            await client.batches.create(**given)
        assert refused.value.param == next(iter(each))
