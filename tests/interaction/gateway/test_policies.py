"""Policies over real sockets: what reaches a model's server, and what the caller is told."""

import json
from typing import Any

import httpx
import msgspec
import pytest
from anthropic import AsyncAnthropic
from openai import BadRequestError, PermissionDeniedError

from mainspring.snapshot.policy_rules import ParameterRule
from mainspring.snapshot.resources import Limits, Model, ModelTarget, Project
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand

HELLO: list[Any] = [{"role": "user", "content": "hello there"}]
BODY: dict[str, Any] = {"model": "scripted", "messages": HELLO}
TOOLS = [
    {"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}
    for name in ("search", "send_mail")
]


def policy(
    stand: Stand,
    *rules: ParameterRule,
    models: tuple[str, ...] = (),
    project: Project | None = None,
) -> None:
    stand.builder.add_policy(*rules, models=models, project=project)
    stand.update()


def rule(name: str, **fields: object) -> ParameterRule:
    return msgspec.convert({"name": name, **fields}, ParameterRule)


async def ask(stand: Stand, **fields: object) -> httpx.Response:
    return await stand.http().post("/v1/chat/completions", json=BODY | fields)


async def received(upstream: ScriptedUpstream, count: int = 1) -> dict[str, Any]:
    return json.loads((await upstream.received(count))[-1].body)


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["param"]


async def test_without_a_policy_that_concerns_it_a_body_stays_byte_for_byte(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    body = b'{"messages":[{"role":"user","content":"caf\\u00e9"}], "x" : 1.50,"model":"scripted"}'
    [plain] = [(await stand.http().post("/v1/chat/completions", content=body))]
    policy(stand, rule("temperature", max=2), rule("tools", deny="drop"), models=("other",))
    policy(stand, rule("temperature", max=2), rule("tools", deny="drop"))
    await stand.http().post("/v1/chat/completions", content=body)
    first, second = await upstream.received(2)
    assert first.body == second.body
    assert b'"x":1.50' in first.body
    assert b"caf\\u00e9" in first.body
    assert "x-mainspring-adjusted-params" not in plain.headers


async def test_defaults_caps_and_denials_reach_the_server_and_are_told(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    policy(
        stand,
        rule("temperature", max=0.7),
        rule("top_p", default=0.9),
        rule("seed", force=7),
        rule("logit_bias", deny="drop"),
    )
    answer = await stand.openai().chat.completions.with_raw_response.create(
        model="scripted", messages=HELLO, temperature=1.5, logit_bias={"50256": -100}, user="u"
    )
    sent = await received(upstream)
    assert (sent["temperature"], sent["top_p"], sent["seed"], sent["user"]) == (0.7, 0.9, 7, "u")
    assert "logit_bias" not in sent
    adjusted = set(answer.headers["x-mainspring-adjusted-params"].split(", "))
    assert adjusted == {"temperature", "top_p", "seed"}
    assert answer.headers["x-mainspring-dropped-params"] == "logit_bias"


async def test_a_cap_on_the_answer_holds_by_whatever_name_and_where_none_is_named(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    policy(stand, rule("max_tokens", max=5))
    upstream.default = Reply(tokens=20)
    told: tuple[dict[str, object], ...] = (
        {},
        {"max_tokens": 12},
        {"max_completion_tokens": 12},
        {"max_tokens": 0},
        {"max_tokens": -1},
    )
    for fields in told:
        answer = await ask(stand, **fields)
        assert answer.json()["usage"]["completion_tokens"] == 5, fields
    answer = await ask(stand, n_predict=100, max_tokens=3)
    sent = await received(upstream, 6)
    assert (sent["n_predict"], sent["max_tokens"]) == (5, 3)
    assert answer.headers["x-mainspring-adjusted-params"] == "n_predict"


async def test_the_rule_names_the_member_that_a_missing_cap_is_written_to(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    policy(stand, rule("max_completion_tokens", max=5))
    await ask(stand)
    sent = await received(upstream)
    assert sent["max_completion_tokens"] == 5
    assert "max_tokens" not in sent


async def test_the_reservation_is_for_what_the_policy_left(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    key = stand.builder.add_key(limits=Limits(tokens_per_minute=200))
    policy(stand, rule("max_tokens", max=5))
    answer = await stand.http().post(
        "/v1/chat/completions",
        json=BODY | {"max_tokens": 100_000},
        headers={"authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 200


async def test_refusals_are_typed_for_each_protocol(stand: Stand) -> None:
    policy(
        stand,
        rule("temperature", max=1, beyond="refuse"),
        rule("n", deny="refuse"),
        rule("reasoning_effort", values=("low", "medium"), beyond="refuse"),
        rule("context_length", max=50),
        rule("stream", deny="refuse"),
    )
    assert refusal(await ask(stand, temperature=1.2)) == (
        400,
        "parameter_out_of_range",
        "temperature",
    )
    assert refusal(await ask(stand, temperature="1.2"))[:2] == (400, "parameter_out_of_range")
    assert refusal(await ask(stand, n=2)) == (403, "parameter_denied", "n")
    assert refusal(await ask(stand, best_of=2)) == (403, "parameter_denied", "n")
    assert refusal(await ask(stand, stream=True)) == (403, "parameter_denied", "stream")
    assert refusal(await ask(stand, reasoning_effort="high"))[:2] == (403, "parameter_denied")
    long = [{"role": "user", "content": "word " * 100}]
    assert refusal(await ask(stand, messages=long)) == (400, "context_too_long", "messages")
    assert (
        await ask(stand, stream=False, temperature=1, reasoning_effort="low")
    ).status_code == 200
    client = stand.openai()
    with pytest.raises(PermissionDeniedError, match="n may not be used"):
        await client.chat.completions.create(model="scripted", messages=HELLO, n=2)
    with pytest.raises(BadRequestError, match="may be 1 at the most"):
        await client.chat.completions.create(model="scripted", messages=HELLO, temperature=2)
    answer = await stand.http().post(
        "/v1/messages", json=BODY | {"max_tokens": 5, "temperature": 1.5}
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


async def test_the_anthropic_client_is_governed_through_translation(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    policy(
        stand, rule("max_tokens", max=5), rule("temperature", force=0), rule("top_k", deny="drop")
    )
    upstream.default = Reply(tokens=20)
    async with AsyncAnthropic(base_url=stand.url, api_key=stand.key, max_retries=0) as client:
        answer = await client.messages.with_raw_response.create(
            model="scripted", messages=HELLO, max_tokens=50, extra_body={"top_k": 4}
        )
    assert (await answer.parse()).usage.output_tokens == 5
    sent = await received(upstream)
    assert sent["temperature"] == 0
    assert answer.headers["x-mainspring-adjusted-params"] == "max_tokens, temperature"
    assert answer.headers["x-mainspring-dropped-params"] == "top_k"


async def test_a_responses_call_is_governed_where_its_dialect_has_the_parameter(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    policy(
        stand,
        rule("max_tokens", max=5),
        rule("reasoning_effort", values=("low",), default="low"),
        rule("logprobs", deny="drop"),
    )
    upstream.default = Reply(tokens=20)
    answer = await stand.http().post(
        "/v1/responses",
        json={
            "model": "scripted",
            "input": "hello",
            "reasoning": {"effort": "high", "summary": "auto"},
            "include": ["message.output_text.logprobs"],
            "top_logprobs": 3,
        },
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["usage"]["output_tokens"] == 5
    sent = await received(upstream)
    assert "top_logprobs" not in sent
    assert sent["reasoning_effort"] == "low"


async def test_tools_are_allowed_by_name(stand: Stand, upstream: ScriptedUpstream) -> None:
    policy(stand, rule("tools", values=("sea*",)))
    chosen = {"type": "function", "function": {"name": "send_mail"}}
    answer = await ask(stand, tools=TOOLS, tool_choice=chosen)
    sent = await received(upstream)
    assert [each["function"]["name"] for each in sent["tools"]] == ["search"]
    assert "tool_choice" not in sent
    assert answer.headers["x-mainspring-adjusted-params"] == "tools"
    assert answer.headers["x-mainspring-dropped-params"] == "tool_choice"
    await ask(stand, tools=TOOLS[1:], tool_choice="auto", parallel_tool_calls=True)
    sent = await received(upstream, 2)
    assert not {"tools", "tool_choice", "parallel_tool_calls"} & sent.keys()
    policy(stand, rule("tools", values=("search",), beyond="refuse"))
    answer = await ask(stand, tools=TOOLS)
    assert refusal(answer) == (403, "parameter_denied", "tools")
    assert "'send_mail'" in answer.json()["error"]["message"]
    assert (await ask(stand, tools=TOOLS[:1])).status_code == 200


async def test_an_inner_policy_only_narrows(stand: Stand, upstream: ScriptedUpstream) -> None:
    key = stand.gateway.table.find_key(stand.key)
    assert key is not None
    project = stand.gateway.table.projects[key.project_id]
    policy(stand, rule("temperature", max=0.5), rule("seed", force=1))
    policy(stand, rule("temperature", max=1.5), rule("seed", force=2), project=project)
    stand.builder.add_policy(rule("top_p", max=0.3), project=project, key_id=key.id)
    stand.update()
    await ask(stand, temperature=1.2)
    sent = await received(upstream)
    assert (sent["temperature"], sent["seed"], sent["top_p"]) == (0.5, 1, 0.3)
    other = stand.builder.add_key(project)
    stand.update()
    await stand.http().post(
        "/v1/chat/completions", json=BODY, headers={"authorization": f"Bearer {other}"}
    )
    assert "top_p" not in await received(upstream, 2)


async def test_a_policy_holds_from_the_next_request_and_no_longer_than_it_is_there(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    made = stand.builder.add_policy(rule("n", deny="refuse"))
    stand.update()
    assert (await ask(stand, n=2)).status_code == 403
    stand.builder.put(msgspec.structs.replace(made, enabled=False))
    stand.update()
    assert (await ask(stand, n=2)).status_code == 200
    stand.builder.put(made)
    stand.update()
    assert (await ask(stand, n=2)).status_code == 403
    stand.builder.delete(made)
    stand.update()
    assert (await ask(stand, n=2)).status_code == 200


async def test_a_fallback_is_held_to_the_policies_of_its_own_model(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    model = stand.gateway.table.find_model("scripted", "")
    assert model is not None
    spare = stand.builder.add_upstream(upstream.url, "spare")
    small = Model(id="mdl_small", name="small", targets=(ModelTarget(spare.id, "small"),))
    closed = Model(id="mdl_closed", name="closed", targets=(ModelTarget(spare.id, "closed"),))
    stand.builder.put(small, closed, msgspec.structs.replace(model, fallbacks=("closed", "small")))
    stand.builder.add_policy(rule("max_tokens", max=4), models=("small",))
    stand.builder.add_policy(rule("max_tokens", deny="refuse"), models=("closed",))
    stand.update()
    upstream.then(Reply.failure(503), Reply(tokens=20))
    answer = await ask(stand, max_tokens=15)
    assert answer.json()["usage"]["completion_tokens"] == 4
    assert answer.headers["x-mainspring-adjusted-params"] == "max_tokens"
    sent = await received(upstream, 2)
    assert (sent["model"], sent["max_tokens"]) == ("small", 4)


async def test_other_endpoints_and_uploads_are_governed(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    server = stand.builder.add_upstream(upstream.url, "media")
    stand.builder.add_model("media", server, tasks=("image", "transcription", "embedding"))
    policy(
        stand,
        rule("n", max=2),
        rule("language", values=("en", "zh")),
        rule("temperature", max=0.5),
        rule("dimensions", force=8, tasks=("embedding",)),
    )
    await stand.http().post(
        "/v1/images/generations", json={"model": "media", "prompt": "x", "n": 9}
    )
    assert (await received(upstream))["n"] == 2
    await stand.http().post("/v1/embeddings", json={"model": "media", "input": "x"})
    sent = await received(upstream, 2)
    assert sent["dimensions"] == 8
    assert "temperature" not in sent

    async def transcribe(**fields: str) -> httpx.Response:
        return await stand.http().post(
            "/v1/audio/transcriptions",
            data={"model": "media"} | fields,
            files={"file": ("a.wav", b"RIFF", "audio/wav")},
        )

    assert (await transcribe(language="en", temperature="0.5")).status_code == 200
    assert refusal(await transcribe(language="fr")) == (403, "parameter_denied", "language")
    assert refusal(await transcribe(temperature="0.9"))[:2] == (403, "parameter_denied")
    assert refusal(await transcribe(temperature="hot"))[:2] == (400, "parameter_out_of_range")


async def test_counting_tokens_is_a_question_that_no_policy_changes(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    policy(stand, rule("temperature", force=0), rule("max_tokens", max=5), rule("n", deny="drop"))
    claude = stand.builder.add_upstream(upstream.url, "vendor", protocol="anthropic")
    stand.builder.add_model("claude", claude, tasks=("chat",))
    stand.update()
    upstream.default = Reply(body=b'{"input_tokens": 3}')
    answer = await stand.http().post(
        "/v1/messages/count_tokens", json={"model": "claude", "messages": HELLO}
    )
    assert answer.json() == {"input_tokens": 3}
    assert (await received(upstream)).keys() == {"model", "messages"}
