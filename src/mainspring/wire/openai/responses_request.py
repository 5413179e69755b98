"""OpenAI Responses requests, read into the IR and written from it.

``store`` and ``previous_response_id`` concern the gateway's own memory, not the upstream: they are
read by :mod:`mainspring.wire.openai.stored_responses`, and never sent on.
"""

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
from mainspring.wire.events.writing import dropped_parameters, encode_present, system_texts
from mainspring.wire.openai.chat_request import split_data_url
from mainspring.wire.openai.responses_shapes import (
    Content,
    InputFile,
    InputImage,
    InputText,
    Item,
    NamedChoice,
    OutputText,
    RefusalText,
    RequestShape,
    ToolShape,
)
from mainspring.wire.raw import present

PROTOCOL = "openai-responses"
PATH = "/v1/responses"

_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
}
_THOUGHTS = b'["reasoning.encrypted_content"]'
_shape_decoder = msgspec.json.Decoder(RequestShape)


def _shape(body: bytes) -> RequestShape:
    return decode_request(_shape_decoder, body)


def read_request(body: bytes) -> ChatRequest:
    """Read a client's request.

    Raises:
        MalformedJsonError: if the body is not JSON.
        InvalidRequestError: if a parameter does not fit the protocol.
    """
    shape = _shape(body)
    messages: list[Message] = []
    if shape.instructions:
        messages.append(Message(Role.SYSTEM, (Text(shape.instructions),)))
    if isinstance(shape.input, str):
        messages.append(Message(Role.USER, (Text(shape.input),)))
    else:
        messages.extend(read_items(shape.input))
    return ChatRequest(
        model=shape.model,
        messages=tuple(messages),
        protocol=PROTOCOL,
        stream=shape.stream is True,
        wants_usage=True,
        tools=tuple(_read_tool(number, tool) for number, tool in enumerate(shape.tools or ())),
        tool_choice=_read_choice(shape.tool_choice),
        parallel_tool_calls=shape.parallel_tool_calls,
        response_format=_read_format(shape),
        reasoning=_read_reasoning(shape),
        sampling=Sampling(
            max_tokens=shape.max_output_tokens,
            temperature=shape.temperature,
            top_p=shape.top_p,
        ),
        user=shape.user,
        extras=_extras(body),
    )


def _extras(body: bytes) -> dict[str, msgspec.Raw]:
    extras = unknown_fields(body, RequestShape)
    # Nothing is lost of this one: every dialect tells its thoughts in a form to be sent again.
    if bytes(extras.get("include", b"")) == _THOUGHTS:
        del extras["include"]
    return extras


def read_items(items: list[Item]) -> list[Message]:
    """Read input items; neighbouring parts of the assistant become one message.

    Raises:
        InvalidRequestError: if an item is of a type that no upstream of ours could answer.
    """
    messages: list[Message] = []
    for number, item in enumerate(items):
        message = _read_item(number, item)
        last = messages[-1] if messages else None
        if last is not None and last.role is message.role is Role.ASSISTANT:
            messages[-1] = Message(Role.ASSISTANT, (*last.parts, *message.parts))
        else:
            messages.append(message)
    return messages


def _read_item(number: int, item: Item) -> Message:
    match item:
        case Item(type="message", role=str(role)) if role in _ROLES:
            content = item.content or ""
            parts = (Text(content),) if isinstance(content, str) else _parts(number, content)
            return Message(_ROLES[role], parts)
        case Item(type="function_call", call_id=str(call_id), name=str(name)):
            return Message(Role.ASSISTANT, (ToolCall(call_id, name, item.arguments or ""),))
        case Item(type="function_call_output", call_id=str(call_id)):
            output = item.output or ""
            found = (Text(output),) if isinstance(output, str) else _parts(number, output)
            return Message(Role.TOOL, (ToolResult(call_id, found),))
        case Item(type="reasoning"):
            text = "\n\n".join(piece.text for piece in item.summary or ())
            return Message(Role.ASSISTANT, (Reasoning(text, signature=item.encrypted_content),))
        case _:
            raise InvalidRequestError(
                f"input[{number}] (type {item.type!r}, role {item.role!r}) cannot be used here;"
                " send messages, function_call, function_call_output or reasoning",
                param="input",
            )


def _parts(number: int, content: list[Content]) -> tuple[Text | Media, ...]:
    return tuple(_read_content(number, part) for part in content)


def _read_content(number: int, part: Content) -> Text | Media:
    match part:
        case InputText() | OutputText():
            return Text(part.text)
        case RefusalText():
            return Text(part.refusal)
        case InputImage(image_url=str(url)):
            media_type, data = split_data_url(url)
            return Media(
                "image",
                url=None if data is not None else url,
                data=data,
                media_type=media_type,
                detail=part.detail,
            )
        case InputFile(file_data=str(file_data)):
            media_type, data = split_data_url(file_data)
            return Media(
                "document",
                data=data or file_data,
                media_type=media_type or "application/pdf",
                name=part.filename,
            )
        case InputFile(file_url=str(url)):
            return Media("document", url=url, name=part.filename)
        case _:
            raise InvalidRequestError(
                f"input[{number}]: send images and documents as data URLs or addresses, not as"
                " file_id",
                param="input",
            )


def _read_tool(number: int, shape: ToolShape) -> Tool:
    if shape.type != "function":
        raise InvalidRequestError(
            f"tools[{number}].type is {shape.type!r}; only function tools are offered",
            param="tools",
        )
    return Tool(shape.name, shape.description, present(shape.parameters), shape.strict)


