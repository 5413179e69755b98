"""The scripted upstream keeps its own promises, so that tests built on it mean something."""

import asyncio
from collections.abc import AsyncIterator

import openai
import pytest
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from mainspring.testing.upstream import Reply, ScriptedUpstream


@pytest.fixture
async def upstream() -> AsyncIterator[ScriptedUpstream]:
    async with ScriptedUpstream() as scripted:
        yield scripted


@pytest.fixture
async def client(upstream: ScriptedUpstream) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        base_url=f"{upstream.url}/v1", api_key="any", max_retries=0
    ) as made:
        yield made


async def ask(client: openai.AsyncOpenAI, *, max_tokens: int = 100) -> ChatCompletion:
    return await client.chat.completions.create(
        model="scripted",
        messages=[{"role": "user", "content": "three words here"}],
        max_tokens=max_tokens,
    )


async def ask_for_stream(
    client: openai.AsyncOpenAI, *, usage: bool = False
) -> list[ChatCompletionChunk]:
    stream = await client.chat.completions.create(
        model="scripted",
        messages=[{"role": "user", "content": "three words here"}],
        stream=True,
        stream_options={"include_usage": usage},
    )
    return [chunk async for chunk in stream]


def usage_of(answer: ChatCompletion | ChatCompletionChunk) -> CompletionUsage:
    assert answer.usage is not None
    return answer.usage


