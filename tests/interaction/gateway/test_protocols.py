"""G2: every client protocol reaches every upstream protocol, with the official clients."""

from collections.abc import AsyncIterator
from typing import Any

import anthropic
import msgspec
import pytest
from anthropic.types import ToolParam
from openai.types.chat import ChatCompletionMessageParam

from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.wire.usage import Usage
from tests.fixtures.gateway import Stand
from tests.interaction.gateway.transcripts import (
    anthropic_message,
    anthropic_stream,
    openai_tool_stream,
)

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "three words here"}]
LOOK: ToolParam = {
    "name": "look",
    "input_schema": {"type": "object", "properties": {"at": {"type": "string"}}},
}


@pytest.fixture
async def claude(stand: Stand) -> AsyncIterator[anthropic.AsyncAnthropic]:
    """Return the official Anthropic client, pointed at the gateway."""
    async with anthropic.AsyncAnthropic(
        base_url=stand.url, api_key=stand.key, max_retries=0, timeout=20.0
    ) as client:
        yield client


@pytest.fixture
async def vendor(stand: Stand) -> AsyncIterator[ScriptedUpstream]:
    """Return an upstream of the Anthropic protocol, behind the model ``claude``."""
    async with ScriptedUpstream() as scripted:
        made = stand.builder.add_upstream(scripted.url, "vendor", protocol="anthropic")
        stand.builder.add_model("claude", made, upstream_model="claude-upstream", tasks=("chat",))
        stand.update()
        yield scripted


async def test_the_anthropic_client_talks_to_an_openai_server(
    stand: Stand, upstream: ScriptedUpstream, claude: anthropic.AsyncAnthropic
) -> None:
    upstream.then(Reply(content="Hello over there", cached_tokens=2))
    message = await claude.messages.create(
        model="scripted",
        max_tokens=50,
        system="Be brief.",
        messages=[{"role": "user", "content": "three words here"}],
    )
    assert [block.text for block in message.content if block.type == "text"] == ["Hello over there"]
    assert (message.model, message.stop_reason) == ("scripted", "end_turn")
    usage = message.usage
    assert (usage.input_tokens, usage.cache_read_input_tokens, usage.output_tokens) == (3, 2, 3)
    [request] = upstream.requests
    assert request.path == "/v1/chat/completions"
    assert request.json()["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "three words here"},
    ]
    [record] = await stand.recorded()
    assert record.usage == Usage(input=3, cached_input=2, output=3)
    assert (record.operation, record.outcome) == ("chat", "ok")


async def test_interleaved_tool_calls_arrive_as_blocks_one_after_another(
    upstream: ScriptedUpstream, claude: anthropic.AsyncAnthropic
) -> None:
    upstream.then(openai_tool_stream())
    async with claude.messages.stream(
        model="scripted",
        max_tokens=50,
        tools=[LOOK],
        messages=[{"role": "user", "content": "look around"}],
    ) as stream:
        message = await stream.get_final_message()
    assert message.stop_reason == "tool_use"
    said = [(block.type, getattr(block, "text", None)) for block in message.content]
    assert said == [("text", "Let me look."), ("tool_use", None), ("tool_use", None)]
    calls = [(b.id, b.name, b.input) for b in message.content if b.type == "tool_use"]
    assert calls == [("call_0", "look", {"at": "sky"}), ("call_1", "look", {"at": "sea"})]
    assert message.usage.output_tokens == 6


async def test_the_openai_client_talks_to_an_anthropic_server(
    stand: Stand, vendor: ScriptedUpstream
) -> None:
    vendor.then(anthropic_message("Good evening"))
    raw = await stand.openai().chat.completions.with_raw_response.create(
        model="claude", messages=HELLO, seed=3, logit_bias={"1": 1}
    )
    answer = raw.parse()
    assert answer.choices[0].message.content == "Good evening"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (15, 4)
    assert raw.headers["x-mainspring-dropped-params"] == "logit_bias, seed"
    [request] = vendor.requests
    assert (request.path, request.json()["model"]) == ("/v1/messages", "claude-upstream")
    assert request.headers["anthropic-version"] == "2023-06-01"
    [record] = await stand.recorded()
    assert record.usage == Usage(input=7, cached_input=5, cache_write=3, output=4)


@pytest.mark.parametrize("split", [1, 13, None])
async def test_an_anthropic_stream_reaches_the_openai_client(
    stand: Stand, vendor: ScriptedUpstream, split: int | None
) -> None:
    vendor.then(anthropic_stream("Look", " up", split=split))
    async with stand.openai().chat.completions.stream(model="claude", messages=HELLO) as stream:
        final = await stream.get_final_completion()
    choice = final.choices[0]
    assert choice.message.content == "Look up"
    assert choice.finish_reason == "tool_calls"
    assert [
        (call.id, call.function.name, call.function.arguments)
        for call in choice.message.tool_calls or ()
    ] == [("toolu_1", "look", '{"at": "sky"}')]
    [record] = await stand.recorded()
    assert record.usage == Usage(input=7, cached_input=5, output=9)
    assert record.stream


