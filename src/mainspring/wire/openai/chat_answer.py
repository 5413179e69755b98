"""OpenAI chat answers, streamed and whole, read into events and written from them."""

import time
from collections.abc import Iterable
from typing import Any

import msgspec

from mainspring.kernel.errors import MainspringError, UpstreamProtocolError
from mainspring.kernel.ids import new_id
from mainspring.wire.events.answer import ChatAnswer, Choice, fold
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
from mainspring.wire.openai.errors import encode_stream_error
from mainspring.wire.raw import ABSENT, present
from mainspring.wire.sse import SseReader, encode_event
from mainspring.wire.usage import Usage, normalise_openai


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class _Call(msgspec.Struct):
    index: int | None = None
    id: str | None = None
    function: _Function | None = None


class _Content(msgspec.Struct):
    """The fields that ``delta`` and ``message`` share; vLLM says ``reasoning`` for thoughts."""

    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    tool_calls: list[_Call] | None = None


class _Logprobs(msgspec.Struct):
    content: msgspec.Raw = ABSENT


class _Choice(msgspec.Struct):
    index: int = 0
    delta: _Content | None = None
    message: _Content | None = None
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _Error(msgspec.Struct):
    message: str = "the model's server reported an error"
    type: str | None = None


class _Body(msgspec.Struct):
    """A chunk or a whole answer; the two differ only in ``delta`` and ``message``."""

    id: str = ""
    model: str = ""
    created: int = 0
    choices: list[_Choice] = []
    usage: msgspec.Raw = ABSENT
    error: _Error | str | None = None


_REASONS: dict[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}
_REASONS_OUT: dict[FinishReason, str] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "content_filter": "content_filter",
    "refusal": "content_filter",
    "pause": "stop",
}
_body_decoder = msgspec.json.Decoder(_Body)
_encode = msgspec.json.Encoder().encode


