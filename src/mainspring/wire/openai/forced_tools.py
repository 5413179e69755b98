"""A tool call from a server that does not enforce ``tool_choice``, by the schema that it does.

The request asks for JSON that fits one of the tools, in place of the tools; the answer is read back
into the call that the caller wanted. llama.cpp is such a server: it holds an answer to a JSON
Schema by grammar, and takes ``tool_choice: required`` for a wish.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

import msgspec

from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.ids import new_id
from mainspring.wire.events.dialect import StreamReader, UpstreamDialect
from mainspring.wire.events.request import (
    ChatRequest,
    Message,
    ResponseFormat,
    Role,
    Text,
    Tool,
    WrittenRequest,
)
from mainspring.wire.events.stream import (
    Event,
    Failed,
    Finished,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
)

_BEGINNING: Final = re.compile(
    r'\s*\{\s*"name"\s*:\s*("(?:[^"\\]|\\.)*")\s*,\s*"arguments"\s*:\s*(?=\{)'
)
_ANY_OBJECT: Final[dict[str, Any]] = {"type": "object"}


def forces_a_tool(request: ChatRequest) -> bool:
    """Tell whether the answer to ``request`` has to be a tool call."""
    choice = request.tool_choice
    return bool(request.tools) and choice is not None and choice.mode in ("required", "named")


class ForcedToolCall:
    """An OpenAI dialect for requests that force a tool; see :func:`forces_a_tool`."""

    def __init__(self, inner: UpstreamDialect) -> None:
        """Write and read by ``inner``."""
        self.name = inner.name
        self._inner = inner

    def write_request(self, request: ChatRequest, model: str) -> WrittenRequest:
        """Ask for JSON that fits one of the tools.

        Raises:
            InvalidRequestError: if the tool that is named is not among them.
        """
        tools = _eligible(request)
        schema = msgspec.Raw(msgspec.json.encode(_schema(tools)))
        asked = msgspec.structs.replace(
            request,
            messages=(Message(Role.SYSTEM, (Text(_instruction(tools)),)), *request.messages),
            tools=(),
            tool_choice=None,
            parallel_tool_calls=None,
            response_format=ResponseFormat(schema=schema, name="tool_call", strict=True),
        )
        return self._inner.write_request(_with_one_system_message(asked), model)

    def stream_reader(self) -> StreamReader:
        """Return a reader for one streamed answer."""
        return _ForcedReader(self._inner.stream_reader())

    def read_answer(self, body: bytes) -> Iterable[Event]:
        """Read a whole answer.

        Raises:
            UpstreamProtocolError: if it is not one.
        """
        calls = _Calls()
        return [made for event in self._inner.read_answer(body) for made in calls.take(event)]


class _ForcedReader:
    def __init__(self, inner: StreamReader) -> None:
        self._inner = inner
        self._calls = _Calls()

    def feed(self, chunk: bytes) -> list[Event]:
        return [made for event in self._inner.feed(chunk) for made in self._calls.take(event)]

    def close(self) -> list[Event]:
        return [made for event in self._inner.close() for made in self._calls.take(event)]


class _Calls:
    """Turns the text of each choice into the tool call that it spells."""

    def __init__(self) -> None:
        self._choices: dict[int, _SpelledCall] = {}

    def take(self, event: Event) -> Iterator[Event]:
        """Return what ``event`` becomes."""
        if isinstance(event, TextDelta):
            spelled = self._choices.setdefault(event.choice, _SpelledCall(event.choice))
            yield from spelled.feed(event.text)
        elif isinstance(event, Finished):
            spelled = self._choices.get(event.choice)
            if spelled is not None and spelled.complete:
                yield msgspec.structs.replace(event, reason="tool_calls")
            elif event.reason == "stop":
                yield Failed("the model's server did not make the tool call that was required")
            else:
                yield event
        else:
            yield event


class _SpelledCall:
    """One ``{"name": …, "arguments": {…}}`` that arrives in pieces, cut anywhere."""

    def __init__(self, choice: int) -> None:
        self.complete = False
        self._choice = choice
        self._head = ""
        self._begun = False
        self._depth = 0
        self._in_string = False
        self._escaped = False

    def feed(self, text: str) -> Iterator[Event]:
        """Return the events that ``text`` completes."""
        if self.complete:
            return
        if not self._begun:
            self._head += text
            beginning = _BEGINNING.match(self._head)
            if beginning is None:
                return
            self._begun = True
            name: str = msgspec.json.decode(beginning[1], type=str)
            call_id = new_id("evt").replace("evt_", "call_")
            yield ToolCallStarted(0, call_id, name, self._choice)
            text = self._head[beginning.end() :]
            self._head = ""
        arguments = text[: self._end_in(text)]
        if arguments:
            yield ToolArgumentsDelta(0, arguments, self._choice)

    def _end_in(self, text: str) -> int:
        """Return where the arguments end in ``text``: behind their last brace, or not yet."""
        for at, character in enumerate(text):
            if self._in_string:
                if self._escaped:
                    self._escaped = False
                elif character == "\\":
                    self._escaped = True
                elif character == '"':
                    self._in_string = False
            elif character == '"':
                self._in_string = True
            elif character in "{[":
                self._depth += 1
            elif character in "}]":
                self._depth -= 1
                if self._depth == 0:
                    self.complete = True
                    return at + 1
        return len(text)


def _eligible(request: ChatRequest) -> tuple[Tool, ...]:
    choice = request.tool_choice
    if choice is None or choice.mode != "named":
        return request.tools
    named = tuple(tool for tool in request.tools if tool.name == choice.name)
    if not named:
        raise InvalidRequestError(
            f"tool_choice names {choice.name!r}, which is not among the tools", param="tool_choice"
        )
    return named


def _schema(tools: tuple[Tool, ...]) -> dict[str, Any]:
    """Return the schema of a call of any of ``tools``."""
    definitions: dict[str, Any] = {}
    calls: list[dict[str, Any]] = []
    for number, tool in enumerate(tools):
        arguments = _parameters(tool)
        if '"$ref"' in msgspec.json.encode(arguments).decode():
            # References within the tool's own schema have to be told where that stands now.
            place = f"tool_{number}"
            definitions[place] = _moved(arguments, f"#/$defs/{place}")
            arguments = {"$ref": f"#/$defs/{place}"}
        calls.append(
            {
                "type": "object",
                "properties": {"name": {"const": tool.name}, "arguments": arguments},
                "required": ["name", "arguments"],
                "additionalProperties": False,
            }
        )
    schema = calls[0] if len(calls) == 1 else {"anyOf": calls}
    return {**schema, "$defs": definitions} if definitions else schema


def _parameters(tool: Tool) -> dict[str, Any]:
    if tool.parameters is None:
        return _ANY_OBJECT
    read: object = msgspec.json.decode(tool.parameters)
    parameters = cast("dict[str, Any]", read) if isinstance(read, dict) else {}
    return parameters if parameters.get("type") == "object" else {**parameters, **_ANY_OBJECT}


def _moved(schema: object, place: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(schema, list):
        return [_moved(item, place) for item in cast("list[object]", schema)]
    if not isinstance(schema, dict):
        return schema
    return {
        name: place + held[1:]
        if name == "$ref" and isinstance(held, str) and held.startswith("#")
        else _moved(held, place)
        for name, held in cast("dict[str, object]", schema).items()
    }


def _instruction(tools: tuple[Tool, ...]) -> str:
    """Tell the model what the grammar will hold it to: it does not see the tools otherwise."""
    described = [
        {
            "name": tool.name,
            "description": tool.description or "",
            "parameters": tool.parameters or msgspec.Raw(b"{}"),
        }
        for tool in tools
    ]
    return (
        "Call one of these tools. Answer only by a JSON object with the tool's name and its"
        f" arguments.\nTools: {msgspec.json.encode(described).decode()}"
    )


def _with_one_system_message(request: ChatRequest) -> ChatRequest:
    """Join the first two messages where both are the system's: some templates allow only one."""
    first, *rest = request.messages
    if not rest or rest[0].role is not Role.SYSTEM:
        return request
    texts = [part.text for part in (*rest[0].parts, *first.parts) if isinstance(part, Text)]
    joined = Message(Role.SYSTEM, (Text("\n\n".join(texts)),))
    return msgspec.structs.replace(request, messages=(joined, *rest[1:]))