@pytest.mark.parametrize("split", [1, None])
async def test_anthropic_to_anthropic_passes_every_byte(
    stand: Stand, vendor: ScriptedUpstream, split: int | None
) -> None:
    reply = anthropic_stream("你好", split=split)
    vendor.then(reply)
    body = {
        "model": "claude",
        "max_tokens": 20,
        "stream": True,
        "messages": [{"role": "user", "content": "hi"}],
        "some_new_parameter": {"kept": True},
    }
    answer = await stand.http().post("/v1/messages", json=body)
    assert answer.content == reply.body
    assert vendor.requests[0].json() == {**body, "model": "claude-upstream"}
    [record] = await stand.recorded()
    assert record.usage == Usage(input=7, cached_input=5, output=9)


async def test_the_responses_api_streams_from_a_chat_server(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(openai_tool_stream())
    async with stand.openai().responses.stream(
        model="scripted", input="look around", store=False
    ) as stream:
        kinds = [event.type async for event in stream]
        final = await stream.get_final_response()
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-1] == "response.completed"
    assert final.output_text == "Let me look."
    assert [
        (item.call_id, item.arguments) for item in final.output if item.type == "function_call"
    ] == [("call_0", '{"at": "sky"}'), ("call_1", '{"at": "sea"}')]
    assert final.usage is not None
    assert (final.usage.input_tokens, final.usage.output_tokens) == (12, 6)


async def test_the_responses_api_answers_whole(stand: Stand, vendor: ScriptedUpstream) -> None:
    vendor.then(anthropic_message("Good evening"))
    answer = await stand.openai().responses.create(model="claude", input="hello", store=False)
    assert (answer.output_text, answer.status) == ("Good evening", "completed")
    [record] = await stand.recorded()
    assert (record.operation, record.usage.output) == ("responses", 4)


async def test_errors_have_the_shape_of_the_clients_protocol(
    stand: Stand, claude: anthropic.AsyncAnthropic, vendor: ScriptedUpstream
) -> None:
    hello: list[Any] = [{"role": "user", "content": "hi"}]
    with pytest.raises(anthropic.NotFoundError) as missing:
        await claude.messages.create(model="nothing", max_tokens=5, messages=hello)
    assert missing.value.response.json()["type"] == "error"
    vendor.then(Reply(status=400, body=b'{"error":{"type":"x","message":"too many tools"}}'))
    with pytest.raises(anthropic.BadRequestError, match="too many tools"):
        await claude.messages.create(model="claude", max_tokens=5, messages=hello)
    vendor.then(Reply(status=400, body=b'{"error":{"type":"x","message":"too many tools"}}'))
    answer = await stand.http().post(
        "/v1/chat/completions", json={"model": "claude", "messages": HELLO}
    )
    assert answer.status_code == 400
    assert "too many tools" in answer.json()["error"]["message"]
    assert answer.json()["error"]["code"] == "invalid_request"


async def test_a_stream_that_breaks_off_ends_with_an_error_of_the_clients_protocol(
    stand: Stand, upstream: ScriptedUpstream, claude: anthropic.AsyncAnthropic
) -> None:
    upstream.then(Reply(content="one two three four", reset_after_chunks=2))
    stream = await claude.messages.create(
        model="scripted",
        max_tokens=5,
        stream=True,
        messages=[{"role": "user", "content": "hi"}],
    )
    with pytest.raises(anthropic.APIStatusError):
        [event async for event in stream]
    [record] = await stand.recorded()
    assert record.outcome == "upstream_error"
    assert record.usage.estimated


