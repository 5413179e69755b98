"""G2, G3: Gemini, Ollama and Bedrock, by transcripts in the shapes of their references."""

import json
import struct
import zlib
from typing import Any

import msgspec
import pytest
from hypothesis import given

from mainspring.kernel.errors import InvalidRequestError, UpstreamProtocolError
from mainspring.wire.dialects import UPSTREAM_DIALECTS
from mainspring.wire.events.answer import ChatAnswer, fold
from mainspring.wire.openai.chat import OpenAIChat
from mainspring.wire.usage import Usage
from tests.unit.wire.dialects.answers import borders, cut
from tests.unit.wire.dialects.test_requests import CHAT


def written(dialect: str, **changes: object) -> tuple[str, dict[str, Any], list[str]]:
    """Write the common request for an upstream; return path, body, and what was dropped."""
    body = {name: value for name, value in {**CHAT, **changes}.items() if value is not None}
    request = OpenAIChat().read_request(msgspec.json.encode(body))
    result = UPSTREAM_DIALECTS[dialect].write_request(request, "the-model")
    return result.path, msgspec.json.decode(result.body), list(result.dropped)


def read_stream(dialect: str, data: bytes, places: list[int]) -> ChatAnswer:
    """Fold a stream that arrives in pieces."""
    reader = UPSTREAM_DIALECTS[dialect].stream_reader()
    events = [event for piece in cut(data, places) for event in reader.feed(piece)]
    return fold([*events, *reader.close()])


def facts(answer: ChatAnswer) -> dict[str, Any]:
    """Return what an answer says, without ids that we made ourselves."""
    choice = answer.choices[0]
    return {
        "text": choice.text,
        "thoughts": [(block.text, block.signature) for block in choice.reasoning],
        "calls": [(call.name, json.loads(call.arguments)) for call in choice.tool_calls],
        "reason": choice.reason,
        "usage": answer.usage,
    }


LOOK = CHAT["tools"][0]["function"]


def test_a_request_written_for_gemini() -> None:
    path, body, dropped = written("gemini", reasoning_effort="low")
    assert path == "/v1beta/models/the-model:streamGenerateContent?alt=sse"
    assert body == {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [
            {
                "role": "user",
                "parts": [
                    {"text": "What is this?"},
                    {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
                ],
            },
            {
                "role": "model",
                "parts": [
                    {"functionCall": {"id": "call_1", "name": "look", "args": {"at": "sky"}}},
                    {"functionCall": {"id": "call_2", "name": "look", "args": {"at": "sea"}}},
                ],
            },
            {
                "role": "user",
                "parts": [
                    {
                        "functionResponse": {
                            "id": f"call_{number}",
                            "name": "look",
                            "response": {"result": colour},
                        }
                    }
                    for number, colour in ((1, "blue"), (2, "green"))
                ],
            },
        ],
        "tools": [
            {
                "functionDeclarations": [
                    {
                        "name": "look",
                        "description": LOOK["description"],
                        "parametersJsonSchema": LOOK["parameters"],
                    }
                ]
            }
        ],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY"}},
        "generationConfig": {
            "maxOutputTokens": 64,
            "temperature": 0.5,
            "stopSequences": ["END"],
            "thinkingConfig": {"thinkingBudget": 2048, "includeThoughts": True},
        },
    }
    assert dropped == ["parallel_tool_calls", "user"]


GEMINI = [
    {
        "candidates": [
            {"content": {"parts": [{"text": "Hmm.", "thought": True}], "role": "model"}, "index": 0}
        ],
        "modelVersion": "gemini-3",
        "responseId": "r1",
    },
    {"candidates": [{"content": {"parts": [{"text": "天空是"}], "role": "model"}, "index": 0}]},
    {
        "candidates": [
            {
                "content": {
                    "parts": [
                        {"text": "蓝色"},
                        {"functionCall": {"name": "look", "args": {"at": "sky"}}},
                    ],
                    "role": "model",
                },
                "finishReason": "STOP",
                "index": 0,
            }
        ],
        "usageMetadata": {
            "promptTokenCount": 20,
            "cachedContentTokenCount": 5,
            "candidatesTokenCount": 7,
            "thoughtsTokenCount": 3,
            "totalTokenCount": 30,
        },
    },
]


@given(places=borders)
def test_a_gemini_stream(places: list[int]) -> None:
    data = b"".join(
        b"data: " + json.dumps(piece, ensure_ascii=False).encode() + b"\r\n\r\n" for piece in GEMINI
    )
    assert facts(read_stream("gemini", data, places)) == {
        "text": "天空是蓝色",
        "thoughts": [("Hmm.", None)],
        "calls": [("look", {"at": "sky"})],
        "reason": "tool_calls",
        "usage": Usage(input=15, cached_input=5, output=7, reasoning=3),
    }


def test_a_prompt_that_gemini_blocks_ends_as_filtered() -> None:
    body = b'{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4}}'
    answer = fold(UPSTREAM_DIALECTS["gemini"].read_answer(body))
    assert answer.choices[0].reason == "content_filter"
    assert answer.usage == Usage(input=4)


def test_a_request_written_for_ollama() -> None:
    path, body, dropped = written("ollama")
    assert path == "/api/chat"
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is this?", "images": ["AAAA"]},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [
                {"function": {"name": "look", "arguments": {"at": "sky"}}},
                {"function": {"name": "look", "arguments": {"at": "sea"}}},
            ],
        },
        {"role": "tool", "content": "blue", "tool_name": "look"},
        {"role": "tool", "content": "green", "tool_name": "look"},
    ]
    assert body["options"] == {"num_predict": 64, "temperature": 0.5, "stop": ["END"]}
    assert (body["model"], body["stream"]) == ("the-model", True)
    assert dropped == ["parallel_tool_calls", "tool_choice", "user"]


