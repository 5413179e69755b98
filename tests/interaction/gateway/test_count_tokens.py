"""G2: the tokens of a prompt, counted by whoever can, else estimated and marked so."""

from collections.abc import AsyncIterator
from typing import Any

import anthropic
import httpx
import pytest

from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.wire.usage import Usage
from tests.fixtures.gateway import Stand

PROMPT: dict[str, Any] = {
    "system": "Be brief.",
    "messages": [{"role": "user", "content": "three words here"}],
}


@pytest.fixture
async def claude(stand: Stand) -> AsyncIterator[anthropic.AsyncAnthropic]:
    """Return the official Anthropic client, pointed at the gateway."""
    async with anthropic.AsyncAnthropic(
        base_url=stand.url, api_key=stand.key, max_retries=0, timeout=20.0
    ) as client:
        yield client


async def ask(stand: Stand, **more: object) -> httpx.Response:
    """Ask without the official client, for the headers."""
    return await stand.http().post(
        "/v1/messages/count_tokens", json={"model": "scripted", **PROMPT, **more}
    )


async def test_a_native_server_counts_itself(
    stand: Stand, claude: anthropic.AsyncAnthropic
) -> None:
    async with ScriptedUpstream() as vendor:
        made = stand.builder.add_upstream(vendor.url, "vendor", protocol="anthropic")
        stand.builder.add_model("claude", made, upstream_model="claude-upstream")
        stand.update()
        counted = await claude.messages.count_tokens(model="claude", **PROMPT)
        [request] = vendor.requests
    assert counted.input_tokens == 5
    assert request.path == "/v1/messages/count_tokens"
    assert request.json() == {"model": "claude-upstream", **PROMPT}
    [record] = await stand.recorded()
    assert (record.operation, record.usage, record.outcome) == ("count_tokens", Usage(), "ok")


async def test_llama_cpp_counts_the_prompt_as_its_template_writes_it(
    stand: Stand, upstream: ScriptedUpstream, claude: anthropic.AsyncAnthropic
) -> None:
    upstream.default = Reply(tokenizer="llama.cpp")
    counted = await claude.messages.count_tokens(model="scripted", **PROMPT)
    assert counted.input_tokens == 7
    assert [request.path for request in upstream.requests] == ["/apply-template", "/tokenize"]


async def test_vllm_counts_the_chat(stand: Stand, upstream: ScriptedUpstream) -> None:
    upstream.default = Reply(tokenizer="vllm")
    answer = await ask(stand)
    assert (answer.json(), answer.headers.get("x-mainspring-estimated")) == (
        {"input_tokens": 5},
        None,
    )
    assert upstream.requests[-1].json()["messages"][1]["content"] == "three words here"


async def test_without_a_tokenizer_an_estimate_says_that_it_is_one(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    first = await ask(stand)
    second = await ask(stand, messages=[{"role": "user", "content": "四个汉字"}])
    told = [(each.json(), each.headers["x-mainspring-estimated"]) for each in (first, second)]
    assert told == [({"input_tokens": 15}, "true"), ({"input_tokens": 15}, "true")]
    assert len(upstream.requests) == 2  # what has no tokenizer is not asked for one again
    assert [record.usage for record in await stand.recorded(2)] == [Usage(), Usage()]


async def test_tools_are_counted_with_the_prompt(stand: Stand, upstream: ScriptedUpstream) -> None:
    tools = [{"name": "look", "description": "Look around.", "input_schema": {"type": "object"}}]
    plain, tooled = await ask(stand), await ask(stand, tools=tools)
    assert tooled.json()["input_tokens"] > plain.json()["input_tokens"]
    stand.builder.add_model("told", stand.builder.add_upstream(upstream.url, "told"))
    stand.update()
    for tokenizer in ("llama.cpp", "vllm"):
        upstream.default = Reply(tokenizer=tokenizer)
        assert (await ask(stand, model="told", tools=tools)).json()["input_tokens"]
    asked = [request.json() for request in upstream.requests if "tools" in request.json()]
    assert [each["tools"][0]["function"]["name"] for each in asked].count("look") == len(asked) > 1


async def test_a_server_that_is_down_is_told_as_such(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    await upstream.refuse()
    answer = await ask(stand)
    assert (answer.status_code, answer.json()["type"]) == (502, "error")


async def test_what_is_no_prompt_is_refused(stand: Stand, upstream: ScriptedUpstream) -> None:
    answer = await ask(stand, messages="hello")
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")
    assert upstream.requests == []
