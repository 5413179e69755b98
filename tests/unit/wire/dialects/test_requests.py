"""G2: a request keeps its meaning on the way from any dialect to any other."""

from typing import Any

import msgspec
import pytest

from mainspring.kernel.errors import InvalidRequestError, MalformedJsonError
from mainspring.wire.dialects import CLIENT_DIALECTS, UPSTREAM_DIALECTS
from mainspring.wire.events.dialect import ClientDialect

CHAT: dict[str, Any] = {
    "model": "asked-for",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
            ],
        },
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "look", "arguments": '{"at":"sky"}'},
                },
                {
                    "id": "call_2",
                    "type": "function",
                    "function": {"name": "look", "arguments": '{"at":"sea"}'},
                },
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "blue"},
        {"role": "tool", "tool_call_id": "call_2", "content": "green"},
    ],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "look",
                "description": "Look somewhere.",
                "parameters": {"type": "object", "properties": {"at": {"type": "string"}}},
            },
        }
    ],
    "tool_choice": "required",
    "parallel_tool_calls": False,
    "temperature": 0.5,
    "max_tokens": 64,
    "stop": ["END"],
    "stream": True,
    "user": "someone",
}


def translate(body: dict[str, Any], source: str, target: str) -> tuple[dict[str, Any], list[str]]:
    """Send ``body`` from a client of ``source`` to an upstream of ``target``."""
    request = CLIENT_DIALECTS[source].read_request(msgspec.json.encode(body))
    written = UPSTREAM_DIALECTS[target].write_request(request, "upstream-name")
    return msgspec.json.decode(written.body), list(written.dropped)


def test_an_openai_request_reaches_an_openai_upstream_unchanged() -> None:
    body, dropped = translate({**CHAT, "logit_bias": {"1": 2}}, "openai", "openai")
    assert body == {
        **CHAT,
        "model": "upstream-name",
        "stream_options": {"include_usage": True},
        "logit_bias": {"1": 2},
    }
    assert dropped == []


def test_an_openai_request_reaches_an_anthropic_upstream() -> None:
    body, dropped = translate({**CHAT, "seed": 7, "logit_bias": {"1": 2}}, "openai", "anthropic")
    look = CHAT["tools"][0]["function"]
    assert body == {
        "model": "upstream-name",
        "max_tokens": 64,
        "system": "Be brief.",
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {
                        "type": "image",
                        "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"},
                    },
                ],
            },
            {
                "role": "assistant",
                "content": [
                    {"type": "tool_use", "id": "call_1", "name": "look", "input": {"at": "sky"}},
                    {"type": "tool_use", "id": "call_2", "name": "look", "input": {"at": "sea"}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "call_1",
                        "content": [{"type": "text", "text": "blue"}],
                    },
                    {
                        "type": "tool_result",
                        "tool_use_id": "call_2",
                        "content": [{"type": "text", "text": "green"}],
                    },
                ],
            },
        ],
        "stream": True,
        "temperature": 0.5,
        "stop_sequences": ["END"],
        "tools": [
            {
                "name": "look",
                "description": look["description"],
                "input_schema": look["parameters"],
            }
        ],
        "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
        "metadata": {"user_id": "someone"},
    }
    assert dropped == ["logit_bias", "seed"]


@pytest.mark.parametrize("between", ["anthropic", "openai-responses"])
def test_a_request_survives_the_way_there_and_back(between: str) -> None:
    """Stop sequences have no word in the Responses API; they are named as dropped."""
    sent = {**CHAT, "stop": None} if between == "openai-responses" else CHAT
    there, lost = translate(sent, "openai", between)
    assert lost == []
    back, dropped = translate(there, between, "openai")
    assert back == {
        **{name: value for name, value in sent.items() if value is not None},
        "model": "upstream-name",
        "stream_options": {"include_usage": True},
    }
    assert dropped == []


@pytest.mark.parametrize("dialect", CLIENT_DIALECTS.values(), ids=list(CLIENT_DIALECTS))
def test_a_body_that_is_not_json_is_told_apart_from_one_that_does_not_fit(
    dialect: ClientDialect,
) -> None:
    with pytest.raises(MalformedJsonError):
        dialect.read_request(b"{")
    with pytest.raises(InvalidRequestError, match=r"messages|input"):
        dialect.read_request(b'{"model": "m", "max_tokens": 1}')


def test_what_a_protocol_cannot_express_is_refused() -> None:
    wanted: dict[str, Any] = {
        **CHAT,
        "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}},
    }
    with pytest.raises(InvalidRequestError, match="response_format"):
        translate(wanted, "openai", "anthropic")


@pytest.mark.parametrize("upstream", sorted(set(UPSTREAM_DIALECTS) - {"anthropic"}))
def test_names_of_dropped_fields_that_a_header_must_not_hold_are_told_as_other(
    upstream: str,
) -> None:
    asked = {
        "model": "m",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": "hello"}],
        "plain_name": 1,
        "x\r\nset-cookie: a=b": 2,
        "模型": 3,
        "n" * 65: 4,
    }
    request = CLIENT_DIALECTS["anthropic"].read_request(msgspec.json.encode(asked))
    written = UPSTREAM_DIALECTS[upstream].write_request(request, "u")
    assert sorted(written.dropped) == ["other", "plain_name"]