async def raw_request(
    upstream: ScriptedUpstream, body: bytes = b'{"model":"scripted","messages":[],"stream":true}'
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", upstream.port)
    writer.write(
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b"
        % (len(body), body)
    )
    return reader, writer


async def test_the_official_client_reads_an_answer_and_its_exact_usage(
    upstream: ScriptedUpstream, client: openai.AsyncOpenAI
) -> None:
    upstream.then(Reply(content="one two", cached_tokens=1, reasoning_tokens=4))
    completion = await ask(client)
    assert completion.choices[0].message.content == "one two"
    assert usage_of(completion).prompt_tokens == 3
    assert usage_of(completion).completion_tokens == 6
    assert vars(upstream.served) == {
        "requests": 1,
        "prompt_tokens": 3,
        "cached_tokens": 1,
        "completion_tokens": 6,
        "reasoning_tokens": 4,
    }


async def test_a_stream_carries_one_token_an_event_and_usage_when_asked(
    upstream: ScriptedUpstream, client: openai.AsyncOpenAI
) -> None:
    upstream.then(Reply(content="one two three"))
    chunks = await ask_for_stream(client, usage=True)
    texts = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
    assert texts == ["", "one ", "two ", "three", None]
    assert usage_of(chunks[-1]).completion_tokens == 3
    assert upstream.served.completion_tokens == 3
    assert upstream.requests[0].tokens_sent == 3


async def test_a_stream_that_was_not_asked_for_usage_tells_none(
    upstream: ScriptedUpstream, client: openai.AsyncOpenAI
) -> None:
    chunks = await ask_for_stream(client)
    assert all(chunk.usage is None for chunk in chunks)
    assert upstream.served.completion_tokens == 0


async def test_max_tokens_cuts_the_answer(
    upstream: ScriptedUpstream, client: openai.AsyncOpenAI
) -> None:
    completion = await ask(client, max_tokens=2)
    assert completion.choices[0].finish_reason == "length"
    assert usage_of(completion).completion_tokens == 2


async def test_completions_embeddings_and_models_answer_the_official_client(
    upstream: ScriptedUpstream, client: openai.AsyncOpenAI
) -> None:
    completion = await client.completions.create(model="scripted", prompt="two words")
    assert completion.usage is not None
    assert completion.usage.prompt_tokens == 2
    plain = await client.embeddings.create(
        model="scripted", input=["a b", "c"], encoding_format="float"
    )
    packed = await client.embeddings.create(model="scripted", input=["a b", "c"])
    assert [item.embedding for item in plain.data] == [item.embedding for item in packed.data]
    assert plain.usage.prompt_tokens == 3
    assert [model.id async for model in client.models.list()] == ["scripted"]


async def test_replies_are_taken_in_order_and_then_the_default(
    upstream: ScriptedUpstream, client: openai.AsyncOpenAI
) -> None:
    upstream.then(Reply.failure(500), Reply.rate_limited(7))
    with pytest.raises(openai.InternalServerError):
        await ask(client)
    with pytest.raises(openai.RateLimitError) as refused:
        await ask(client)
    assert refused.value.response.headers["retry-after"] == "7"
    assert usage_of(await ask(client)).completion_tokens == 8
    assert len(await upstream.received(3)) == 3


async def test_a_function_may_script_by_the_request() -> None:
    async with (
        ScriptedUpstream(
            script=lambda request: Reply.failure(503) if b"words" in request.body else None
        ) as upstream,
        openai.AsyncOpenAI(base_url=f"{upstream.url}/v1", api_key="x", max_retries=0) as client,
    ):
        with pytest.raises(openai.InternalServerError):
            await ask(client)
        assert (await client.embeddings.create(model="m", input="a")).usage.prompt_tokens == 1


async def test_it_notices_a_client_that_leaves_during_a_stall_before_headers(
    upstream: ScriptedUpstream,
) -> None:
    upstream.then(Reply(stall_before_headers=True))
    _, writer = await raw_request(upstream)
    [request] = await upstream.received(1)
    assert not request.settled
    writer.close()
    await request.wait_settled()
    assert request.client_closed
    assert request.headers_sent_at is None


async def test_it_notices_a_client_that_leaves_in_mid_stream(upstream: ScriptedUpstream) -> None:
    upstream.then(Reply(stall_after_chunks=3))
    reader, writer = await raw_request(upstream)
    await reader.readuntil(b"word1 ")
    writer.close()
    [request] = upstream.requests
    await request.wait_settled()
    assert request.client_closed
    assert request.tokens_sent == 2
    assert upstream.served.requests == 0


async def test_a_released_stall_goes_on_to_the_end(upstream: ScriptedUpstream) -> None:
    upstream.then(Reply(stall_after_chunks=1))
    reader, writer = await raw_request(upstream)
    await reader.readuntil(b"assistant")
    upstream.release()
    await reader.readuntil(b"0\r\n\r\n")
    [request] = upstream.requests
    await request.wait_settled()
    assert not request.client_closed
    writer.close()


async def test_a_reset_comes_in_the_middle_of_a_chunk(upstream: ScriptedUpstream) -> None:
    # The stall lets the client read first: a reset also destroys what it has not read yet.
    upstream.then(Reply(stall_after_chunks=2, reset_after_chunks=2))
    reader, writer = await raw_request(upstream)
    await reader.readuntil(b"word0 ")
    upstream.release()
    with pytest.raises(ConnectionResetError):
        await reader.readuntil(b"never sent")
    assert not upstream.requests[0].client_closed
    writer.close()


async def test_an_early_end_leaves_the_body_unfinished(upstream: ScriptedUpstream) -> None:
    upstream.then(Reply(end_after_chunks=2))
    reader, writer = await raw_request(upstream)
    text = await reader.read(-1)
    assert b"word0 " in text
    assert not text.endswith(b"0\r\n\r\n")
    assert upstream.served.requests == 0
    writer.close()


async def test_garbage_is_sent_as_it_is(upstream: ScriptedUpstream) -> None:
    upstream.then(Reply(garbage=b"\x00\x01 not http"))
    reader, writer = await raw_request(upstream)
    assert await reader.read(-1) == b"\x00\x01 not http"
    writer.close()


async def test_an_answer_may_close_a_keep_alive_connection_unannounced(
    upstream: ScriptedUpstream,
) -> None:
    upstream.then(Reply(close_after=True))
    reader, writer = await raw_request(upstream)
    text = await reader.read(-1)
    assert text.endswith(b"0\r\n\r\n")
    assert b"connection" not in text.lower()
    writer.close()


async def test_dripped_and_split_bodies_arrive_whole(
    upstream: ScriptedUpstream, client: openai.AsyncOpenAI
) -> None:
    upstream.then(Reply(content="slow", drip_s=0.0001), Reply(content="torn apart", split_bytes=7))
    assert (await ask(client)).choices[0].message.content == "slow"
    chunks = await ask_for_stream(client)
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == "torn apart"


async def test_a_slow_reader_holds_the_writer_back(upstream: ScriptedUpstream) -> None:
    upstream.then(Reply(content="x" * 2000 + " " + " ".join(["y" * 2000] * 20_000)))
    reader, writer = await raw_request(upstream)
    await reader.readuntil(b"assistant")
    [request] = upstream.requests
    async with asyncio.timeout(10):
        await request.held_back.wait()
    assert request.tokens_sent < 20_001
    writer.transport.abort()
    await request.wait_settled()
    assert request.client_closed


async def test_it_refuses_and_accepts_again_on_the_same_port(upstream: ScriptedUpstream) -> None:
    port = upstream.port
    await upstream.refuse()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    await upstream.accept()
    assert upstream.port == port
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
