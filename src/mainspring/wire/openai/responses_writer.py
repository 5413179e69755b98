"""OpenAI Responses answers, written from events, streamed and whole.

The stream is a sequence of typed events with growing ``sequence_number``; every output item is
announced, filled, and closed, and the last event carries the whole response object.
"""

import time
from collections.abc import Iterable
from typing import Any

import msgspec

from mainspring.kernel.errors import MainspringError, UpstreamProtocolError
from mainspring.kernel.ids import new_id
from mainspring.wire.events.request import ChatRequest
from mainspring.wire.events.stream import (
    Event,
    Failed,
    Finished,
    ReasoningDelta,
    RefusalDelta,
    Started,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from mainspring.wire.openai.errors import error_envelope
from mainspring.wire.openai.responses_request import write_choice, write_format, write_tool
from mainspring.wire.sse import encode_event
from mainspring.wire.usage import Usage

_encode = msgspec.json.Encoder().encode


def response_id() -> str:
    """Return an id as OpenAI's clients expect it."""
    return f"resp_{new_id('req').removeprefix('req_')}"


def _item_id(prefix: str) -> str:
    return f"{prefix}_{new_id('evt').removeprefix('evt_')}"


def usage_shape(usage: Usage) -> dict[str, Any]:
    """Return usage as the Responses API words it."""
    total_input = usage.input + usage.cached_input + usage.cache_write
    total_output = usage.output + usage.reasoning
    return {
        "input_tokens": total_input,
        "input_tokens_details": {
            "cached_tokens": usage.cached_input,
            "cache_write_tokens": usage.cache_write,
        },
        "output_tokens": total_output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": total_input + total_output,
    }


class ResponsesStreamWriter:
    """Writes the Responses event stream. Choices beyond the first do not exist here."""

    def __init__(self, request: ChatRequest, *, id: str | None = None) -> None:  # noqa: A002 - the protocol's word
        self._request = request
        self._id = id or response_id()
        self._created = int(time.time())
        self._sequence = -1
        self._output: list[dict[str, Any]] = []
        self._message: int | None = None
        self._thoughts: int | None = None
        self._calls: dict[int, int] = {}
        self._finished: Finished | None = None
        self._usage: Usage | None = None
        self._failed: Failed | None = None

    def write(self, event: Event) -> bytes:
        """Return the bytes of ``event``."""
        match event:
            case Started():
                self._created = event.created or self._created
                opening = self.response("in_progress")
                return self._event("response.created", response=opening) + self._event(
                    "response.in_progress", response=opening
                )
            case UsageReported():
                self._usage = event.usage
                return b""
            case Failed():
                self._failed = event
                return b""
            case Finished():
                self._finished = self._finished or (event if event.choice == 0 else None)
                return b""
            case _ if event.choice != 0:
                return b""
            case TextDelta():
                return self._text(event.text, "output_text", "text") if event.text else b""
            case RefusalDelta():
                return self._text(event.text, "refusal", "refusal")
            case ReasoningDelta():
                return self._reasoning(event)
            case ToolCallStarted():
                return self._call(event)
            case ToolArgumentsDelta():
                return self._arguments(event)

    def _event(self, kind: str, **fields: Any) -> bytes:  # noqa: ANN401 - fields of one JSON object
        self._sequence += 1
        return encode_event(
            _encode({"type": kind, "sequence_number": self._sequence, **fields}), kind
        )

    def _add(self, item: dict[str, Any]) -> tuple[int, bytes]:
        self._output.append(item)
        index = len(self._output) - 1
        return index, self._event("response.output_item.added", output_index=index, item=item)

    def _text(self, text: str, kind: str, field: str) -> bytes:
        sent = self._close_thoughts()
        if self._message is None:
            item: dict[str, Any] = {
                "type": "message",
                "id": _item_id("msg"),
                "status": "in_progress",
                "role": "assistant",
                "content": [],
            }
            self._message, added = self._add(item)
            sent += added
        item = self._output[self._message]
        content: list[dict[str, Any]] = item["content"]
        place = {"item_id": item["id"], "output_index": self._message}
        if not content or content[-1]["type"] != kind:
            part: dict[str, Any] = {"type": kind, field: ""}
            if kind == "output_text":
                part["annotations"] = []
            content.append(part)
            sent += self._event(
                "response.content_part.added", **place, content_index=len(content) - 1, part=part
            )
        content[-1][field] += text
        return sent + self._event(
            f"response.{kind}.delta", **place, content_index=len(content) - 1, delta=text
        )

    def _reasoning(self, event: ReasoningDelta) -> bytes:
        sent = b""
        if self._thoughts is None:
            item: dict[str, Any] = {"type": "reasoning", "id": _item_id("rs"), "summary": []}
            self._thoughts, sent = self._add(item)
        item = self._output[self._thoughts]
        if event.text:
            sent += self._summary(item, event.text)
        signature = event.signature or event.redacted
        if signature is not None:
            item["encrypted_content"] = signature
            sent += self._close_thoughts()
        return sent

    def _summary(self, item: dict[str, Any], text: str) -> bytes:
        place = {"item_id": item["id"], "output_index": self._thoughts, "summary_index": 0}
        sent = b""
        if not item["summary"]:
            part = {"type": "summary_text", "text": ""}
            item["summary"].append(part)
            sent = self._event("response.reasoning_summary_part.added", **place, part=part)
        item["summary"][0]["text"] += text
        return sent + self._event("response.reasoning_summary_text.delta", **place, delta=text)

    def _close_thoughts(self) -> bytes:
        index, self._thoughts = self._thoughts, None
        if index is None:
            return b""
        item = self._output[index]
        sent = b""
        if item["summary"]:
            part = item["summary"][0]
            place = {"item_id": item["id"], "output_index": index, "summary_index": 0}
            sent = self._event(
                "response.reasoning_summary_text.done", **place, text=part["text"]
            ) + self._event("response.reasoning_summary_part.done", **place, part=part)
        return sent + self._event("response.output_item.done", output_index=index, item=item)

    def _call(self, event: ToolCallStarted) -> bytes:
        sent = self._close_thoughts() + self._close_message()
        index, added = self._add(
            {
                "type": "function_call",
                "id": _item_id("fc"),
                "status": "in_progress",
                "call_id": event.id,
                "name": event.name,
                "arguments": "",
            }
        )
        self._calls[event.index] = index
        return sent + added

    def _arguments(self, event: ToolArgumentsDelta) -> bytes:
        index = self._calls[event.index]
        item = self._output[index]
        item["arguments"] += event.arguments
        return self._event(
            "response.function_call_arguments.delta",
            item_id=item["id"],
            output_index=index,
            delta=event.arguments,
        )

    def _close_message(self) -> bytes:
        index, self._message = self._message, None
        if index is None:
            return b""
        item = self._output[index]
        item["status"] = "completed"
        sent = b""
        for number, part in enumerate(item["content"]):
            place = {"item_id": item["id"], "output_index": index, "content_index": number}
            field = "text" if part["type"] == "output_text" else "refusal"
            sent += self._event(f"response.{part['type']}.done", **place, **{field: part[field]})
            sent += self._event("response.content_part.done", **place, part=part)
        return sent + self._event("response.output_item.done", output_index=index, item=item)

    def _close_calls(self) -> bytes:
        calls, self._calls = self._calls, {}
        sent = b""
        for index in calls.values():
            item = self._output[index]
            item["status"] = "completed"
            sent += self._event(
                "response.function_call_arguments.done",
                item_id=item["id"],
                output_index=index,
                name=item["name"],
                arguments=item["arguments"],
            )
            sent += self._event("response.output_item.done", output_index=index, item=item)
        return sent

    def close(self) -> bytes:
        """Return the ends of all open items and the final response."""
        sent = self._close_thoughts() + self._close_message() + self._close_calls()
        status = self.status
        return sent + self._event(f"response.{status}", response=self.response(status))

    @property
    def status(self) -> str:
        """Return how the response stands: ``completed``, ``incomplete`` or ``failed``."""
        if self._failed is not None:
            return "failed"
        reason = self._finished.reason if self._finished is not None else "stop"
        return "incomplete" if reason in ("length", "content_filter") else "completed"

    @property
    def failure(self) -> Failed | None:
        """Return the failure that the upstream reported, if it did."""
        return self._failed

    def response(self, status: str) -> dict[str, Any]:
        """Return the response object as it stands."""
        request = self._request
        details = None
        if status == "incomplete" and self._finished is not None:
            cut = self._finished.reason == "length"
            details = {"reason": "max_output_tokens" if cut else "content_filter"}
        failed = self._failed
        return {
            "id": self._id,
            "object": "response",
            "created_at": self._created,
            "status": status,
            "error": None
            if failed is None
            else {"code": "server_error", "message": failed.message},
            "incomplete_details": details,
            "instructions": None,
            "max_output_tokens": request.sampling.max_tokens,
            "model": request.model,
            "output": [dict(item) for item in self._output] if status != "in_progress" else [],
            "parallel_tool_calls": request.parallel_tool_calls is not False,
            "previous_response_id": None,
            "temperature": request.sampling.temperature,
            "text": write_format(request.response_format) or {"format": {"type": "text"}},
            "tool_choice": write_choice(request.tool_choice) or "auto",
            "tools": [write_tool(tool) for tool in request.tools],
            "top_p": request.sampling.top_p,
            "truncation": "disabled",
            "usage": None if self._usage is None else usage_shape(self._usage),
            "user": request.user,
            "metadata": {},
        }

    def error(self, error: MainspringError, request_id: str) -> bytes:
        """Return the event that tells the client of a failure after the first byte."""
        body = error_envelope(error, request_id).error
        return self._event("error", code=body.code, message=body.message, param=body.param)


def write_answer(events: Iterable[Event], request: ChatRequest) -> bytes:
    """Write a whole response object.

    Raises:
        UpstreamProtocolError: if the upstream's stream had reported an error.
    """
    writer = ResponsesStreamWriter(request)
    for event in events:
        writer.write(event)
    if writer.failure is not None:
        raise UpstreamProtocolError(writer.failure.message)
    writer.close()
    return _encode(writer.response(writer.status))