@given(places=borders)
def test_an_ollama_stream(places: list[int]) -> None:
    lines = [
        {"model": "m", "message": {"role": "assistant", "content": "", "thinking": "Hmm."}},
        {"model": "m", "message": {"role": "assistant", "content": "你好"}},
        {
            "model": "m",
            "created_at": "2026-01-02T03:04:05.123456789Z",
            "message": {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"function": {"name": "look", "arguments": {"at": "sky"}}}],
            },
        },
        {
            "model": "m",
            "done": True,
            "done_reason": "stop",
            "prompt_eval_count": 9,
            "eval_count": 4,
        },
    ]
    data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    assert facts(read_stream("ollama", data, places)) == {
        "text": "你好",
        "thoughts": [("Hmm.", None)],
        "calls": [("look", {"at": "sky"})],
        "reason": "tool_calls",
        "usage": Usage(input=9, output=4),
    }


def test_ollama_tells_times_with_nanoseconds() -> None:
    line = (
        b'{"model":"m","created_at":"2026-01-02T03:04:05.123456789Z","done":true,'
        b'"message":{"role":"assistant","content":"hi"}}'
    )
    assert fold(UPSTREAM_DIALECTS["ollama"].read_answer(line)).created == 1767323045


def test_a_request_written_for_bedrock() -> None:
    path, body, dropped = written("bedrock", seed=1)
    assert path == "/model/the-model/converse-stream"
    assert body["system"] == [{"text": "Be brief."}]
    assert body["messages"] == [
        {
            "role": "user",
            "content": [
                {"text": "What is this?"},
                {"image": {"format": "png", "source": {"bytes": "AAAA"}}},
            ],
        },
        {
            "role": "assistant",
            "content": [
                {"toolUse": {"toolUseId": "call_1", "name": "look", "input": {"at": "sky"}}},
                {"toolUse": {"toolUseId": "call_2", "name": "look", "input": {"at": "sea"}}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"toolResult": {"toolUseId": "call_1", "content": [{"text": "blue"}]}},
                {"toolResult": {"toolUseId": "call_2", "content": [{"text": "green"}]}},
            ],
        },
    ]
    assert body["inferenceConfig"] == {
        "maxTokens": 64,
        "temperature": 0.5,
        "stopSequences": ["END"],
    }
    assert body["toolConfig"]["toolChoice"] == {"any": {}}
    assert dropped == ["parallel_tool_calls", "seed", "user"]