class ChatStreamReader:
    """Reads ``chat.completion.chunk`` events; ends at ``[DONE]`` or at the end of the bytes."""

    def __init__(self) -> None:
        self._sse = SseReader()
        self._started = False
        self._calls: dict[tuple[int, int], int] = {}
        self._count: dict[int, int] = {}

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that ``chunk`` completes."""
        return [event for sent in self._sse.feed(chunk) for event in self.read_body(sent.data)]

    def close(self) -> list[Event]:
        """Return what is left once the upstream has ended."""
        return [event for sent in self._sse.close() for event in self.read_body(sent.data)]

    def read_body(self, data: bytes) -> list[Event]:
        """Return the events of one decoded body: a chunk, or a whole answer.

        Raises:
            UpstreamProtocolError: if it is neither.
        """
        if data == b"[DONE]":
            return []
        body = _decode(data)
        if body.error is not None:
            return [_failed(body.error)]
        events: list[Event] = []
        if not self._started:
            self._started = True
            events.append(Started(body.id, body.model, body.created))
        for choice in body.choices:
            events.extend(self._choice(choice))
        _append_usage(events, body.usage)
        return events

    def _choice(self, choice: _Choice) -> list[Event]:
        events: list[Event] = []
        content = choice.delta or choice.message
        if content is not None:
            events.extend(_content_events(content, choice))
            for position, call in enumerate(content.tool_calls or ()):
                events.extend(self._call(choice.index, position, call))
        if choice.finish_reason is not None:
            reason = _REASONS.get(choice.finish_reason, "stop")
            events.append(Finished(reason, choice=choice.index))
        return events

    def _call(self, choice: int, position: int, call: _Call) -> list[Event]:
        """Number calls by first appearance; some servers leave ``index`` out or skip numbers."""
        index = position if call.index is None else call.index
        events: list[Event] = []
        number = self._calls.get((choice, index))
        function = call.function or _Function()
        if number is None:
            number = self._count.get(choice, 0)
            self._count[choice] = number + 1
            self._calls[choice, index] = number
            call_id = call.id or new_id("evt").replace("evt_", "call_")
            events.append(ToolCallStarted(number, call_id, function.name or "", choice))
        if function.arguments:
            events.append(ToolArgumentsDelta(number, function.arguments, choice))
        return events


def read_answer(body: bytes) -> list[Event]:
    """Read a whole ``chat.completion``.

    Raises:
        UpstreamProtocolError: if it is not one.
    """
    return ChatStreamReader().read_body(body)


def _decode(data: bytes) -> _Body:
    return decode_answer(_body_decoder, data, "an OpenAI chat answer")


def _failed(error: _Error | str) -> Failed:
    if isinstance(error, str):
        return Failed(error)
    return Failed(error.message, error.type or "api_error")


def _content_events(content: _Content, choice: _Choice) -> list[Event]:
    events: list[Event] = []
    thoughts = content.reasoning_content or content.reasoning
    if thoughts:
        events.append(ReasoningDelta(thoughts, choice=choice.index))
    if content.refusal:
        events.append(RefusalDelta(content.refusal, choice=choice.index))
    logprobs = present(choice.logprobs.content) if choice.logprobs is not None else None
    if content.content or logprobs is not None:
        events.append(TextDelta(content.content or "", choice.index, logprobs))
    return events


def _append_usage(events: list[Event], raw: msgspec.Raw) -> None:
    frame = bytes(raw)
    usage = normalise_openai(frame)
    if usage is not None:
        events.append(UsageReported(usage, frame))


def usage_shape(usage: Usage) -> dict[str, Any]:
    """Return usage as OpenAI words it: its totals include cached and reasoning tokens."""
    prompt = usage.input + usage.cached_input + usage.cache_write
    details = {"cached_tokens": usage.cached_input}
    if usage.cache_write:
        details["cache_write_tokens"] = usage.cache_write
    completion = usage.output + usage.reasoning
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": details,
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    }


class ChatStreamWriter:
    """Writes ``chat.completion.chunk`` events; usage comes last, and only where asked for."""

    def __init__(self, request: ChatRequest) -> None:
        self._model = request.model
        self._wants_usage = request.wants_usage
        self._id = ""
        self._created = 0
        self._usage: Usage | None = None
        self._opened: set[int] = set()

    def write(self, event: Event) -> bytes:
        """Return the bytes of ``event``; usage is held back until the end."""
        match event:
            case Started():
                self._id = event.id or new_id("req")
                self._created = event.created or int(time.time())
                return b""
            case UsageReported():
                self._usage = event.usage
                return b""
            case Failed():
                error = {"message": event.message, "type": event.type, "param": None, "code": None}
                return encode_event(_encode({"error": error}))
            case Finished():
                return self._chunk(event.choice, {}, reason=_REASONS_OUT[event.reason])
            case TextDelta():
                return self._chunk(event.choice, {"content": event.text}, logprobs=event.logprobs)
            case _:
                return self._chunk(event.choice, _delta(event))

    def _chunk(
        self,
        choice: int,
        delta: dict[str, Any],
        *,
        reason: str | None = None,
        logprobs: msgspec.Raw | None = None,
    ) -> bytes:
        if choice not in self._opened:
            self._opened.add(choice)
            delta = {"role": "assistant", **delta}
        return self._encode_body(
            [
                {
                    "index": choice,
                    "delta": delta,
                    "logprobs": None if logprobs is None else {"content": logprobs},
                    "finish_reason": reason,
                }
            ]
        )

    def _encode_body(self, choices: list[dict[str, Any]], usage: Usage | None = None) -> bytes:
        body: dict[str, Any] = {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": self._model,
            "choices": choices,
        }
        if usage is not None:
            body["usage"] = usage_shape(usage)
        return encode_event(_encode(body))

    def close(self) -> bytes:
        """Return the usage chunk, where wanted, and the end mark."""
        usage = b""
        if self._wants_usage and self._usage is not None:
            usage = self._encode_body([], self._usage)
        return usage + b"data: [DONE]\n\n"

    def error(self, error: MainspringError, request_id: str) -> bytes:
        """Return the event that tells the client of a failure after the first byte."""
        return encode_stream_error(error, request_id)


def _delta(
    event: RefusalDelta | ReasoningDelta | ToolCallStarted | ToolArgumentsDelta,
) -> dict[str, Any]:
    match event:
        case RefusalDelta():
            return {"refusal": event.text}
        case ReasoningDelta():
            return {"reasoning_content": event.text}
        case ToolCallStarted():
            call = {
                "index": event.index,
                "id": event.id,
                "type": "function",
                "function": {"name": event.name, "arguments": ""},
            }
            return {"tool_calls": [call]}
        case ToolArgumentsDelta():
            return {
                "tool_calls": [{"index": event.index, "function": {"arguments": event.arguments}}]
            }


def write_answer(events: Iterable[Event], request: ChatRequest) -> bytes:
    """Write a whole ``chat.completion``.

    Raises:
        UpstreamProtocolError: if the upstream's stream had reported an error.
    """
    answer: ChatAnswer = fold(events)
    if answer.failed is not None:
        raise UpstreamProtocolError(answer.failed.message)
    body: dict[str, Any] = {
        "id": answer.id or new_id("req"),
        "object": "chat.completion",
        "created": answer.created or int(time.time()),
        "model": request.model,
        "choices": [_write_choice(number, item) for number, item in enumerate(answer.choices)],
    }
    if answer.usage is not None:
        body["usage"] = usage_shape(answer.usage)
    return _encode(body)


def _write_choice(number: int, choice: Choice) -> dict[str, Any]:
    message: dict[str, Any] = {
        "role": "assistant",
        "content": choice.text if choice.text or not choice.tool_calls else None,
        "refusal": choice.refusal or None,
    }
    thoughts = "".join(block.text for block in choice.reasoning)
    if thoughts:
        message["reasoning_content"] = thoughts
    if choice.tool_calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in choice.tool_calls
        ]
    logprobs = b",".join(bytes(piece).strip()[1:-1] for piece in choice.logprobs)
    return {
        "index": number,
        "message": message,
        "logprobs": {"content": msgspec.Raw(b"[" + logprobs + b"]")} if logprobs else None,
        "finish_reason": _REASONS_OUT[choice.reason or "stop"],
    }
