"""Bedrock's answers, streamed and whole, read into events."""

import msgspec

from mainspring.kernel.errors import UpstreamProtocolError
from mainspring.wire.bedrock.eventstream import EventStreamReader, Message
from mainspring.wire.events.reading import decode_answer
from mainspring.wire.events.stream import (
    Event,
    Failed,
    Finished,
    FinishReason,
    ReasoningDelta,
    Started,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from mainspring.wire.raw import ABSENT, present
from mainspring.wire.usage import normalise_bedrock


class _ToolUse(msgspec.Struct, rename="camel"):
    tool_use_id: str = ""
    name: str = ""
    input: msgspec.Raw = msgspec.Raw(b"{}")


class _ReasoningText(msgspec.Struct):
    text: str = ""
    signature: str | None = None


class _Reasoning(msgspec.Struct, rename="camel"):
    reasoning_text: _ReasoningText | None = None
    redacted_content: str | None = None
    text: str = ""
    signature: str | None = None


class _Block(msgspec.Struct, rename="camel"):
    text: str | None = None
    tool_use: _ToolUse | None = None
    reasoning_content: _Reasoning | None = None


class _Message(msgspec.Struct):
    content: list[_Block] = []


class _Output(msgspec.Struct):
    message: _Message


class _Answer(msgspec.Struct, rename="camel"):
    output: _Output
    stop_reason: str | None = None
    usage: msgspec.Raw = ABSENT


class _StreamBody(msgspec.Struct, rename="camel"):
    """The payload of any stream event; which fields are set depends on the event's type."""

    content_block_index: int = 0
    start: _Block | None = None
    delta: _Block | None = None
    stop_reason: str | None = None
    usage: msgspec.Raw = ABSENT
    message: str | None = None


_REASONS: dict[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
}
_answer_decoder = msgspec.json.Decoder(_Answer)
_body_decoder = msgspec.json.Decoder(_StreamBody)
_text_decoder = msgspec.json.Decoder(str)


class ConverseStreamReader:
    """Reads the messages of ``ConverseStream``."""

    def __init__(self) -> None:
        self._frames = EventStreamReader()
        self._calls: dict[int, int] = {}

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that ``chunk`` completes."""
        return [event for message in self._frames.feed(chunk) for event in self._read(message)]

    def close(self) -> list[Event]:
        """Return nothing: every message came whole.

        Raises:
            UpstreamProtocolError: if the upstream ended inside a message.
        """
        if self._frames.pending:
            raise UpstreamProtocolError("the stream ended inside a message")
        return []

    def _read(self, message: Message) -> list[Event]:
        body = decode_answer(_body_decoder, message.payload or b"{}", "a Converse stream")
        if message.headers.get(":message-type") in ("exception", "error"):
            kind = message.headers.get(":exception-type", "api_error")
            return [Failed(body.message or kind, kind)]
        index = body.content_block_index
        match message.headers.get(":event-type"):
            case "messageStart":
                return [Started("", "")]
            case "contentBlockStart" if body.start is not None and body.start.tool_use is not None:
                number = len(self._calls)
                self._calls[index] = number
                use = body.start.tool_use
                return [ToolCallStarted(number, use.tool_use_id, use.name)]
            case "contentBlockDelta" if body.delta is not None:
                return self._delta(index, body.delta)
            case "messageStop":
                return [Finished(_REASONS.get(body.stop_reason or "", "stop"))]
            case "metadata":
                return _usage(body.usage)
            case _:
                return []

    def _delta(self, index: int, delta: _Block) -> list[Event]:
        if delta.text is not None:
            return [TextDelta(delta.text)]
        if delta.reasoning_content is not None:
            thought = delta.reasoning_content
            return [ReasoningDelta(thought.text, thought.signature, thought.redacted_content)]
        if delta.tool_use is not None and index in self._calls:
            # In a stream, the input is a string that holds a piece of JSON text.
            piece = _text_decoder.decode(delta.tool_use.input)
            return [ToolArgumentsDelta(self._calls[index], piece)]
        return []


def _usage(raw: msgspec.Raw) -> list[Event]:
    if present(raw) is None:
        return []
    frame = bytes(raw)
    usage = normalise_bedrock(frame)
    return [] if usage is None else [UsageReported(usage, frame)]


def read_answer(body: bytes) -> list[Event]:
    """Read a whole answer.

    Raises:
        UpstreamProtocolError: if it is not one.
    """
    answer = decode_answer(_answer_decoder, body, "a Converse answer")
    events: list[Event] = [Started("", "")]
    calls = 0
    for block in answer.output.message.content:
        if block.text is not None:
            events.append(TextDelta(block.text))
        elif block.reasoning_content is not None:
            thought = block.reasoning_content
            inner = thought.reasoning_text or _ReasoningText()
            events.append(ReasoningDelta(inner.text, inner.signature, thought.redacted_content))
        elif block.tool_use is not None:
            use = block.tool_use
            events.append(ToolCallStarted(calls, use.tool_use_id, use.name))
            events.append(ToolArgumentsDelta(calls, bytes(use.input).decode()))
            calls += 1
    events.extend(_usage(answer.usage))
    events.append(Finished(_REASONS.get(answer.stop_reason or "", "stop")))
    return events
