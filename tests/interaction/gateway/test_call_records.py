"""What a project wants kept of its calls is kept, and of no other's."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from mainspring.snapshot.policy_rules import CaptureRule
from mainspring.snapshot.resources import Capture, Project
from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.wire.observations import CallRecord
from tests.fixtures.gateway import Stand

WORDS = "write to ann@example.com"
CHAT: dict[str, Any] = {
    "model": "scripted",
    "messages": [{"role": "user", "content": WORDS}],
    "temperature": 0.5,
    "user": "u-7",
    "metadata": {"ticket": "T-1", "owner": "ann@example.com"},
}


class Keeping:
    """A stand whose default project keeps what a test says."""

    def __init__(self, stand: Stand, project: Project) -> None:
        self.stand = stand
        self.project = project

    def keep(self, level: str, sample: float = 1.0) -> None:
        capture = Capture(level, sample)
        self.stand.builder.put(msgspec.structs.replace(self.project, capture=capture))
        self.stand.update()

    async def ask(self, **changes: object) -> httpx.Response:
        return await self.stand.http().post("/v1/chat/completions", json={**CHAT, **changes})


@pytest.fixture
async def keeping(tmp_path: Path, upstream: ScriptedUpstream) -> AsyncIterator[Keeping]:
    stand = Stand(tmp_path, SnapshotBuilder())
    project = stand.builder.add_project()
    stand.key = stand.builder.add_key(project)
    stand.builder.add_model("scripted", stand.builder.add_upstream(upstream.url))
    await stand.start()
    yield Keeping(stand, project)
    await stand.close()


def contents(record: CallRecord) -> tuple[Any, Any]:
    return (
        None if record.request is None else json.loads(record.request),
        None if record.answer is None else json.loads(record.answer),
    )


async def test_nothing_is_kept_unless_the_project_says_so(keeping: Keeping) -> None:
    await keeping.ask()
    keeping.keep("off")
    await keeping.ask()
    keeping.keep("from the future")
    await keeping.ask()
    keeping.keep("full", sample=0.0)
    await keeping.ask()
    keeping.keep("metadata")
    await keeping.ask()
    [record] = await keeping.stand.calls(1)
    assert (record.level, record.request, record.answer) == ("metadata", None, None)


async def test_policies_leave_less_to_be_kept_and_never_more(
    keeping: Keeping, upstream: ScriptedUpstream
) -> None:
    stand, builder = keeping.stand, keeping.stand.builder
    elsewhere = builder.add_upstream(upstream.url)
    builder.add_model("secret", elsewhere)
    builder.put(
        msgspec.structs.replace(builder.add_model("open", elsewhere), fallbacks=("secret",))
    )
    keeping.keep("full")
    everybody = builder.add_policy(capture=CaptureRule(level="metadata"), models=("scripted",))
    builder.add_policy(capture=CaptureRule(level="full"), project=keeping.project)
    builder.add_policy(capture=CaptureRule(level="off"), models=("secret",))
    stand.update()

    await keeping.ask()
    await keeping.ask(model="secret")
    await keeping.ask(model="open")
    metadata, full = await stand.calls(2)
    assert (metadata.model, metadata.level) == ("scripted", "metadata")
    assert contents(metadata) == (None, None)
    assert WORDS not in msgspec.msgpack.encode(metadata).decode("latin-1")
    assert (full.model, full.level) == ("open", "full")

    # What another model takes over is kept no more than that model's calls are.
    upstream.then(Reply.failure(500))
    fell_back = await keeping.ask(model="open")
    assert fell_back.headers["x-mainspring-attempts"] == "2"

    future = builder.add_policy(capture=CaptureRule(level="from the future"))
    stand.update()
    await keeping.ask(model="open")
    builder.delete(everybody, future)
    key = stand.gateway.table.find_key(stand.key)
    assert key is not None
    none = builder.add_policy(capture=CaptureRule(sample=0.0), key_id=key.id)
    stand.update()
    await keeping.ask()
    builder.delete(none)
    stand.update()
    keeping.keep("off")
    await keeping.ask()
    keeping.keep("redacted")
    await keeping.ask()
    assert [each.level for each in await stand.calls(3)] == ["metadata", "full", "redacted"]


async def test_in_full_a_record_has_the_request_and_the_answer(
    keeping: Keeping, upstream: ScriptedUpstream
) -> None:
    keeping.keep("full")
    upstream.then(Reply(content="to bob@example.com"))
    answer = await keeping.stand.http().post(
        "/v1/chat/completions", json=CHAT, headers={"x-session-id": "s-1"}
    )
    [record] = await keeping.stand.calls()
    [usage] = await keeping.stand.recorded()
    request, told = contents(record)
    assert request == CHAT
    assert told == {"choices": [{"text": "to bob@example.com", "finish_reason": "stop"}]}
    assert record.request_id == answer.headers["x-request-id"]
    assert (record.session_id, record.user_id) == ("s-1", "u-7")
    assert record.metadata == {"ticket": "T-1", "owner": "ann@example.com"}
    assert (record.usage, record.ttft_ms, record.trace_id) == (
        usage.usage,
        usage.ttft_ms,
        usage.trace_id,
    )
    assert not record.truncated


async def test_redacted_it_tells_nobody_who_they_are(
    keeping: Keeping, upstream: ScriptedUpstream
) -> None:
    keeping.keep("redacted")
    upstream.then(Reply(content="to bob@example.com"))
    await keeping.ask(user="ann@example.com")
    [record] = await keeping.stand.calls()
    request, told = contents(record)
    assert request["messages"][0]["content"] == "write to [email]"
    assert told["choices"][0]["text"] == "to [email]"
    assert record.user_id == "[email]"
    assert b"example.com" not in msgspec.msgpack.encode(record)


async def test_a_stream_is_kept_as_the_answer_that_it_makes(
    keeping: Keeping, upstream: ScriptedUpstream
) -> None:
    keeping.keep("redacted")
    # The address falls apart over several events: only the whole text shows it.
    upstream.then(Reply(content="mail bob@example.com soon"))
    answer = await keeping.ask(stream=True)
    assert "data: [DONE]" in answer.text
    [record] = await keeping.stand.calls()
    _, told = contents(record)
    assert told["choices"][0]["text"] == "mail [email] soon"
    assert record.stream


async def test_errors_are_kept_as_the_caller_got_them(
    keeping: Keeping, upstream: ScriptedUpstream
) -> None:
    keeping.keep("full")
    upstream.then(Reply.failure(500))
    answer = await keeping.ask()
    [record] = await keeping.stand.calls()
    assert record.status == answer.status_code
    assert contents(record)[1] == answer.json()


async def test_a_client_that_left_leaves_what_it_got(
    keeping: Keeping, upstream: ScriptedUpstream
) -> None:
    keeping.keep("full")
    upstream.then(Reply(content="one two three four", stall_after_chunks=2))
    async with keeping.stand.http().stream(
        "POST", "/v1/chat/completions", json={**CHAT, "stream": True}
    ) as answer:
        async for _ in answer.aiter_raw():
            break
    [record] = await keeping.stand.calls()
    assert record.outcome == "client_closed"
    assert contents(record)[1]["choices"][0]["text"]


async def test_what_is_too_large_is_cut_and_says_so(keeping: Keeping) -> None:
    keeping.keep("full")
    long = "many words, " * 20_000
    await keeping.ask(messages=[{"role": "user", "content": long}])
    await keeping.ask(messages=[{"role": "user", "content": long * 4}])
    cut, left_out = await keeping.stand.calls(2)
    assert cut.truncated
    assert len(cut.request or b"") < 256 * 1024
    assert (left_out.truncated, left_out.request) == (True, None)


async def test_vectors_are_not_kept_their_texts_are(keeping: Keeping) -> None:
    keeping.keep("full")
    await keeping.stand.http().post("/v1/embeddings", json={"model": "scripted", "input": "words"})
    [record] = await keeping.stand.calls()
    assert contents(record) == ({"model": "scripted", "input": "words"}, None)


async def test_a_change_of_policy_holds_for_requests_under_way_on_one_connection(
    keeping: Keeping,
) -> None:
    client = keeping.stand.http()
    for level in ("off", "full", "off", "full"):
        keeping.keep(level)
        answer = await client.post("/v1/chat/completions", json=CHAT)
        assert answer.status_code == 200
    assert len(await keeping.stand.calls(2)) == 2


async def test_a_full_spool_costs_records_and_no_requests(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping.keep("full")
    monkeypatch.setattr("mainspring.gateway.watch.store.MAX_BYTES", 10)
    assert (await keeping.ask()).status_code == 200
    client = keeping.stand.http()
    async with asyncio.timeout(30):
        # The spans of one request in some are dropped beside the record.
        while 'kind="observations"} 0' in (await client.get("/metrics")).text:  # noqa: ASYNC110 - metrics have no event
            await asyncio.sleep(0.02)
    assert keeping.stand.observations() == []