def _read_choice(choice: str | NamedChoice | None) -> ToolChoice | None:
    match choice:
        case None:
            return None
        case "auto" | "none" | "required":
            return ToolChoice(choice)
        case NamedChoice(type="function", name=str(name)):
            return ToolChoice("named", name)
        case _:
            raise InvalidRequestError(
                "tool_choice must be auto, none, required or a function", param="tool_choice"
            )


def _read_format(shape: RequestShape) -> ResponseFormat | None:
    wanted = shape.text.format if shape.text is not None else None
    if wanted is None or wanted.type == "text":
        return None
    if wanted.type == "json_object":
        return ResponseFormat()
    if wanted.type == "json_schema":
        return ResponseFormat(present(wanted.schema), wanted.name, wanted.strict)
    raise InvalidRequestError("text.format must be text, json_object or json_schema", param="text")


def _read_reasoning(shape: RequestShape) -> ReasoningRequest | None:
    if shape.reasoning is None or shape.reasoning.effort is None:
        return None
    return ReasoningRequest(shape.reasoning.effort)


def write_request(request: ChatRequest, model: str) -> WrittenRequest:
    """Write ``request`` for an upstream with a Responses endpoint; nothing is stored there."""
    same = request.protocol == PROTOCOL
    sampling = request.sampling
    effort = effort_of(request.reasoning)
    system = [text.text for text in system_texts(request)]
    body: dict[str, Any] = {
        "model": model,
        "instructions": "\n\n".join(system) or None,
        "input": write_items(request.messages),
        "stream": request.stream or None,
        "store": False,
        "tools": [write_tool(tool) for tool in request.tools] or None,
        "tool_choice": write_choice(request.tool_choice),
        "parallel_tool_calls": request.parallel_tool_calls,
        "text": write_format(request.response_format),
        "reasoning": None if effort is None else {"effort": effort},
        "max_output_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "user": request.user,
        **(request.extras if same else {}),
    }
    return WrittenRequest(
        PATH,
        encode_present(body),
        () if same else _dropped(request),
    )


def _dropped(request: ChatRequest) -> tuple[str, ...]:
    lost = dropped_parameters(
        request,
        "stop",
        "seed",
        "top_k",
        "n",
        "presence_penalty",
        "frequency_penalty",
        "logprobs",
        "top_logprobs",
    )
    return tuple(sorted(lost))


def write_items(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    """Write every message but the system's as input items, in order."""
    return [
        item
        for message in messages
        if message.role is not Role.SYSTEM
        for item in _write_message(message)
    ]


def _write_message(message: Message) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    spoken: list[dict[str, Any]] = []
    assistant = message.role is Role.ASSISTANT

    def flush() -> None:
        if spoken:
            items.append({"type": "message", "role": message.role.value, "content": list(spoken)})
            spoken.clear()

    for part in message.parts:
        if isinstance(part, Text | Media):
            spoken.append(_write_content(part, assistant=assistant))
            continue
        flush()
        items.extend(_write_part(part))
    flush()
    return items


def _write_part(part: Part) -> list[dict[str, Any]]:
    match part:
        case ToolCall():
            return [
                {
                    "type": "function_call",
                    "call_id": part.id,
                    "name": part.name,
                    "arguments": part.arguments,
                }
            ]
        case ToolResult():
            content = [_write_content(inner, assistant=False) for inner in part.content]
            texts = [inner.text for inner in part.content if isinstance(inner, Text)]
            output = "".join(texts) if len(texts) == len(content) else content
            return [{"type": "function_call_output", "call_id": part.call_id, "output": output}]
        case Reasoning(signature=str(encrypted)):
            summary = [{"type": "summary_text", "text": part.text}] if part.text else []
            return [{"type": "reasoning", "summary": summary, "encrypted_content": encrypted}]
        case _:
            # Thoughts that the server cannot verify are refused by it; they are no instruction.
            return []


def _write_content(part: Text | Media, *, assistant: bool) -> dict[str, Any]:
    if isinstance(part, Text):
        return {"type": "output_text" if assistant else "input_text", "text": part.text}
    if part.kind == "audio":
        raise InvalidRequestError("this model's protocol takes no audio", param="messages")
    data = None if part.data is None else f"data:{part.media_type};base64,{part.data}"
    if part.kind == "image":
        image: dict[str, Any] = {"type": "input_image", "image_url": part.url or data}
        if part.detail is not None:
            image["detail"] = part.detail
        return image
    document: dict[str, Any] = {"type": "input_file"}
    if part.url is not None:
        document["file_url"] = part.url
    else:
        document["file_data"] = data
    if part.name is not None:
        document["filename"] = part.name
    return document


def write_tool(tool: Tool) -> dict[str, Any]:
    """Return a tool as the Responses API words it, in requests and answers."""
    shape: dict[str, Any] = {
        "type": "function",
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.parameters,
        "strict": tool.strict,
    }
    return {name: value for name, value in shape.items() if value is not None}


def write_choice(choice: ToolChoice | None) -> str | dict[str, Any] | None:
    """Return which tools are to be called as the Responses API words it."""
    if choice is None:
        return None
    if choice.mode == "named":
        return {"type": "function", "name": choice.name}
    return choice.mode


def write_format(wanted: ResponseFormat | None) -> dict[str, Any] | None:
    """Return what the text is to be as the Responses API words it."""
    if wanted is None:
        return None
    if wanted.schema is None:
        return {"format": {"type": "json_object"}}
    shape: dict[str, Any] = {"type": "json_schema", "name": wanted.name, "schema": wanted.schema}
    if wanted.strict is not None:
        shape["strict"] = wanted.strict
    return {"format": shape}
