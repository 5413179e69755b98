"""G2: a required tool call comes from servers that take ``tool_choice`` for a wish, too."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openai
import pytest
from openai import AsyncStream
from openai.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionFunctionToolParam,
)

from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand, until

SPELLED = '{"name": "look", "arguments": {"at": "the } sky", "n": [1, {}]}}'
ARGUMENTS: dict[str, object] = {"at": "the } sky", "n": [1, {}]}


def tool(name: str, **properties: Any) -> ChatCompletionFunctionToolParam:  # noqa: ANN401 - a schema
    """Return a tool of these properties, all of them required."""
    schema: dict[str, object] = {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
    }
    return {"type": "function", "function": {"name": name, "parameters": schema}}


TOOLS = [
    tool("look", at={"type": "string"}),
    tool("add", a={"type": "integer"}, b={"type": "integer"}),
]
ASKED: dict[str, Any] = {
    "model": "wishful",
    "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Look!"}],
    "tools": TOOLS,
}


async def ask(client: openai.AsyncOpenAI, **more: object) -> ChatCompletion:
    """Ask for a whole answer."""
    create: Any = client.chat.completions.create
    answer = await create(**ASKED | more)
    assert isinstance(answer, ChatCompletion)
    return answer


@pytest.fixture
async def client(stand: Stand, upstream: ScriptedUpstream) -> openai.AsyncOpenAI:
    """Return a client of a gateway whose model ``wishful`` does not enforce ``tool_choice``."""
    made = stand.builder.add_upstream(upstream.url, "wishful", enforces_tool_choice=False)
    stand.builder.add_model("wishful", made)
    stand.update()
    return stand.openai()


async def test_a_required_call_is_had_by_schema(
    client: openai.AsyncOpenAI, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content=SPELLED))
    answer = await ask(client, tool_choice="required")
    [choice] = answer.choices
    assert (choice.finish_reason, choice.message.content) == ("tool_calls", None)
    [call] = choice.message.tool_calls or []
    assert call.type == "function"
    assert (call.function.name, json.loads(call.function.arguments)) == ("look", ARGUMENTS)
    sent = upstream.requests[0].json()
    assert "tools" not in sent
    assert "tool_choice" not in sent
    [look, add] = sent["response_format"]["json_schema"]["schema"]["anyOf"]
    assert [each["properties"]["name"] for each in (look, add)] == [
        {"const": "look"},
        {"const": "add"},
    ]
    [system, user] = sent["messages"]
    assert system["content"].startswith("Be brief.")
    assert '"look"' in system["content"]
    assert user == {"role": "user", "content": "Look!"}


@pytest.mark.parametrize("size", [1, 7, 4096])
async def test_a_named_call_streams_however_it_is_cut(
    client: openai.AsyncOpenAI, upstream: ScriptedUpstream, size: int
) -> None:
    upstream.then(Reply(content=SPELLED, split_bytes=size))
    named: Any = {"type": "function", "function": {"name": "look"}}
    create: Any = client.chat.completions.create
    stream: AsyncStream[ChatCompletionChunk] = await create(**ASKED, tool_choice=named, stream=True)
    names: list[str] = []
    arguments, reason = "", None
    async for chunk in stream:
        for choice in chunk.choices:
            assert not choice.delta.content
            reason = choice.finish_reason or reason
            for call in choice.delta.tool_calls or []:
                assert call.function is not None
                names += [call.function.name] if call.function.name else []
                arguments += call.function.arguments or ""
    assert (names, json.loads(arguments), reason) == (["look"], ARGUMENTS, "tool_calls")
    schema = upstream.requests[0].json()["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["name"] == {"const": "look"}


async def test_a_server_that_answers_prose_all_the_same_is_an_error(
    client: openai.AsyncOpenAI, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply(content="I would rather chat")
    with pytest.raises(openai.InternalServerError):
        await ask(client, tool_choice="required")


async def test_a_free_choice_passes_as_it_is(
    client: openai.AsyncOpenAI, upstream: ScriptedUpstream
) -> None:
    await ask(client, tool_choice="auto")
    sent = upstream.requests[0].json()
    assert (sent["tools"], sent["tool_choice"]) == (TOOLS, "auto")


async def test_a_tool_that_is_not_there_cannot_be_named(
    client: openai.AsyncOpenAI, upstream: ScriptedUpstream
) -> None:
    named: Any = {"type": "function", "function": {"name": "dance"}}
    with pytest.raises(openai.BadRequestError):
        await ask(client, tool_choice=named)
    assert upstream.requests == []


async def test_references_within_a_tools_schema_keep_their_meaning(
    client: openai.AsyncOpenAI, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content='{"name":"walk","arguments":{"to":{"x":1}}}'))
    walk = tool("walk", to={"$ref": "#/$defs/place"})
    parameters: Any = walk["function"].get("parameters")
    parameters["$defs"] = {"place": {"type": "object"}}
    await ask(client, tools=[walk], tool_choice="required")
    schema = upstream.requests[0].json()["response_format"]["json_schema"]["schema"]
    moved = schema["$defs"]["tool_0"]
    assert schema["properties"]["arguments"] == {"$ref": "#/$defs/tool_0"}
    assert moved["properties"]["to"] == {"$ref": "#/$defs/tool_0/$defs/place"}


@pytest.fixture
async def llama(stand: Stand, unused_tcp_port: int) -> AsyncIterator[None]:
    """Run the embedded chat runtime behind the model ``wishful``."""
    serve = (
        "import sys; from mainspring.infra.runtimes.llamacpp import serve\n"
        "from mainspring.infra.runtimes.settings import LlamaSettings\n"
        "serve(LlamaSettings(port=int(sys.argv[1]), slots=1, context_length=1024, drain_s=0.1))"
    )
    url = f"http://127.0.0.1:{unused_tcp_port}"

    def ready() -> bool:
        try:
            return httpx.get(f"{url}/health").status_code == 200
        except httpx.TransportError:
            return False

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", serve, str(unused_tcp_port)
    )
    try:
        await until(ready, 60.0)
        made = stand.builder.add_upstream(url, "llama", enforces_tool_choice=False)
        stand.builder.add_model("wishful", made, upstream_model="smollm2-135m-instruct")
        stand.update()
        yield
    finally:
        process.kill()
        await process.wait()


@pytest.mark.usefixtures("llama")
async def test_the_embedded_runtime_makes_the_call_that_is_required(stand: Stand) -> None:
    answer = await ask(
        stand.openai(), tools=[TOOLS[1]], tool_choice="required", max_tokens=120, temperature=0
    )
    [call] = answer.choices[0].message.tool_calls or []
    assert call.type == "function"
    assert call.function.name == "add"
    arguments = json.loads(call.function.arguments)
    assert {name: type(value) for name, value in arguments.items()} == {"a": int, "b": int}
    counted = await stand.http().post(
        "/v1/messages/count_tokens", json={"model": "wishful", "messages": ASKED["messages"][1:]}
    )
    assert counted.json()["input_tokens"] > 5
    assert "x-mainspring-estimated" not in counted.headers
