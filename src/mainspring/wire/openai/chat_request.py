"""OpenAI chat requests, read into the IR and written from it."""

from typing import Any

import msgspec

from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.events.reading import decode_request, unknown_fields
from mainspring.wire.events.request import (
    ChatRequest,
    Media,
    Message,
    Part,
    Reasoning,
    ReasoningRequest,
    ResponseFormat,
    Role,
    Sampling,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    WrittenRequest,
)
from mainspring.wire.events.thinking import effort_of
from mainspring.wire.events.writing import encode_present, named_extras
from mainspring.wire.openai.chat_shapes import (
    AudioPart,
    ContentPart,
    FilePart,
    ImagePart,
    MessageShape,
    NamedChoice,
    RefusalPart,
    RequestShape,
    TextPart,
    ToolShape,
)
from mainspring.wire.raw import present

PROTOCOL = "openai"
PATH = "/v1/chat/completions"

_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
}
_shape_decoder = msgspec.json.Decoder(RequestShape)


def read_request(body: bytes) -> ChatRequest:
    """Read a client's request.

    Raises:
        MalformedJsonError: if the body is not JSON.
        InvalidRequestError: if a parameter does not fit the protocol.
    """
    shape = decode_request(_shape_decoder, body)
    extras = unknown_fields(body, RequestShape)
    max_tokens = shape.max_completion_tokens
    return ChatRequest(
        model=shape.model,
        messages=tuple(_read_message(number, item) for number, item in enumerate(shape.messages)),
        protocol=PROTOCOL,
        stream=shape.stream is True,
        wants_usage=shape.stream_options is not None and shape.stream_options.include_usage,
        tools=tuple(_read_tool(number, tool) for number, tool in enumerate(shape.tools or ())),
        tool_choice=_read_choice(shape.tool_choice),
        parallel_tool_calls=shape.parallel_tool_calls,
        response_format=_read_format(shape),
        reasoning=ReasoningRequest(shape.reasoning_effort) if shape.reasoning_effort else None,
        sampling=Sampling(
            max_tokens=shape.max_tokens if max_tokens is None else max_tokens,
            temperature=shape.temperature,
            top_p=shape.top_p,
            top_k=shape.top_k,
            stop=(shape.stop,) if isinstance(shape.stop, str) else tuple(shape.stop or ()),
            seed=shape.seed,
            n=shape.n,
            presence_penalty=shape.presence_penalty,
            frequency_penalty=shape.frequency_penalty,
            logprobs=shape.logprobs,
            top_logprobs=shape.top_logprobs,
        ),
        user=shape.user,
        extras=extras,
    )


def _read_message(number: int, shape: MessageShape) -> Message:
    role = _ROLES.get(shape.role)
    if role is None:
        raise InvalidRequestError(
            f"messages[{number}].role is {shape.role!r}; it must be one of {', '.join(_ROLES)}",
            param="messages",
        )
    parts: list[Part] = []
    if shape.reasoning_content:
        parts.append(Reasoning(shape.reasoning_content))
    if isinstance(shape.content, str):
        parts.append(Text(shape.content))
    elif shape.content is not None:
        parts.extend(_read_part(number, part) for part in shape.content)
    if shape.refusal:
        parts.append(Text(shape.refusal))
    if role is Role.TOOL:
        if shape.tool_call_id is None:
            raise InvalidRequestError(
                f"messages[{number}] is a tool message without tool_call_id", param="messages"
            )
        content = tuple(part for part in parts if isinstance(part, Text | Media))
        return Message(role, (ToolResult(shape.tool_call_id, content),))
    parts.extend(
        ToolCall(call.id, call.function.name, call.function.arguments)
        for call in shape.tool_calls or ()
    )
    return Message(role, tuple(parts), shape.name)


def _read_part(number: int, part: ContentPart) -> Text | Media:
    match part:
        case TextPart():
            return Text(part.text)
        case RefusalPart():
            return Text(part.refusal)
        case ImagePart():
            media_type, data = split_data_url(part.image_url.url)
            return Media(
                "image",
                url=None if data is not None else part.image_url.url,
                data=data,
                media_type=media_type,
                detail=part.image_url.detail,
            )
        case AudioPart():
            audio = part.input_audio
            return Media("audio", data=audio.data, media_type=f"audio/{audio.format}")
        case FilePart():
            if part.file.file_data is None:
                raise InvalidRequestError(
                    f"messages[{number}]: send the document as file_data (a data URL); files"
                    " uploaded to another server cannot be used here",
                    param="messages",
                )
            media_type, data = split_data_url(part.file.file_data)
            return Media(
                "document",
                data=data or part.file.file_data,
                media_type=media_type or "application/pdf",
                name=part.file.filename,
            )


def split_data_url(url: str) -> tuple[str | None, str | None]:
    """Return media type and base64 text of a ``data:`` URL, or ``(None, None)`` for any other."""
    head, comma, data = url.partition(",")
    if not comma or not head.startswith("data:") or not head.endswith(";base64"):
        return None, None
    return head[len("data:") : -len(";base64")] or None, data


def _read_tool(number: int, shape: ToolShape) -> Tool:
    if shape.type != "function":
        raise InvalidRequestError(
            f"tools[{number}].type is {shape.type!r}; only function tools are offered",
            param="tools",
        )
    function = shape.function
    return Tool(function.name, function.description, present(function.parameters), function.strict)


