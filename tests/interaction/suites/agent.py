"""A scripted upstream that behaves as a model which calls tools and keeps to a schema.

It understands nothing: a tool is called as soon as there is one and a person spoke last, its
arguments are made of the numbers and the quoted words of what the person said.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any, Final, cast

import msgspec

from mainspring.testing.upstream import ReceivedRequest, Reply
from mainspring.wire.sse import encode_event

_QUOTED: Final = re.compile(r"'([^']+)'")
_NUMBER: Final = re.compile(r"-?\d+")
_USAGE: Final = {
    "prompt_tokens": 11,
    "completion_tokens": 5,
    "total_tokens": 16,
    "prompt_tokens_details": {"cached_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0},
}
_PIECES: Final = 3

Shape = dict[str, Any]


def agent(request: ReceivedRequest) -> Reply | None:
    """Answer a chat completion; leave anything else to the scripted upstream."""
    if not request.path.partition("?")[0].endswith("/chat/completions"):
        return None
    asked: Shape = msgspec.json.decode(request.body)
    said = _said(asked["messages"])
    call = _call(asked, said)
    text = None if call is not None else _text(asked, said)
    head: Shape = {"id": "chatcmpl-1", "created": 1_767_225_600, "model": asked["model"]}
    finish = "stop" if call is None else "tool_calls"
    if asked.get("stream"):
        return _stream(head, text, call, finish)
    message: Shape = {"role": "assistant", "content": text, "refusal": None}
    if call is not None:
        message["tool_calls"] = [call]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
    answer = {**head, "object": "chat.completion", "choices": [choice], "usage": _USAGE}
    return Reply(body=msgspec.json.encode(answer))


def _said(messages: list[Shape]) -> str:
    """Return the text of the person's last words; empty if somebody else spoke after them."""
    if messages[-1]["role"] != "user":
        return ""
    content = messages[-1]["content"]
    if isinstance(content, str):
        return content
    parts = cast("list[Shape]", content)
    return " ".join(str(part.get("text", "")) for part in parts)


def _call(asked: Shape, said: str) -> Shape | None:
    tools = [tool["function"] for tool in asked.get("tools") or ()]
    choice = asked.get("tool_choice", "auto")
    if not tools or choice == "none" or (choice == "auto" and not said):
        return None
    tool = tools[0]
    if isinstance(choice, dict):
        named = cast("Shape", choice)["function"]["name"]
        tool = next(each for each in tools if each["name"] == named)
    arguments = _made(tool.get("parameters") or {"type": "object"}, _Words(said))
    return {
        "id": "call_1",
        "type": "function",
        "function": {"name": tool["name"], "arguments": msgspec.json.encode(arguments).decode()},
    }


def _text(asked: Shape, said: str) -> str:
    wanted: Shape = asked.get("response_format") or {"type": "text"}
    if wanted["type"] == "json_schema":
        return _json(_made(wanted["json_schema"]["schema"], _Words(said)))
    if wanted["type"] == "json_object":
        return _json(dict.fromkeys(_QUOTED.findall(said), "because"))
    return "Whiskers on keyboards, dreaming of fish."


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


class _Words:
    """What arguments are made of, taken in turns."""

    def __init__(self, said: str) -> None:
        self.numbers: Iterator[str] = itertools.chain(_NUMBER.findall(said), itertools.repeat("3"))
        self.texts: Iterator[str] = itertools.chain(
            _QUOTED.findall(said), itertools.repeat(said or "something")
        )


def _made(schema: Shape, words: _Words) -> object:
    """Return a value that fits the schema."""
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _made(schema["anyOf"][0], words)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if kind == "object":
        properties = cast("Shape", schema.get("properties") or {})
        return {name: _made(each, words) for name, each in properties.items()}
    if kind == "array":
        return [_made(schema.get("items") or {}, words)]
    if kind in ("integer", "number"):
        return int(next(words.numbers))
    return {"boolean": True, "null": None}.get(kind, next(words.texts))


def _stream(head: Shape, text: str | None, call: Shape | None, finish: str) -> Reply:
    head = {**head, "object": "chat.completion.chunk"}
    deltas: list[Shape] = [{"role": "assistant", "content": "" if call is None else None}]
    if call is None:
        deltas += [{"content": piece} for piece in _cut(text or "")]
    else:
        named = {**call, "index": 0, "function": {**call["function"], "arguments": ""}}
        deltas.append({"tool_calls": [named]})
        deltas += [
            {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}
            for piece in _cut(call["function"]["arguments"])
        ]
    events = [_event(head, delta, None) for delta in deltas]
    events.append(_event(head, {}, finish))
    events.append({**head, "choices": [], "usage": _USAGE})
    body = b"".join(encode_event(msgspec.json.encode(each)) for each in events)
    return Reply(body=body + b"data: [DONE]\n\n", media_type="text/event-stream")


def _event(head: Shape, delta: Shape, finish: str | None) -> Shape:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {**head, "choices": [choice]}


def _cut(text: str) -> list[str]:
    size = max(len(text) // _PIECES, 1)
    return [text[start : start + size] for start in range(0, len(text), size)]
