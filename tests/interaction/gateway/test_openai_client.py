"""What the official client sees, and what is recorded of it."""

import json

import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam

from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.testing.upstream.openai import embed
from mainspring.wire.usage import Usage
from tests.fixtures.gateway import Stand

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "three words here"}]


async def test_a_chat_completion_comes_back_whole_and_is_recorded(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content="Hello over there"))
    answer = await stand.openai().chat.completions.create(model="scripted", messages=HELLO)
    assert answer.choices[0].message.content == "Hello over there"
    [record] = await stand.recorded()
    assert record.usage == Usage(input=3, output=3)
    assert json.loads(record.usage_frame or b"")["total_tokens"] == 6
    assert (record.operation, record.model, record.outcome) == ("chat", "scripted", "ok")
    assert (record.status, record.stream, record.attempts) == (200, False, 1)
    assert record.id == f"use_{record.request_id.removeprefix('req_')}"
    assert record.duration_ms >= (record.ttft_ms or 0) > 0


async def test_a_stream_flows_and_its_usage_is_recorded_though_nobody_asked_for_it(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content="one two three four", reasoning_tokens=2, cached_tokens=1))
    stream = await stand.openai().chat.completions.create(
        model="scripted", messages=HELLO, stream=True
    )
    chunks = [chunk async for chunk in stream]
    words = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert words == "one two three four"
    assert all(chunk.usage is None for chunk in chunks)
    [record] = await stand.recorded()
    assert record.usage == Usage(input=2, cached_input=1, output=4, reasoning=2)
    assert record.stream
    [request] = upstream.requests
    assert request.json()["stream_options"] == {"include_usage": True}