def framed(kind: str, body: dict[str, Any], message_type: str = "event") -> bytes:
    """Frame one message as AWS does."""
    name = ":event-type" if message_type == "event" else ":exception-type"
    headers = b""
    for key, value in ((name, kind), (":message-type", message_type)):
        headers += bytes([len(key)]) + key.encode() + b"\x07"
        headers += struct.pack(">H", len(value)) + value.encode()
    payload = json.dumps(body).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + payload
    return message + struct.pack(">I", zlib.crc32(message))


BEDROCK = [
    framed("messageStart", {"role": "assistant"}),
    framed(
        "contentBlockDelta",
        {"contentBlockIndex": 0, "delta": {"reasoningContent": {"text": "Hmm."}}},
    ),
    framed(
        "contentBlockDelta",
        {"contentBlockIndex": 0, "delta": {"reasoningContent": {"signature": "sig"}}},
    ),
    framed("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"text": "你好"}}),
    framed(
        "contentBlockStart",
        {"contentBlockIndex": 2, "start": {"toolUse": {"toolUseId": "t1", "name": "look"}}},
    ),
    framed(
        "contentBlockDelta", {"contentBlockIndex": 2, "delta": {"toolUse": {"input": '{"at":'}}}
    ),
    framed(
        "contentBlockDelta", {"contentBlockIndex": 2, "delta": {"toolUse": {"input": '"sky"}'}}}
    ),
    framed("contentBlockStop", {"contentBlockIndex": 2}),
    framed("messageStop", {"stopReason": "tool_use"}),
    framed(
        "metadata",
        {"usage": {"inputTokens": 9, "outputTokens": 4, "cacheReadInputTokens": 2}},
    ),
]


@given(places=borders)
def test_a_bedrock_stream(places: list[int]) -> None:
    assert facts(read_stream("bedrock", b"".join(BEDROCK), places)) == {
        "text": "你好",
        "thoughts": [("Hmm.", "sig")],
        "calls": [("look", {"at": "sky"})],
        "reason": "tool_calls",
        "usage": Usage(input=9, cached_input=2, output=4),
    }


def test_a_damaged_bedrock_frame_is_noticed() -> None:
    damaged = bytearray(BEDROCK[3])
    damaged[-6] ^= 1
    with pytest.raises(UpstreamProtocolError, match="damaged"):
        UPSTREAM_DIALECTS["bedrock"].stream_reader().feed(bytes(damaged))


def test_an_exception_inside_a_bedrock_stream_is_told() -> None:
    stream = framed("throttlingException", {"message": "slow down"}, "exception")
    failed = read_stream("bedrock", stream, []).failed
    assert failed is not None
    assert (failed.message, failed.type) == ("slow down", "throttlingException")


def test_a_bedrock_answer() -> None:
    body = {
        "output": {
            "message": {
                "role": "assistant",
                "content": [
                    {"text": "hi"},
                    {"toolUse": {"toolUseId": "t", "name": "look", "input": {"at": "sea"}}},
                ],
            }
        },
        "stopReason": "tool_use",
        "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
    }
    answer = fold(UPSTREAM_DIALECTS["bedrock"].read_answer(json.dumps(body).encode()))
    assert facts(answer) == {
        "text": "hi",
        "thoughts": [],
        "calls": [("look", {"at": "sea"})],
        "reason": "tool_calls",
        "usage": Usage(input=3, output=2),
    }


@pytest.mark.parametrize("dialect", ["ollama", "bedrock"])
def test_media_that_a_server_cannot_fetch_is_refused(dialect: str) -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://pictures.example/a.png"}}
    with pytest.raises(InvalidRequestError, match="as data"):
        written(dialect, messages=[{"role": "user", "content": [picture]}])
