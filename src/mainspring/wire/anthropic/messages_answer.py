"""Anthropic Messages answers, streamed and whole, read into events and written from them."""

from collections.abc import Iterable
from typing import Any

import msgspec

from mainspring.kernel.errors import MainspringError, UpstreamProtocolError
from mainspring.kernel.ids import new_id
from mainspring.wire.anthropic.errors import encode_stream_error
from mainspring.wire.events.answer import ReasoningBlock, fold
from mainspring.wire.events.reading import decode_answer
from mainspring.wire.events.request import ChatRequest
from mainspring.wire.events.stream import (
    Event,
    Failed,
    Finished,
    FinishReason,
    ReasoningDelta,
    RefusalDelta,
    Started,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from mainspring.wire.raw import ABSENT, present
from mainspring.wire.sse import SseReader, encode_event
from mainspring.wire.usage import Usage, merge_anthropic, normalise_anthropic


class _Block(msgspec.Struct):
    """A content block of any type, or the start of one."""

    type: str
    text: str = ""
    id: str = ""
    name: str = ""
    input: msgspec.Raw = msgspec.Raw(b"{}")
    thinking: str = ""
    signature: str | None = None
    data: str | None = None


class _Message(msgspec.Struct):
    id: str = ""
    model: str = ""
    content: list[_Block] = []
    stop_reason: str | None = None
    stop_sequence: str | None = None
    usage: msgspec.Raw = ABSENT


class _Delta(msgspec.Struct):
    type: str = ""
    text: str = ""
    partial_json: str = ""
    thinking: str = ""
    signature: str | None = None
    stop_reason: str | None = None
    stop_sequence: str | None = None


class _Error(msgspec.Struct):
    message: str = "the model's server reported an error"
    type: str = "api_error"


class _StreamEvent(msgspec.Struct):
    type: str
    index: int = 0
    message: _Message | None = None
    content_block: _Block | None = None
    delta: _Delta | None = None
    usage: msgspec.Raw = ABSENT
    error: _Error | None = None


_REASONS: dict[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "refusal",
    "pause_turn": "pause",
}
_REASONS_OUT: dict[FinishReason, str] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "refusal",
    "refusal": "refusal",
    "pause": "pause_turn",
}
_message_decoder = msgspec.json.Decoder(_Message)
_event_decoder = msgspec.json.Decoder(_StreamEvent)
_encode = msgspec.json.Encoder().encode


