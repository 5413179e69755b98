"""Gemini's answers, streamed and whole, read into events.

A stream is a sequence of whole ``GenerateContentResponse`` objects, so both forms share a reader.
"""

import msgspec

from mainspring.kernel.ids import new_id
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
from mainspring.wire.sse import SseReader
from mainspring.wire.usage import normalise_gemini


class _FunctionCall(msgspec.Struct):
    name: str
    id: str | None = None
    args: msgspec.Raw = msgspec.Raw(b"{}")


class _Part(msgspec.Struct, rename="camel"):
    text: str | None = None
    thought: bool = False
    thought_signature: str | None = None
    function_call: _FunctionCall | None = None


class _Content(msgspec.Struct):
    parts: list[_Part] = []


class _Candidate(msgspec.Struct, rename="camel"):
    index: int = 0
    content: _Content | None = None
    finish_reason: str | None = None


class _Feedback(msgspec.Struct, rename="camel"):
    block_reason: str | None = None


class _Error(msgspec.Struct):
    message: str = "the model's server reported an error"
    status: str = "INTERNAL"


class _Answer(msgspec.Struct, rename="camel"):
    candidates: list[_Candidate] = []
    usage_metadata: msgspec.Raw = ABSENT
    model_version: str = ""
    response_id: str = ""
    prompt_feedback: _Feedback | None = None
    error: _Error | None = None


_FILTERED: FinishReason = "content_filter"
_REASONS: dict[str, FinishReason] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "SAFETY": _FILTERED,
    "RECITATION": _FILTERED,
    "LANGUAGE": _FILTERED,
    "BLOCKLIST": _FILTERED,
    "PROHIBITED_CONTENT": _FILTERED,
    "SPII": _FILTERED,
    "IMAGE_SAFETY": _FILTERED,
}
_answer_decoder = msgspec.json.Decoder(_Answer)


class GeminiStreamReader:
    """Reads a stream of ``GenerateContentResponse`` objects."""

    def __init__(self) -> None:
        self._sse = SseReader()
        self._started = False
        self._calls: dict[int, int] = {}

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that ``chunk`` completes."""
        return [event for sent in self._sse.feed(chunk) for event in self.read_body(sent.data)]

    def close(self) -> list[Event]:
        """Return what is left once the upstream has ended."""
        return [event for sent in self._sse.close() for event in self.read_body(sent.data)]

    def read_body(self, data: bytes) -> list[Event]:
        """Return the events of one object.

        Raises:
            UpstreamProtocolError: if it is not a ``GenerateContentResponse``.
        """
        answer = decode_answer(_answer_decoder, data, "a Gemini answer")
        if answer.error is not None:
            return [Failed(answer.error.message, answer.error.status.lower())]
        events: list[Event] = []
        if not self._started:
            self._started = True
            events.append(Started(answer.response_id, answer.model_version))
        if answer.prompt_feedback is not None and answer.prompt_feedback.block_reason is not None:
            events.append(Finished(_FILTERED))
        for candidate in answer.candidates:
            events.extend(self._candidate(candidate))
        if present(answer.usage_metadata) is not None:
            frame = bytes(answer.usage_metadata)
            usage = normalise_gemini(frame)
            if usage is not None:
                events.append(UsageReported(usage, frame))
        return events

    def _candidate(self, candidate: _Candidate) -> list[Event]:
        events: list[Event] = []
        choice = candidate.index
        for part in candidate.content.parts if candidate.content is not None else ():
            events.extend(self._part(part, choice))
        if candidate.finish_reason is not None:
            reason = _REASONS.get(candidate.finish_reason, "stop")
            # The protocol says STOP also where the model stopped to call a function.
            if reason == "stop" and self._calls.get(choice):
                reason = "tool_calls"
            events.append(Finished(reason, choice=choice))
        return events

    def _part(self, part: _Part, choice: int) -> list[Event]:
        if part.function_call is not None:
            call = part.function_call
            number = self._calls.get(choice, 0)
            self._calls[choice] = number + 1
            call_id = call.id or f"call_{new_id('evt').removeprefix('evt_')}"
            return [
                ToolCallStarted(number, call_id, call.name, choice),
                ToolArgumentsDelta(number, bytes(call.args).decode(), choice),
            ]
        if part.thought:
            return [ReasoningDelta(part.text or "", part.thought_signature, choice=choice)]
        return [TextDelta(part.text, choice)] if part.text else []


def read_answer(body: bytes) -> list[Event]:
    """Read a whole answer.

    Raises:
        UpstreamProtocolError: if it is not one.
    """
    return GeminiStreamReader().read_body(body)
