"""A scripted upstream that answers as vendors document it, in every protocol the suites call."""

import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from mainspring.testing.upstream import ReceivedRequest, Reply
from mainspring.wire.sse import encode_event

TEXT: Final = "one two three"
_USAGE: Final = {"input_tokens": 7, "output_tokens": 3}
_STREAMS: Final = re.compile(rb'"stream": ?true|name="stream"\r\n\r\ntrue')
_SSE: Final = "text/event-stream"
_EMBEDDING: Final[dict[str, Any]] = {
    "object": "list",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.5, -0.5]}],
    "model": "text-embedding-3-small",
    "usage": {"prompt_tokens": 9, "total_tokens": 9},
}
_CATEGORIES: Final = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)


def vendors(request: ReceivedRequest) -> Reply | None:
    """Answer where the scripted upstream's own answers say less than the vendors' do."""
    path = request.path.partition("?")[0]
    if path.endswith("/embeddings"):
        # In numbers, though the clients ask for base64 and only then take them apart: their strict
        # mode reads nothing else.
        return _json(_EMBEDDING)
    if path.endswith("/messages/count_tokens"):
        return _json({"input_tokens": 7})
    if path.endswith("/messages"):
        return _message(streams=_streams(request))
    if path.endswith("/responses"):
        return _response(streams=_streams(request))
    if path.endswith("/moderations"):
        return _json(_moderation())
    if path.endswith(("/images/generations", "/images/edits")) and _STREAMS.search(request.body):
        return _events([{"type": "image_generation.completed", "b64_json": "", "created_at": 1}])
    return None


def _streams(request: ReceivedRequest) -> bool:
    return msgspec.json.decode(request.body).get("stream") is True


def _json(body: object) -> Reply:
    return Reply(body=msgspec.json.encode(body))


def _events(events: Iterable[dict[str, Any]]) -> Reply:
    lines = b"".join(encode_event(msgspec.json.encode(each), str(each["type"])) for each in events)
    return Reply(body=lines, media_type=_SSE)


def _message(*, streams: bool) -> Reply:
    head: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-opus-5-5",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**_USAGE, "output_tokens": 1},
    }
    if not streams:
        content = [{"type": "text", "text": TEXT, "citations": None}]
        return _json({**head, "content": content, "stop_reason": "end_turn", "usage": _USAGE})
    text = {"type": "text", "text": ""}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": head},
        {"type": "content_block_start", "index": 0, "content_block": text},
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": TEXT},
        },
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 3},
        },
        {"type": "message_stop"},
    ]
    return _events(events)


def _response(*, streams: bool) -> Reply:
    part: dict[str, Any] = {"type": "output_text", "text": TEXT, "annotations": [], "logprobs": []}
    item = {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [part],
    }
    whole: dict[str, Any] = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1_767_225_600,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": "gpt-6-astra",
        "output": [item],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": {
            "input_tokens": 7,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": 3,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 10,
        },
    }
    if not streams:
        return _json(whole)
    begun: dict[str, Any] = {**whole, "status": "in_progress", "output": [], "usage": None}
    at = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
        {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": {**item, "status": "in_progress", "content": []},
        },
        {"type": "response.content_part.added", **at, "part": {**part, "text": ""}},
        {"type": "response.output_text.delta", **at, "delta": TEXT, "logprobs": []},
        {"type": "response.output_text.done", **at, "text": TEXT, "logprobs": []},
        {"type": "response.content_part.done", **at, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]
    numbered = [{**each, "sequence_number": at} for at, each in enumerate(events)]
    return _events(numbered)


def _moderation() -> dict[str, Any]:
    return {
        "id": "modr-1",
        "model": "omni-moderation-2024-09-26",
        "results": [
            {
                "flagged": False,
                "categories": dict.fromkeys(_CATEGORIES, False),
                "category_scores": dict.fromkeys(_CATEGORIES, 0.01),
                "category_applied_input_types": {name: ["text"] for name in _CATEGORIES},
            }
        ],
    }
