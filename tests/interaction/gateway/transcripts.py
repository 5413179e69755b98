"""Answers of vendors, as their references document them, for upstreams that follow a script."""

import msgspec

from mainspring.testing.upstream import Reply
from mainspring.wire.sse import encode_event

SSE = (("content-type", "text/event-stream"),)


def anthropic_message(text: str) -> Reply:
    """Return a whole message with cached tokens."""
    body = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": 7,
            "cache_read_input_tokens": 5,
            "cache_creation_input_tokens": 3,
            "output_tokens": 4,
        },
    }
    return Reply(body=msgspec.json.encode(body))


def anthropic_events(*texts: str) -> list[dict[str, object]]:
    """Return the events of a streamed message with one tool call behind its words."""
    message: dict[str, object] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 7, "cache_read_input_tokens": 5, "output_tokens": 1},
    }
    use: dict[str, object] = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}
    return [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        *(
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": text},
            }
            for text in texts
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": use},
        *(
            {
                "type": "content_block_delta",
                "index": 1,
                "delta": {"type": "input_json_delta", "partial_json": piece},
            }
            for piece in ('{"at":', ' "sky"}')
        ),
        {"type": "content_block_stop", "index": 1},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use", "stop_sequence": None},
            "usage": {"output_tokens": 9},
        },
        {"type": "message_stop"},
    ]


def anthropic_stream(*texts: str, split: int | None = None) -> Reply:
    """Return :func:`anthropic_events` as a reply, handed over in pieces of ``split`` bytes."""
    body = b"".join(
        encode_event(msgspec.json.encode(event), str(event["type"]))
        for event in anthropic_events(*texts)
    )
    return Reply(body=body, headers=SSE, split_bytes=split)


def openai_tool_stream() -> Reply:
    """Return a chat stream that calls two tools at once, their arguments interleaved."""

    def chunk(delta: dict[str, object], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        body = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        return encode_event(msgspec.json.encode({**body, "choices": [choice]}))

    def call(index: int, arguments: str, name: str | None = None) -> dict[str, object]:
        function: dict[str, object] = {"arguments": arguments}
        shape: dict[str, object] = {"index": index, "function": function}
        if name is not None:
            shape |= {"id": f"call_{index}", "type": "function"}
            function["name"] = name
        return {"tool_calls": [shape]}

    usage = {"prompt_tokens": 12, "completion_tokens": 6, "total_tokens": 18}
    pieces = [
        chunk({"role": "assistant", "content": "Let me look."}),
        chunk(call(0, "", "look")),
        chunk(call(1, "", "look")),
        chunk(call(0, '{"at":')),
        chunk(call(1, '{"at": "sea"}')),
        chunk(call(0, ' "sky"}')),
        chunk({}, "tool_calls"),
        encode_event(msgspec.json.encode({"id": "c1", "choices": [], "usage": usage})),
        b"data: [DONE]\n\n",
    ]
    return Reply(body=b"".join(pieces), headers=SSE, split_bytes=11)