async def test_what_the_upstreams_protocol_cannot_say_is_refused_before_it_is_asked(
    stand: Stand, vendor: ScriptedUpstream
) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}
    answer = await stand.http().post(
        "/v1/chat/completions",
        json={"model": "claude", "messages": HELLO, "response_format": wanted},
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "response_format"
    assert vendor.requests == []


async def test_a_task_that_no_server_of_the_protocol_has_is_refused(
    stand: Stand, vendor: ScriptedUpstream
) -> None:
    made = stand.builder.add_upstream(vendor.url, "vendor-2", protocol="anthropic")
    stand.builder.add_model("embedder", made, tasks=("embedding",))
    stand.update()
    answer = await stand.http().post("/v1/embeddings", json={"model": "embedder", "input": "x"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "model_task_mismatch"


async def test_headers_of_the_protocol_reach_a_native_server_and_no_other(
    stand: Stand,
    upstream: ScriptedUpstream,
    vendor: ScriptedUpstream,
    claude: anthropic.AsyncAnthropic,
) -> None:
    vendor.default = upstream.default = anthropic_message("Hello")
    asked: dict[str, Any] = {"max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
    shown = {"anthropic-beta": "new-thing", "anthropic-version": "2099-01-01", "x-other": "secret"}
    await claude.messages.create(model="claude", extra_headers=shown, **asked)
    await stand.http().post("/v1/messages", json={"model": "claude", **asked})
    await stand.http().post("/v1/messages", json={"model": "scripted", **asked}, headers=shown)
    await stand.http().post(
        "/v1/chat/completions", json={"model": "claude", **asked}, headers=shown
    )
    told = [
        {name: value for name, value in each.headers.items() if name in shown}
        for each in (*vendor.requests, *upstream.requests)
    ]
    default = {"anthropic-version": "2023-06-01"}
    both = {"anthropic-beta": "new-thing", "anthropic-version": "2099-01-01"}
    assert told == [both, default, default, {}]


async def test_a_stream_that_ends_inside_its_error_is_answered_once(
    stand: Stand, upstream: ScriptedUpstream, vendor: ScriptedUpstream
) -> None:
    """The error's blank line never comes: it is read only when the upstream has ended."""
    second = stand.builder.add_upstream(upstream.url, "second")
    first = stand.builder.add_upstream(vendor.url, "first", protocol="anthropic")
    stand.builder.add_model("pair", first, second, upstream_model="scripted", tasks=("chat",))
    stand.update()
    error = b'event: error\ndata: {"type":"error","error":{"type":"x","message":"boiled over"}}\n'
    vendor.then(Reply(body=error, headers=(("content-type", "text/event-stream"),)))
    upstream.then(Reply(content="from the second"))
    stream = await stand.openai().chat.completions.create(model="pair", messages=HELLO, stream=True)
    words = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
    assert "".join(words) == "from the second"
    [record] = await stand.recorded()
    assert (record.outcome, record.attempts) == ("ok", 2)


async def test_a_conversation_that_was_never_kept_is_not_silently_begun_anew(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    body = {"model": "scripted", "input": "and then?", "previous_response_id": "resp_1"}
    answer = await stand.http().post("/v1/responses", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "previous_response_id"
    assert upstream.requests == []
    again = await stand.http().post("/v1/responses", json={**body, "previous_response_id": None})
    assert again.status_code == 200


async def test_a_response_repeats_what_was_asked_of_it(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    tool = {
        "type": "function",
        "name": "look",
        "description": "Look around.",
        "parameters": {"type": "object"},
        "strict": True,
    }
    form = {"type": "json_schema", "name": "answer", "schema": {"type": "object"}, "strict": True}
    asked = {
        "model": "scripted",
        "input": "hello",
        "store": False,
        "tools": [tool],
        "tool_choice": {"type": "function", "name": "look"},
        "text": {"format": form},
    }
    answer = (await stand.http().post("/v1/responses", json=asked)).json()
    assert {name: answer[name] for name in ("tools", "tool_choice", "text")} == {
        "tools": [tool],
        "tool_choice": {"type": "function", "name": "look"},
        "text": {"format": form},
    }


async def test_tokens_written_into_a_cache_are_told_and_counted_once(
    stand: Stand, upstream: ScriptedUpstream, vendor: ScriptedUpstream
) -> None:
    vendor.default = anthropic_message("Good evening")  # 7 in, 5 read, 3 written, 4 out
    chat = await stand.openai().chat.completions.create(
        model="claude", messages=[{"role": "user", "content": "hello"}]
    )
    assert chat.usage is not None
    assert chat.usage.prompt_tokens == 15
    assert chat.usage.to_dict()["prompt_tokens_details"] == {
        "cached_tokens": 5,
        "cache_write_tokens": 3,
    }
    response = await stand.openai().responses.create(model="claude", input="hello", store=False)
    assert response.usage is not None
    assert response.usage.input_tokens == 15
    assert response.usage.to_dict()["input_tokens_details"] == {
        "cached_tokens": 5,
        "cache_write_tokens": 3,
    }
    # And the same words from an upstream that speaks OpenAI's.
    body = {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": "hello"},
            }
        ],
        "usage": chat.usage.to_dict(),
    }
    upstream.then(Reply(body=msgspec.json.encode(body)))
    await stand.openai().chat.completions.create(
        model="scripted", messages=[{"role": "user", "content": "hello"}]
    )
    records = await stand.recorded(3)
    assert [each.usage for each in records] == [
        Usage(input=7, cached_input=5, cache_write=3, output=4)
    ] * 3


async def test_models_are_listed_as_each_client_expects_it(stand: Stand) -> None:
    for name in ("one", "three", "two"):
        stand.builder.add_model(name, tasks=("chat",))
    stand.update()
    async with anthropic.AsyncAnthropic(
        base_url=stand.url, api_key=stand.key, max_retries=0, _strict_response_validation=True
    ) as client:
        every = [each.id async for each in client.models.list(limit=2)]
        assert every == ["one", "scripted", "three", "two"]
        page = await client.models.list(after_id="one", limit=1)
        assert ([each.id for each in page.data], page.first_id) == (["scripted"], "scripted")
        before = await client.models.list(before_id="three", limit=1)
        assert ([each.id for each in before.data], before.has_more) == (["scripted"], True)
        assert (await client.models.list(after_id="nothing")).data == []
        assert (await client.models.list(lifecycle=["retired"])).data == []
        one = await client.models.retrieve("one")
        assert (one.type, one.display_name, one.lifecycle) == ("model", "one", "active")
        with pytest.raises(anthropic.NotFoundError) as unknown:
            await client.models.retrieve("nothing")
        assert unknown.value.body is not None
        with pytest.raises(anthropic.BadRequestError):
            await client.models.list(limit=0)
