"""OpenAI Responses answers, read into events, streamed and whole."""

import msgspec

from mainspring.wire.events.reading import decode_answer
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
from mainspring.wire.raw import ABSENT
from mainspring.wire.sse import SseReader
from mainspring.wire.usage import normalise_responses


class _Content(msgspec.Struct):
    type: str = ""
    text: str = ""
    refusal: str = ""


class _Item(msgspec.Struct):
    type: str
    id: str = ""
    call_id: str = ""
    name: str = ""
    arguments: str = ""
    content: list[_Content] | None = None
    summary: list[_Content] | None = None
    encrypted_content: str | None = None


class _Reason(msgspec.Struct):
    reason: str | None = None


class _Error(msgspec.Struct):
    message: str = "the model's server reported an error"
    code: str | None = None


class _Response(msgspec.Struct):
    id: str = ""
    model: str = ""
    created_at: float = 0
    status: str = "completed"
    output: list[_Item] = []
    usage: msgspec.Raw = ABSENT
    error: _Error | None = None
    incomplete_details: _Reason | None = None


class _StreamEvent(msgspec.Struct):
    type: str
    output_index: int = 0
    delta: str = ""
    item: _Item | None = None
    response: _Response | None = None
    message: str | None = None


_response_decoder = msgspec.json.Decoder(_Response)
_event_decoder = msgspec.json.Decoder(_StreamEvent)


class ResponsesStreamReader:
    """Reads the Responses event stream."""

    def __init__(self) -> None:
        self._sse = SseReader()
        self._calls: dict[int, int] = {}

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that ``chunk`` completes."""
        return [event for sent in self._sse.feed(chunk) for event in self._read(sent.data)]

    def close(self) -> list[Event]:
        """Return what is left once the upstream has ended."""
        return [event for sent in self._sse.close() for event in self._read(sent.data)]

    def _read(self, data: bytes) -> list[Event]:
        if data == b"[DONE]":
            return []
        event = decode_answer(_event_decoder, data, "a Responses stream")
        match event.type:
            case "response.created" if event.response is not None:
                return [_started(event.response)]
            case "response.output_text.delta":
                return [TextDelta(event.delta)]
            case "response.refusal.delta":
                return [RefusalDelta(event.delta)]
            case "response.reasoning_summary_text.delta" | "response.reasoning_text.delta":
                return [ReasoningDelta(event.delta)]
            case "response.function_call_arguments.delta":
                number = self._calls.get(event.output_index)
                return [] if number is None else [ToolArgumentsDelta(number, event.delta)]
            case "response.output_item.added" if event.item is not None:
                return self._added(event.output_index, event.item)
            case "response.output_item.done" if event.item is not None:
                return _signature(event.item)
            case "response.completed" | "response.incomplete" | "response.failed" if (
                event.response is not None
            ):
                return _ended(event.response, called=bool(self._calls))
            case "error":
                return [Failed(event.message or _Error().message)]
            case _:
                return []

    def _added(self, index: int, item: _Item) -> list[Event]:
        if item.type != "function_call":
            return []
        number = len(self._calls)
        self._calls[index] = number
        return [ToolCallStarted(number, item.call_id, item.name)]


def _started(response: _Response) -> Event:
    return Started(response.id, response.model, int(response.created_at))


def _signature(item: _Item) -> list[Event]:
    if item.type != "reasoning" or item.encrypted_content is None:
        return []
    return [ReasoningDelta(signature=item.encrypted_content)]


def _ended(response: _Response, *, called: bool) -> list[Event]:
    events: list[Event] = []
    frame = bytes(response.usage)
    usage = normalise_responses(frame)
    if usage is not None:
        events.append(UsageReported(usage, frame))
    if response.status == "failed":
        found = response.error or _Error()
        events.append(Failed(found.message, found.code or "api_error"))
        return events
    reason: FinishReason = "tool_calls" if called else "stop"
    if response.status == "incomplete":
        details = response.incomplete_details
        filtered = details is not None and details.reason == "content_filter"
        reason = "content_filter" if filtered else "length"
    events.append(Finished(reason))
    return events


def read_answer(body: bytes) -> list[Event]:
    """Read a whole response object.

    Raises:
        UpstreamProtocolError: if it is not one.
    """
    response = decode_answer(_response_decoder, body, "a response object")
    events: list[Event] = [_started(response)]
    calls = 0
    for item in response.output:
        match item.type:
            case "message":
                events.extend(_said(part) for part in item.content or ())
            case "reasoning":
                events.extend(ReasoningDelta(part.text) for part in item.summary or ())
                events.extend(_signature(item))
            case "function_call":
                events.append(ToolCallStarted(calls, item.call_id, item.name))
                events.append(ToolArgumentsDelta(calls, item.arguments))
                calls += 1
            case _:
                pass
    return events + _ended(response, called=calls > 0)


def _said(part: _Content) -> Event:
    return RefusalDelta(part.refusal) if part.type == "refusal" else TextDelta(part.text)