async def test_a_caller_that_asks_for_usage_gets_it(stand: Stand) -> None:
    stream = await stand.openai().chat.completions.create(
        model="scripted", messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    last = chunks[-1]
    assert last.choices == []
    assert last.usage is not None
    assert last.usage.completion_tokens == 8
    [record] = await stand.recorded()
    assert record.usage.output == 8


@pytest.mark.parametrize("split", [1, 7, 1000])
async def test_the_stream_is_the_upstreams_to_the_byte_but_for_the_usage_event(
    stand: Stand, upstream: ScriptedUpstream, split: int
) -> None:
    body = {"model": "scripted", "messages": HELLO, "stream": True}
    asked = {**body, "stream_options": {"include_usage": True}}
    upstream.then(Reply(split_bytes=split), Reply(split_bytes=split))
    http = stand.http()
    with_usage = (await http.post("/v1/chat/completions", json=asked)).content
    without = (await http.post("/v1/chat/completions", json=body)).content
    events = with_usage.replace(b"chatcmpl-1", b"chatcmpl-2").split(b"\n\n")
    assert b"\n\n".join(e for e in events if b'"choices":[]' not in e) == without
    first, second = await stand.recorded(2)
    assert first.usage == second.usage
    assert first.usage_frame == second.usage_frame


async def test_legacy_completions_and_embeddings_are_answered(stand: Stand) -> None:
    client = stand.openai()
    completion = await client.completions.create(model="scripted", prompt="go", max_tokens=2)
    assert completion.choices[0].text == "word0 word1"
    embedding = await client.embeddings.create(model="scripted", input=["a", "b"])
    assert embedding.data[1].embedding == pytest.approx(embed("b"))
    records = await stand.recorded(2)
    assert [each.operation for each in records] == ["text_completion", "embeddings"]
    assert [each.usage for each in records] == [Usage(input=1, output=2), Usage(input=2)]


async def test_models_are_listed_and_retrieved(stand: Stand) -> None:
    stand.builder.add_model("kb/handbook", tasks=("chat",))
    stand.update()
    client = stand.openai()
    assert [model.id async for model in client.models.list()] == ["kb/handbook", "scripted"]
    assert (await client.models.retrieve("kb/handbook")).owned_by == "mainspring"
    with pytest.raises(openai.NotFoundError) as raised:
        await client.models.retrieve("nothing")
    assert raised.value.code == "model_not_found"


async def test_a_model_is_called_by_its_name_at_its_upstream(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    target = stand.builder.add_upstream(f"{upstream.url}/prefix")
    stand.builder.add_model("alias", target, upstream_model="real-name")
    stand.update()
    await stand.openai().chat.completions.create(model="alias", messages=HELLO, seed=7)
    [request] = upstream.requests
    assert request.path == "/prefix/v1/chat/completions"
    assert request.json() == {"model": "real-name", "messages": HELLO, "seed": 7}
    assert "authorization" not in request.headers
    [record] = await stand.recorded()
    assert (record.model, record.upstream_model) == ("alias", "real-name")


async def test_a_wrong_key_is_refused_in_openais_shape(stand: Stand) -> None:
    with pytest.raises(openai.AuthenticationError) as raised:
        await stand.openai(key="msk-wrong").chat.completions.create(
            model="scripted", messages=HELLO
        )
    assert raised.value.code == "invalid_api_key"
    assert raised.value.type == "authentication_error"
    assert raised.value.response.headers["www-authenticate"] == "Bearer"


async def test_an_unknown_model_is_refused(stand: Stand, upstream: ScriptedUpstream) -> None:
    with pytest.raises(openai.NotFoundError) as raised:
        await stand.openai().chat.completions.create(model="typo", messages=HELLO)
    assert (raised.value.code, raised.value.param) == ("model_not_found", "model")
    assert upstream.requests == []


async def test_a_model_refuses_tasks_that_it_does_not_serve(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    stand.builder.add_model(
        "vectors", stand.builder.add_upstream(upstream.url), tasks=("embedding",)
    )
    stand.update()
    with pytest.raises(openai.BadRequestError) as raised:
        await stand.openai().chat.completions.create(model="vectors", messages=HELLO)
    assert raised.value.code == "model_task_mismatch"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "malformed_json"),
        (b"\xff\xfe", "malformed_json"),
        (b"[]", "invalid_request"),
        (b'{"messages":[]}', "invalid_request"),
        (b'{"model":5}', "invalid_request"),
        (b'{"model":"scripted","stream":"yes"}', "invalid_request"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(stand: Stand, body: bytes, code: str) -> None:
    answer = await stand.http().post("/v1/chat/completions", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code
    assert answer.headers["x-request-id"] == answer.json()["error"]["request_id"]


async def test_an_oversize_body_is_refused(stand: Stand) -> None:
    await stand.gateway.stop(0.1)
    stand.configure(max_body_bytes=1000)
    await stand.start()
    answer = await stand.http().post("/v1/chat/completions", content=b"x" * 2000)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "body_too_large"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/chat/completions", 405, "method_not_allowed"),
        ("POST", "/v1/models", 405, "method_not_allowed"),
        ("POST", "/v1/nothing", 404, "route_not_found"),
        ("GET", "/", 404, "route_not_found"),
        ("GET", "/v1/models/", 404, "route_not_found"),
    ],
)
async def test_what_is_not_in_the_route_table_does_not_exist(
    stand: Stand, method: str, path: str, status: int, code: str
) -> None:
    answer = await stand.http().request(method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert ("allow" in answer.headers) == (status == 405)


async def test_a_trace_is_passed_on_and_recorded(stand: Stand, upstream: ScriptedUpstream) -> None:
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    answer = await stand.http().post(
        "/v1/chat/completions",
        json={"model": "scripted", "messages": HELLO},
        headers={"traceparent": parent, "x-secret": "for the gateway only"},
    )
    [request] = upstream.requests
    version, trace_id, span_id, flags = request.headers["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", "a" * 32, "01")
    assert span_id not in {"b" * 16, answer.headers["x-request-id"][-16:]}
    assert request.headers["x-request-id"] == answer.headers["x-request-id"]
    assert answer.headers["x-trace-id"] == "a" * 32
    assert "x-secret" not in request.headers
    [record] = await stand.recorded()
    assert record.trace_id == "a" * 32


async def test_an_answer_too_large_to_keep_flows_through_and_is_counted(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(tokens=400_000), Reply(tokens=400_000, split_bytes=100_000))
    for _ in range(2):
        answer = await stand.openai().chat.completions.create(model="scripted", messages=HELLO)
        assert (answer.choices[0].message.content or "").count(" ") == 399_999
    for record in await stand.recorded(2):
        assert record.usage == Usage(input=3, output=400_000)


async def test_usage_that_nobody_tells_is_estimated(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(usage="never", tokens=5), Reply(usage="never", tokens=5))
    client = stand.openai()
    await client.chat.completions.create(model="scripted", messages=HELLO)
    stream = await client.chat.completions.create(model="scripted", messages=HELLO, stream=True)
    assert [chunk async for chunk in stream]
    for record in await stand.recorded(2):
        assert record.usage.estimated
        assert record.usage.input > 0
        assert record.usage.output > 0
        assert record.usage_frame is None