def _read_choice(choice: str | NamedChoice | None) -> ToolChoice | None:
    match choice:
        case None:
            return None
        case "auto" | "none" | "required":
            return ToolChoice(choice)
        case NamedChoice():
            return ToolChoice("named", choice.function.name)
        case _:
            raise InvalidRequestError(
                f"tool_choice is {choice!r}; it must be auto, none, required or a function",
                param="tool_choice",
            )


def _read_format(shape: RequestShape) -> ResponseFormat | None:
    wanted = shape.response_format
    if wanted is None or wanted.type == "text":
        return None
    if wanted.type == "json_object":
        return ResponseFormat()
    if wanted.type == "json_schema" and wanted.json_schema is not None:
        inner = wanted.json_schema
        return ResponseFormat(present(inner.schema), inner.name, inner.strict)
    raise InvalidRequestError(
        "response_format must be text, json_object, or json_schema with its schema",
        param="response_format",
    )


def write_request(request: ChatRequest, model: str) -> WrittenRequest:
    """Write ``request`` for an OpenAI-compatible upstream that calls the model ``model``."""
    same = request.protocol == PROTOCOL
    sampling = request.sampling
    body: dict[str, Any] = {
        "model": model,
        "messages": [shape for message in request.messages for shape in _write_message(message)],
        "stream": request.stream or None,
        "stream_options": {"include_usage": True} if request.stream else None,
        "tools": [_write_tool(tool) for tool in request.tools] or None,
        "tool_choice": _write_choice(request.tool_choice),
        "parallel_tool_calls": request.parallel_tool_calls,
        "response_format": _write_format(request.response_format),
        "reasoning_effort": effort_of(request.reasoning),
        "max_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "stop": list(sampling.stop) or None,
        "seed": sampling.seed,
        "n": sampling.n,
        "presence_penalty": sampling.presence_penalty,
        "frequency_penalty": sampling.frequency_penalty,
        "logprobs": sampling.logprobs,
        "top_logprobs": sampling.top_logprobs,
        "user": request.user,
        **(request.extras if same else {}),
    }
    dropped = () if same else tuple(sorted(named_extras(request)))
    return WrittenRequest(
        PATH,
        encode_present(body),
        dropped,
    )


def _write_message(message: Message) -> list[dict[str, Any]]:
    """One IR message may be several of OpenAI's: each tool result is a message of its own."""
    results = [part for part in message.parts if isinstance(part, ToolResult)]
    written = [
        {"role": "tool", "tool_call_id": result.call_id, "content": _content(result.content)}
        for result in results
    ]
    calls = [
        {
            "id": part.id,
            "type": "function",
            "function": {"name": part.name, "arguments": part.arguments},
        }
        for part in message.parts
        if isinstance(part, ToolCall)
    ]
    visible = tuple(part for part in message.parts if isinstance(part, Text | Media))
    thoughts = "".join(part.text for part in message.parts if isinstance(part, Reasoning))
    if results and not visible and not calls:
        return written
    shape: dict[str, Any] = {
        "role": message.role.value,
        "content": _content(visible) if visible else (None if calls else ""),
    }
    if message.name is not None:
        shape["name"] = message.name
    if calls:
        shape["tool_calls"] = calls
    if thoughts:
        shape["reasoning_content"] = thoughts
    return [*written, shape]


def _content(parts: tuple[Text | Media, ...]) -> str | list[dict[str, Any]]:
    if all(isinstance(part, Text) for part in parts):
        texts = [part.text for part in parts if isinstance(part, Text)]
        if len(texts) <= 1:
            return "".join(texts)
    return [_write_part(part) for part in parts]


def _write_part(part: Text | Media) -> dict[str, Any]:
    if isinstance(part, Text):
        return {"type": "text", "text": part.text}
    if part.kind == "image":
        image: dict[str, Any] = {"url": part.url or _data_url(part, "image/png")}
        if part.detail is not None:
            image["detail"] = part.detail
        return {"type": "image_url", "image_url": image}
    if part.data is None:
        raise InvalidRequestError(
            f"this model's server takes {part.kind} content as data, not by address",
            param="messages",
        )
    if part.kind == "audio":
        form = (part.media_type or "audio/wav").rpartition("/")[2]
        return {"type": "input_audio", "input_audio": {"data": part.data, "format": form}}
    document = {"filename": part.name, "file_data": _data_url(part, "application/pdf")}
    return {"type": "file", "file": {k: v for k, v in document.items() if v is not None}}


def _data_url(part: Media, default_type: str) -> str:
    return f"data:{part.media_type or default_type};base64,{part.data}"


def _write_tool(tool: Tool) -> dict[str, Any]:
    function: dict[str, Any] = {
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.parameters,
        "strict": tool.strict,
    }
    return {
        "type": "function",
        "function": {name: value for name, value in function.items() if value is not None},
    }


def _write_choice(choice: ToolChoice | None) -> str | dict[str, Any] | None:
    if choice is None:
        return None
    if choice.mode == "named":
        return {"type": "function", "function": {"name": choice.name}}
    return choice.mode


def _write_format(wanted: ResponseFormat | None) -> dict[str, Any] | None:
    if wanted is None:
        return None
    if wanted.schema is None:
        return {"type": "json_object"}
    schema: dict[str, Any] = {"name": wanted.name, "schema": wanted.schema}
    if wanted.strict is not None:
        schema["strict"] = wanted.strict
    return {"type": "json_schema", "json_schema": schema}
