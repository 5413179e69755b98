"""The load upstream is an OpenAI server to a client, and its books are exact."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator

import httpx
import openai
import pytest


@pytest.fixture
async def url() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "mainspring.testing.upstream",
        "--answer-words",
        "5",
        "--prompt-tokens",
        "7",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 30)
    yield f"http://127.0.0.1:{json.loads(line)['port']}"
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 10) == 0


@pytest.fixture
async def client(url: str) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="x", max_retries=0) as made:
        yield made


async def test_whole_and_streamed_answers_add_up_to_its_books(
    url: str, client: openai.AsyncOpenAI
) -> None:
    whole = await client.chat.completions.create(model="scripted", messages=[])
    assert whole.usage is not None
    assert whole.usage.completion_tokens == 5
    stream = await client.chat.completions.create(
        model="scripted",
        messages=[],
        stream=True,
        stream_options={"include_usage": True},
        max_tokens=13,
        stop=["pace-1ms"],
    )
    chunks = [chunk async for chunk in stream]
    assert sum(bool(chunk.choices and chunk.choices[0].delta.content) for chunk in chunks) == 13
    told = chunks[-1].usage
    assert told is not None
    assert (told.prompt_tokens, told.completion_tokens, told.total_tokens) == (7, 13, 20)
    async with httpx.AsyncClient(base_url=url) as plain:
        books = (await plain.get("/scripted/stats")).json()
    assert books == {
        "requests": 2,
        "streams_open": 0,
        "streams_finished": 1,
        "streams_cut": 0,
        "content_events": 13,
        "prompt_tokens": 14,
        "completion_tokens": 18,
    }


async def test_a_stream_that_its_client_leaves_is_counted_as_cut(url: str) -> None:
    body = b'{"model":"scripted","stream":true,"max_tokens":1000,"stop":["pace-5ms"]}'
    async with httpx.AsyncClient(base_url=url, timeout=10) as client:
        async with client.stream("POST", "/v1/chat/completions", content=body) as response:
            await anext(response.aiter_bytes())
        async with asyncio.timeout(10):
            while (await client.get("/scripted/stats")).json()["streams_cut"] != 1:
                pass