class MessagesStreamReader:
    """Reads the Messages event stream; usage of its two frames is merged into one."""

    def __init__(self) -> None:
        self._sse = SseReader()
        self._calls: dict[int, int] = {}
        self._usage_frame = b""

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that ``chunk`` completes."""
        return [event for sent in self._sse.feed(chunk) for event in self._read(sent.data)]

    def close(self) -> list[Event]:
        """Return what is left once the upstream has ended."""
        return [event for sent in self._sse.close() for event in self._read(sent.data)]

    def _read(self, data: bytes) -> list[Event]:
        event = decode_answer(_event_decoder, data, "an Anthropic stream")
        match event.type:
            case "message_start" if event.message is not None:
                started: list[Event] = [Started(event.message.id, event.message.model)]
                return started + self._usage(event.message.usage)
            case "content_block_start" if event.content_block is not None:
                return self._block(event.index, event.content_block)
            case "content_block_delta" if event.delta is not None:
                return self._delta(event.index, event.delta)
            case "message_delta" if event.delta is not None:
                return self._usage(event.usage) + _finished(event.delta)
            case "error":
                found = event.error or _Error()
                return [Failed(found.message, found.type)]
            case _:
                return []

    def _usage(self, raw: msgspec.Raw) -> list[Event]:
        if present(raw) is None:
            return []
        self._usage_frame = merge_anthropic(self._usage_frame, bytes(raw))
        usage = normalise_anthropic(self._usage_frame)
        return [] if usage is None else [UsageReported(usage, self._usage_frame)]

    def _block(self, index: int, block: _Block) -> list[Event]:
        match block.type:
            case "text" if block.text:
                return [TextDelta(block.text)]
            case "tool_use":
                number = len(self._calls)
                self._calls[index] = number
                return [ToolCallStarted(number, block.id, block.name)]
            case "thinking" if block.thinking:
                return [ReasoningDelta(block.thinking)]
            case "redacted_thinking":
                return [ReasoningDelta(redacted=block.data or "")]
            case _:
                return []

    def _delta(self, index: int, delta: _Delta) -> list[Event]:
        match delta.type:
            case "text_delta":
                return [TextDelta(delta.text)]
            case "input_json_delta" if delta.partial_json and index in self._calls:
                return [ToolArgumentsDelta(self._calls[index], delta.partial_json)]
            case "thinking_delta":
                return [ReasoningDelta(delta.thinking)]
            case "signature_delta":
                return [ReasoningDelta(signature=delta.signature)]
            case _:
                return []


def _finished(delta: _Delta | _Message) -> list[Event]:
    if delta.stop_reason is None:
        return []
    reason = _REASONS.get(delta.stop_reason, "stop")
    return [Finished(reason, stop_sequence=delta.stop_sequence)]


def read_answer(body: bytes) -> list[Event]:
    """Read a whole message.

    Raises:
        UpstreamProtocolError: if it is not one.
    """
    message = decode_answer(_message_decoder, body, "an Anthropic message")
    events: list[Event] = [Started(message.id, message.model)]
    calls = 0
    for block in message.content:
        match block.type:
            case "text":
                events.append(TextDelta(block.text))
            case "thinking":
                events.append(ReasoningDelta(block.thinking, block.signature))
            case "redacted_thinking":
                events.append(ReasoningDelta(redacted=block.data or ""))
            case "tool_use":
                events.append(ToolCallStarted(calls, block.id, block.name))
                events.append(ToolArgumentsDelta(calls, bytes(block.input).decode()))
                calls += 1
            case _:
                pass
    frame = bytes(message.usage)
    usage = normalise_anthropic(frame)
    if usage is not None:
        events.append(UsageReported(usage, frame))
    return events + _finished(message)


def usage_shape(usage: Usage) -> dict[str, Any]:
    """Return usage as Anthropic words it: its buckets exclude each other; thinking is output."""
    return {
        "input_tokens": usage.input,
        "cache_creation_input_tokens": usage.cache_write,
        "cache_read_input_tokens": usage.cached_input,
        "output_tokens": usage.output + usage.reasoning,
    }


class MessagesStreamWriter:
    """Writes the Messages event stream: blocks are opened and closed one after another.

    The protocol has no interleaving and no alternatives: the arguments of a call that is not the
    open one wait until its own block opens, and choices beyond the first are left out.
    """

    def __init__(self, request: ChatRequest) -> None:
        self._model = request.model
        self._index = -1
        self._open: tuple[str, int] | None = None
        self._waiting: dict[int, tuple[ToolCallStarted, list[str]]] = {}
        self._finished: Finished | None = None
        self._usage = Usage()
        self._failed = False

    def write(self, event: Event) -> bytes:
        """Return the bytes of ``event``."""
        match event:
            case Started():
                return self._started(event)
            case UsageReported():
                self._usage = event.usage
                return b""
            case Failed():
                self._failed = True
                error = {"type": event.type, "message": event.message}
                return encode_event(_encode({"type": "error", "error": error}), "error")
            case Finished():
                if event.choice == 0:
                    self._finished = event
                return b""
            case _:
                return self._content(event) if event.choice == 0 else b""

    def _started(self, event: Started) -> bytes:
        message: dict[str, Any] = {
            "id": event.id or new_id("req"),
            "type": "message",
            "role": "assistant",
            "model": self._model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage_shape(self._usage),
        }
        return _named({"type": "message_start", "message": message})

    def _content(
        self,
        event: TextDelta | RefusalDelta | ReasoningDelta | ToolCallStarted | ToolArgumentsDelta,
    ) -> bytes:
        match event:
            case TextDelta() | RefusalDelta():
                if not event.text:
                    return b""
                opened = self._ensure("text", 0, {"type": "text", "text": ""})
                return opened + self._piece({"type": "text_delta", "text": event.text})
            case ReasoningDelta():
                return self._reasoning(event)
            case ToolCallStarted():
                if self._open is not None and self._open[0] == "tool":
                    self._waiting[event.index] = (event, [])
                    return b""
                return self._open_call(event)
            case ToolArgumentsDelta():
                waiting = self._waiting.get(event.index)
                if waiting is not None:
                    waiting[1].append(event.arguments)
                    return b""
                if self._open != ("tool", event.index):
                    raise UpstreamProtocolError("arguments came after their tool call had ended")
                return self._piece({"type": "input_json_delta", "partial_json": event.arguments})

    def _open_call(self, event: ToolCallStarted) -> bytes:
        block: dict[str, Any] = {
            "type": "tool_use",
            "id": event.id,
            "name": event.name,
            "input": {},
        }
        return self._ensure("tool", event.index, block)

    def _reasoning(self, event: ReasoningDelta) -> bytes:
        if event.redacted is not None:
            block = {"type": "redacted_thinking", "data": event.redacted}
            return self._ensure("redacted", self._index + 1, block) + self._close_block()
        opened = self._ensure("thinking", 0, {"type": "thinking", "thinking": "", "signature": ""})
        piece = b""
        if event.text:
            piece = self._piece({"type": "thinking_delta", "thinking": event.text})
        if event.signature is None:
            return opened + piece
        signature = self._piece({"type": "signature_delta", "signature": event.signature})
        return opened + piece + signature + self._close_block()

    def _ensure(self, kind: str, number: int, block: dict[str, Any]) -> bytes:
        if self._open == (kind, number):
            return b""
        closed = self._close_block()
        self._index += 1
        self._open = (kind, number)
        start = {"type": "content_block_start", "index": self._index, "content_block": block}
        return closed + _named(start)

    def _piece(self, delta: dict[str, Any]) -> bytes:
        return _named({"type": "content_block_delta", "index": self._index, "delta": delta})

    def _close_block(self) -> bytes:
        """Close the open block; calls that waited for it follow, each whole."""
        if self._open is None:
            return b""
        was_tool = self._open[0] == "tool"
        self._open = None
        closed = _named({"type": "content_block_stop", "index": self._index})
        if not was_tool:
            return closed
        waiting, self._waiting = self._waiting, {}
        for number in sorted(waiting):
            call, pieces = waiting[number]
            closed += self._open_call(call)
            if pieces:
                delta = {"type": "input_json_delta", "partial_json": "".join(pieces)}
                closed += self._piece(delta)
            self._open = None
            closed += _named({"type": "content_block_stop", "index": self._index})
        return closed

    def close(self) -> bytes:
        """Return the end of the last block, the stop reason with usage, and the end mark."""
        if self._failed:
            return b""
        closed = self._close_block()
        reason, sequence = _stop(self._finished)
        delta = {
            "type": "message_delta",
            "delta": {"stop_reason": reason, "stop_sequence": sequence},
            "usage": usage_shape(self._usage),
        }
        return closed + _named(delta) + _named({"type": "message_stop"})

    def error(self, error: MainspringError, request_id: str) -> bytes:
        """Return the event that tells the client of a failure after the first byte."""
        return encode_stream_error(error, request_id)


def _named(body: dict[str, Any]) -> bytes:
    return encode_event(_encode(body), str(body["type"]))


def _stop(finished: Finished | None) -> tuple[str, str | None]:
    if finished is None:
        return "end_turn", None
    if finished.stop_sequence is not None:
        return "stop_sequence", finished.stop_sequence
    return _REASONS_OUT[finished.reason], None


def write_answer(events: Iterable[Event], request: ChatRequest) -> bytes:
    """Write a whole message.

    Raises:
        UpstreamProtocolError: if the upstream's stream had reported an error.
    """
    answer = fold(events)
    if answer.failed is not None:
        raise UpstreamProtocolError(answer.failed.message)
    content: list[dict[str, Any]] = []
    reason, sequence = "end_turn", None
    if answer.choices:
        choice = answer.choices[0]
        content.extend(_thinking(block) for block in choice.reasoning)
        text = choice.text + choice.refusal
        if text:
            content.append({"type": "text", "text": text})
        content.extend(
            {
                "type": "tool_use",
                "id": call.id,
                "name": call.name,
                "input": _input(call.arguments),
            }
            for call in choice.tool_calls
        )
        finished = Finished(choice.reason or "stop", stop_sequence=choice.stop_sequence)
        reason, sequence = _stop(finished)
    return _encode(
        {
            "id": answer.id or new_id("req"),
            "type": "message",
            "role": "assistant",
            "model": request.model,
            "content": content,
            "stop_reason": reason,
            "stop_sequence": sequence,
            "usage": usage_shape(answer.usage or Usage()),
        }
    )


def _thinking(block: ReasoningBlock) -> dict[str, Any]:
    if block.redacted is not None:
        return {"type": "redacted_thinking", "data": block.redacted}
    return {"type": "thinking", "thinking": block.text, "signature": block.signature or ""}


def _input(arguments: str) -> msgspec.Raw | dict[str, str]:
    """Return a call's arguments as JSON; text that is not JSON is wrapped rather than lost."""
    if not arguments.strip():
        return {}
    try:
        msgspec.json.decode(arguments)
    except msgspec.DecodeError:
        return {"arguments": arguments}
    return msgspec.Raw(arguments.encode())
