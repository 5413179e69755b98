"""What callers see, and what is recorded, when model servers or callers fail."""

import asyncio
import json

import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam

from mainspring.snapshot.resources import Timeouts
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand, until

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "three words here"}]


async def ask(stand: Stand, model: str = "scripted") -> str | None:
    answer = await stand.openai().chat.completions.create(model=model, messages=HELLO)
    return answer.choices[0].message.content


async def test_an_upstream_that_is_down_is_a_502_that_says_so(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    await upstream.refuse()
    with pytest.raises(openai.InternalServerError) as raised:
        await ask(stand)
    assert (raised.value.status_code, raised.value.code) == (502, "upstream_unreachable")
    [record] = await stand.recorded()
    assert (record.status, record.outcome) == (502, "upstream_unreachable")
    assert record.usage.total == 0


@pytest.mark.parametrize(
    "reply",
    [
        Reply.failure(500),
        Reply.failure(503),
        Reply.rate_limited(),
        Reply(reset_at_once=True),
        Reply(garbage=b"SSH-2.0-OpenSSH_9.6\r\n"),
    ],
    ids=["500", "503", "429", "reset", "garbage"],
)
@pytest.mark.parametrize("streams", [False, True])
async def test_another_target_is_tried_before_the_first_byte(
    stand: Stand, upstream: ScriptedUpstream, reply: Reply, streams: bool
) -> None:
    upstream.default = reply
    async with ScriptedUpstream(Reply(content="from the second")) as second:
        builder = stand.builder
        targets = builder.add_upstream(upstream.url), builder.add_upstream(second.url)
        builder.add_model("pair", *targets)
        stand.update()
        client = stand.openai()
        if streams:
            stream = await client.chat.completions.create(model="pair", messages=HELLO, stream=True)
            words = [chunk.choices[0].delta.content or "" async for chunk in stream]
            assert "".join(words) == "from the second"
        else:
            assert await ask(stand, "pair") == "from the second"
        [record] = await stand.recorded()
        assert (record.attempts, record.outcome) == (2, "ok")
        assert record.upstream_id == targets[1].id


async def test_a_dead_target_costs_nothing_when_another_lives(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    async with ScriptedUpstream() as dead:
        dead_url = dead.url
    builder = stand.builder
    builder.add_model("pair", builder.add_upstream(dead_url), builder.add_upstream(upstream.url))
    stand.update()
    assert await ask(stand, "pair")


async def test_the_last_targets_refusal_passes_with_its_status_and_retry_after(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply.rate_limited(7))
    with pytest.raises(openai.RateLimitError) as raised:
        await ask(stand)
    assert raised.value.response.headers["retry-after"] == "7"
    assert "scripted status 429" in raised.value.message
    [record] = await stand.recorded()
    assert (record.status, record.outcome) == (429, "rate_limit_exceeded")


async def test_a_refusal_of_the_platforms_credential_is_not_blamed_on_the_caller(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply.failure(401))
    with pytest.raises(openai.InternalServerError) as raised:
        await ask(stand)
    assert (raised.value.status_code, raised.value.code) == (502, "upstream_error")
    assert "scripted" not in raised.value.message


async def test_an_error_in_another_shape_is_put_into_openais(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(status=422, body=b'{"detail":"context too long"}'))
    with pytest.raises(openai.BadRequestError) as raised:
        await ask(stand)
    assert raised.value.code == "invalid_request"
    assert "422: context too long" in raised.value.message


async def test_a_server_error_page_becomes_a_502(stand: Stand, upstream: ScriptedUpstream) -> None:
    upstream.then(Reply(status=500, body=b"<html>" + b"x" * 500_000))
    with pytest.raises(openai.InternalServerError) as raised:
        await ask(stand)
    assert raised.value.code == "upstream_error"


async def test_a_stream_that_breaks_after_its_first_byte_ends_with_a_typed_error(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(reset_after_chunks=4))
    async with ScriptedUpstream(Reply(content="must not be asked")) as second:
        builder = stand.builder
        builder.add_model(
            "pair", builder.add_upstream(upstream.url), builder.add_upstream(second.url)
        )
        stand.update()
        answer = await stand.http().post(
            "/v1/chat/completions", json={"model": "pair", "messages": HELLO, "stream": True}
        )
        assert second.requests == []
    assert answer.status_code == 200
    events = [event for event in answer.text.split("\n\n") if event]
    last = json.loads(events[-1].removeprefix("data: "))
    assert last["error"]["code"] == "upstream_error"
    for event in events[:-1]:
        json.loads(event.removeprefix("data: "))
    [record] = await stand.recorded()
    assert (record.status, record.outcome) == (200, "upstream_error")
    assert record.usage.estimated
    assert record.usage.output >= 4


@pytest.mark.parametrize("usage", [False, True])
async def test_the_client_library_raises_on_a_broken_stream(
    stand: Stand, upstream: ScriptedUpstream, *, usage: bool
) -> None:
    upstream.then(Reply(end_after_chunks=3))
    stream = await stand.openai().chat.completions.create(
        model="scripted",
        messages=HELLO,
        stream=True,
        stream_options={"include_usage": usage},
    )
    with pytest.raises(openai.APIError, match="model's server"):
        async for _ in stream:
            pass


async def test_a_whole_answer_that_breaks_off_is_a_502_and_never_half_a_body(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(reset_after_chunks=0))
    with pytest.raises(openai.InternalServerError) as raised:
        await ask(stand)
    assert raised.value.status_code == 502


async def test_a_silent_upstream_is_a_504(stand: Stand, upstream: ScriptedUpstream) -> None:
    upstream.then(Reply(stall_before_headers=True))
    hasty = stand.builder.add_upstream(upstream.url, timeouts=Timeouts(first_byte_s=0.2))
    stand.builder.add_model("hasty", hasty)
    stand.update()
    with pytest.raises(openai.InternalServerError) as raised:
        await ask(stand, "hasty")
    assert (raised.value.status_code, raised.value.code) == (504, "upstream_timeout")


async def test_a_client_that_leaves_in_mid_stream_ends_the_upstreams_work(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(tokens=50, stall_after_chunks=5))
    client = stand.openai()
    stream = await client.chat.completions.create(model="scripted", messages=HELLO, stream=True)
    async for chunk in stream:
        if chunk.choices[0].delta.content:
            break
    await stream.close()
    [request] = upstream.requests
    await request.wait_settled()
    assert request.client_closed
    [record] = await stand.recorded()
    assert (record.status, record.outcome) == (499, "client_closed")
    assert record.usage.estimated
    assert 0 < record.usage.output <= 6


async def test_a_client_that_leaves_before_the_first_token_ends_the_upstreams_work(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(stall_before_headers=True))
    asking = asyncio.gather(ask(stand))
    [request] = await upstream.received(1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await request.wait_settled()
    assert request.client_closed
    [record] = await stand.recorded()
    assert (record.status, record.ttft_ms) == (499, None)


async def test_a_slow_client_holds_the_upstream_back_instead_of_filling_memory(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(tokens=150_000))
    reader, writer = await asyncio.open_connection("127.0.0.1", stand.gateway.port, limit=1024)
    body = json.dumps({"model": "scripted", "messages": HELLO, "stream": True}).encode()
    writer.write(
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
        + stand.key.encode()
        + b"\r\ncontent-length: %d\r\n\r\n" % len(body)
        + body
    )
    await reader.read(100)
    [request] = await upstream.received(1)
    async with asyncio.timeout(30):
        await request.held_back.wait()
    writer.transport.abort()
    await request.wait_settled()


async def test_a_replaced_upstream_finishes_what_it_carries(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(tokens=5, stall_after_chunks=2))
    stream = await stand.openai().chat.completions.create(
        model="scripted", messages=HELLO, stream=True
    )
    async with ScriptedUpstream(Reply(content="moved")) as second:
        [old] = stand.gateway.table.upstreams.values()
        stand.builder.put(type(old)(id=old.id, name=old.name, base_url=second.url))
        stand.update()
        assert await ask(stand) == "moved"
        upstream.release()
        assert len([chunk async for chunk in stream]) == 7
    await until(lambda: upstream.open_connections == 0)
