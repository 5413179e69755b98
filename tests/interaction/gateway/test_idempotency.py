"""Idempotency keys at the gateway: a retry is answered, and never called or charged twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from anthropic import AsyncAnthropic

from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand, until
from tests.fixtures.valkey import Valkey

BODY: dict[str, Any] = {"model": "scripted", "messages": [{"role": "user", "content": "hello"}]}
REPLAYED = "idempotent-replayed"


async def ask(
    stand: Stand, key: str = "k1", api_key: str | None = None, **fields: object
) -> httpx.Response:
    return await stand.http().post(
        "/v1/chat/completions",
        json=BODY | fields,
        headers={
            "idempotency-key": key,
            "authorization": f"Bearer {api_key or stand.key}",
        },
    )


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_retry_gets_the_same_answer_and_is_charged_once(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    first = await ask(stand)
    again = await ask(stand)
    assert again.status_code == 200
    assert again.content == first.content
    assert again.headers["x-request-id"] == first.headers["x-request-id"]
    assert again.headers[REPLAYED] == "true"
    assert REPLAYED not in first.headers
    assert again.headers["content-type"] == first.headers["content-type"]
    assert len(upstream.requests) == 1
    assert len(await stand.recorded()) == 1
    sent = upstream.requests[0].headers
    assert "idempotency-key" not in {name.lower() for name, _ in sent.items()}


async def test_a_stream_is_given_again(stand: Stand, upstream: ScriptedUpstream) -> None:
    client = stand.openai()

    async def words() -> str:
        stream = await client.chat.completions.create(
            model="scripted",
            messages=[{"role": "user", "content": "hello"}],
            stream=True,
            extra_headers={"Idempotency-Key": "s1"},
        )
        return "".join([each.choices[0].delta.content or "" async for each in stream])

    assert await words() == await words() != ""
    assert len(upstream.requests) == 1
    assert len(await stand.recorded()) == 1


async def test_the_anthropic_client_and_other_protocols_are_served(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    async with AsyncAnthropic(base_url=stand.url, api_key=stand.key, max_retries=0) as client:
        answers = [
            await client.messages.create(
                model="scripted",
                max_tokens=8,
                messages=[{"role": "user", "content": "hello"}],
                extra_headers={"Idempotency-Key": "a1"},
            )
            for _ in range(2)
        ]
    assert answers[0] == answers[1]
    assert len(upstream.requests) == 1
    again = await stand.http().post("/v1/messages", json=BODY, headers={"idempotency-key": "a1"})
    assert again.status_code == 422
    assert again.json()["error"]["type"] == "invalid_request_error"


async def test_another_request_with_the_key_is_refused(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    await ask(stand)
    assert told(await ask(stand, temperature=1)) == (422, "idempotency_key_reused")
    other = await stand.http().post("/v1/completions", json=BODY, headers={"idempotency-key": "k1"})
    assert told(other) == (422, "idempotency_key_reused")
    assert len(upstream.requests) == 1


async def test_a_key_is_its_callers_own(stand: Stand, upstream: ScriptedUpstream) -> None:
    other = stand.builder.add_key()
    stand.update()
    await ask(stand)
    answer = await ask(stand, api_key=other, temperature=1)
    assert answer.status_code == 200
    assert REPLAYED not in answer.headers
    assert len(upstream.requests) == 2


async def test_who_may_not_call_gets_no_kept_answer(stand: Stand) -> None:
    await ask(stand)
    assert told(await ask(stand, api_key="msk-nobody")) == (401, "invalid_api_key")
    key = stand.gateway.table.find_key(stand.key)
    assert key is not None
    stand.builder.delete(key)
    stand.update()
    assert told(await ask(stand)) == (401, "invalid_api_key")


async def test_while_the_call_runs_its_retry_is_told_to_wait(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(stall_before_headers=True))

    async def retry() -> None:
        await upstream.received(1)
        answer = await ask(stand)
        assert told(answer) == (409, "idempotency_in_progress")
        assert answer.headers["retry-after"] == "1"
        upstream.release()

    first, _ = await asyncio.gather(ask(stand), retry())
    assert (await ask(stand)).content == first.content
    assert len(upstream.requests) == 1


async def test_a_call_goes_on_without_its_client_so_that_the_retry_finds_its_answer(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(tokens=30, stall_after_chunks=3))
    async with (
        httpx.AsyncClient(base_url=stand.url) as client,
        client.stream(
            "POST",
            "/v1/chat/completions",
            json=BODY | {"stream": True},
            headers={"authorization": f"Bearer {stand.key}", "idempotency-key": "k1"},
        ) as answer,
    ):
        await answer.aiter_raw().__anext__()
    upstream.release()
    [record] = await stand.recorded()
    assert (record.outcome, record.usage.output, record.usage.estimated) == ("ok", 30, False)
    again = await ask(stand, stream=True)
    assert again.headers[REPLAYED] == "true"
    assert "word29" in again.text
    assert again.text.endswith("data: [DONE]\n\n")
    assert len(upstream.requests) == 1
    assert len(stand.records()) == 1


async def test_a_call_that_failed_may_be_made_again(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply.failure(500))
    failed = await ask(stand)
    assert failed.status_code == 500
    again = await ask(stand)
    assert again.status_code == 200
    assert REPLAYED not in again.headers
    assert len(upstream.requests) == 2
    assert told(await ask(stand, model="nothing", key="k2"))[0] == 404
    assert (await ask(stand, key="k2")).status_code == 200


async def test_a_stream_that_broke_off_is_charged_and_not_made_again(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(tokens=10, reset_after_chunks=4))
    broken = await ask(stand, stream=True)
    assert '"error"' in broken.text
    again = await ask(stand, stream=True)
    assert again.text == broken.text
    assert len(upstream.requests) == 1
    assert len(await stand.recorded()) == 1


async def test_an_answer_too_large_to_keep_is_refused_to_the_retry(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content="x" * (2 * 1024 * 1024)))
    first = await ask(stand)
    assert len(first.content) > 2 * 1024 * 1024
    assert told(await ask(stand)) == (410, "idempotency_answer_lost")
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("key", ["", "two words", "k" * 256, "caf\xe9"])
async def test_what_is_no_key_is_refused(
    stand: Stand, upstream: ScriptedUpstream, key: str
) -> None:
    answer = await stand.http().post(
        "/v1/chat/completions",
        json=BODY,
        headers=[(b"idempotency-key", key.encode("latin-1"))],
    )
    assert told(answer) == (400, "invalid_request")
    assert upstream.requests == []


async def test_calls_without_a_key_are_made_each_time(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    for _ in range(2):
        assert (await stand.http().post("/v1/chat/completions", json=BODY)).status_code == 200
    assert len(upstream.requests) == 2


async def test_results_are_counted(stand: Stand) -> None:
    await ask(stand)
    await ask(stand)
    await ask(stand, temperature=1)
    metrics = (await stand.http().get("/metrics")).text
    for result in ("first", "replayed", "refused"):
        assert f'idempotent_calls_total{{result="{result}"}} 1' in metrics


async def test_processes_that_share_no_store_take_no_keys(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    await stand.gateway.stop(1.0)
    stand.configure(process_count=2, process_number=1)
    await stand.start()
    assert told(await ask(stand)) == (503, "idempotency_unavailable")
    assert (await stand.http().post("/v1/chat/completions", json=BODY)).status_code == 200
    assert len(upstream.requests) == 1


async def test_a_form_is_the_same_whatever_boundary_its_client_makes_up(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    server = stand.builder.add_upstream(upstream.url, "media")
    stand.builder.add_model("media", server, tasks=("transcription",))
    stand.update()

    async def transcribe(sound: bytes) -> httpx.Response:
        return await stand.http().post(
            "/v1/audio/transcriptions",
            data={"model": "media"},
            files={"file": ("a.wav", sound, "audio/wav")},
            headers={"idempotency-key": "u1"},
        )

    first, again = await transcribe(b"RIFF one"), await transcribe(b"RIFF one")
    assert first.status_code == 200
    assert again.headers[REPLAYED] == "true"
    assert again.content == first.content
    assert told(await transcribe(b"RIFF two")) == (422, "idempotency_key_reused")
    assert len(upstream.requests) == 1


class Shared:
    """Two gateways on one Redis server."""

    def __init__(self, one: Stand, two: Stand, server: Valkey) -> None:
        self.one = one
        self.two = two
        self.server = server


@pytest.fixture
async def shared(tmp_path: Path, upstream: ScriptedUpstream) -> AsyncIterator[Shared]:
    server = Valkey(tmp_path)
    await server.start()
    builder = SnapshotBuilder()
    key = builder.add_key()
    builder.add_model("scripted", builder.add_upstream(upstream.url))
    stands: list[Stand] = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made = Stand(tmp_path / name, builder)
        made.key = key
        made.configure(redis_url=server.url, gateway_id=name, gateway_count=2)
        await made.start()
        stands.append(made)
    yield Shared(stands[0], stands[1], server)
    for made in stands:
        await made.close()
    server.kill()


async def test_a_retry_may_reach_another_gateway_or_one_that_was_started_anew(
    shared: Shared, upstream: ScriptedUpstream
) -> None:
    first = await ask(shared.one)
    answers: list[httpx.Response] = []

    async def replayed() -> None:
        answers.append(await ask(shared.two))

    async with asyncio.timeout(5):
        while not answers or answers[-1].status_code == 409:
            await replayed()
    assert answers[-1].content == first.content
    await shared.one.gateway.stop(1.0)
    await shared.one.start()
    assert (await ask(shared.one)).headers[REPLAYED] == "true"
    assert len(upstream.requests) == 1


async def test_without_the_server_no_call_with_a_key_is_made(
    shared: Shared, upstream: ScriptedUpstream
) -> None:
    shared.server.kill()
    assert told(await ask(shared.one)) == (503, "idempotency_unavailable")
    assert upstream.requests == []
    plain = await shared.one.http().post("/v1/chat/completions", json=BODY)
    assert plain.status_code == 200
    await shared.server.start()
    answer = await ask(shared.one, key="k2")
    assert answer.status_code == 200
    await until(lambda: len(upstream.requests) == 2)
