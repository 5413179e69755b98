"""Ollama's answers, streamed as JSON lines and whole, read into events."""

from datetime import datetime

import msgspec

from mainspring.kernel.ids import new_id
from mainspring.wire.events.reading import decode_answer
from mainspring.wire.events.stream import (
    Event,
    Failed,
    Finished,
    ReasoningDelta,
    Started,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from mainspring.wire.usage import Usage


class _Function(msgspec.Struct):
    name: str
    arguments: msgspec.Raw = msgspec.Raw(b"{}")


class _Call(msgspec.Struct):
    function: _Function
    id: str | None = None


class _Message(msgspec.Struct):
    content: str = ""
    thinking: str = ""
    tool_calls: list[_Call] | None = None


class _Line(msgspec.Struct):
    model: str = ""
    created_at: str | None = None
    message: _Message | None = None
    done: bool = False
    done_reason: str | None = None
    prompt_eval_count: int | None = None
    eval_count: int | None = None
    error: str | None = None


_line_decoder = msgspec.json.Decoder(_Line)


class OllamaStreamReader:
    """Reads JSON lines; the last one, ``done``, carries reason and counts."""

    def __init__(self) -> None:
        self._rest = b""
        self._started = False
        self._calls = 0

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that ``chunk`` completes."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        return [event for line in lines if line.strip() for event in self.read_line(line)]

    def close(self) -> list[Event]:
        """Return what is left once the upstream has ended."""
        rest, self._rest = self._rest, b""
        return self.read_line(rest) if rest.strip() else []

    def read_line(self, data: bytes) -> list[Event]:
        """Return the events of one object.

        Raises:
            UpstreamProtocolError: if it is not one of Ollama's.
        """
        line = decode_answer(_line_decoder, data, "an Ollama answer")
        if line.error is not None:
            return [Failed(line.error)]
        events: list[Event] = []
        if not self._started:
            self._started = True
            answer_id = new_id("evt").replace("evt_", "chatcmpl-")
            events.append(Started(answer_id, line.model, _seconds(line.created_at)))
        if line.message is not None:
            events.extend(self._message(line.message))
        if line.done:
            if line.eval_count is not None or line.prompt_eval_count is not None:
                usage = Usage(input=line.prompt_eval_count or 0, output=line.eval_count or 0)
                frame = {
                    "prompt_eval_count": line.prompt_eval_count,
                    "eval_count": line.eval_count,
                }
                events.append(UsageReported(usage, msgspec.json.encode(frame)))
            ended = "length" if line.done_reason == "length" else "stop"
            events.append(Finished("tool_calls" if self._calls else ended))
        return events

    def _message(self, message: _Message) -> list[Event]:
        events: list[Event] = []
        if message.thinking:
            events.append(ReasoningDelta(message.thinking))
        if message.content:
            events.append(TextDelta(message.content))
        for call in message.tool_calls or ():
            call_id = call.id or new_id("evt").replace("evt_", "call_")
            events.append(ToolCallStarted(self._calls, call_id, call.function.name))
            arguments = bytes(call.function.arguments).decode()
            events.append(ToolArgumentsDelta(self._calls, arguments))
            self._calls += 1
        return events


def _seconds(moment: str | None) -> int:
    if moment is None:
        return 0
    try:
        # Ollama writes nanoseconds, of which the standard library reads six digits.
        head, dot, tail = moment.partition(".")
        digits = tail.rstrip("Zz").split("+")[0].split("-")[0]
        zone = tail[len(digits) :] if dot else ""
        return int(datetime.fromisoformat(f"{head}{zone}" if dot else moment).timestamp())
    except ValueError:
        return 0


def read_answer(body: bytes) -> list[Event]:
    """Read a whole answer.

    Raises:
        UpstreamProtocolError: if it is not one.
    """
    return OllamaStreamReader().read_line(body)
