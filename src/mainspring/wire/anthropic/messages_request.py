"""Anthropic Messages requests, read into the IR and written from it."""

from typing import Any

import msgspec

from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.anthropic.shapes import (
    Block,
    DocumentBlock,
    ImageBlock,
    MessageShape,
    RedactedThinkingBlock,
    RequestShape,
    TextBlock,
    ThinkingBlock,
    ToolChoiceShape,
    ToolResultBlock,
    ToolShape,
    ToolUseBlock,
)
from mainspring.wire.events.reading import decode_request, unknown_fields
from mainspring.wire.events.request import (
    ChatRequest,
    Media,
    Message,
    Part,
    Reasoning,
    ReasoningRequest,
    Role,
    Sampling,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    WrittenRequest,
)
from mainspring.wire.events.thinking import budget_of
from mainspring.wire.events.writing import (
    alternating_turns,
    dropped_parameters,
    encode_present,
    json_object,
    system_texts,
)
from mainspring.wire.raw import present

PROTOCOL = "anthropic"
PATH = "/v1/messages"
DEFAULT_MAX_TOKENS = 4096
"""Anthropic requires ``max_tokens``; this is what we send where the caller's protocol has none."""

_shape_decoder = msgspec.json.Decoder(RequestShape)
_fields_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
_encode = msgspec.json.Encoder().encode
_EMPTY_SCHEMA = msgspec.Raw(b'{"type":"object","properties":{}}')


def as_messages_request(body: bytes) -> bytes:
    """Return a ``count_tokens`` request as one of ``messages``, which must bound its answer.

    Raises:
        MalformedJsonError: if the body is not a JSON object.
    """
    fields = decode_request(_fields_decoder, body)
    return _encode({"max_tokens": msgspec.Raw(b"1"), **fields, "stream": False})


def read_request(body: bytes) -> ChatRequest:
    """Read a client's request.

    Raises:
        MalformedJsonError: if the body is not JSON.
        InvalidRequestError: if a parameter does not fit the protocol.
    """
    shape = decode_request(_shape_decoder, body)
    if shape.max_tokens is None:
        raise InvalidRequestError("max_tokens is required", param="max_tokens")
    extras = unknown_fields(body, RequestShape)
    messages = [_read_message(number, item) for number, item in enumerate(shape.messages)]
    if shape.system:
        system = shape.system
        parts = [Text(system)] if isinstance(system, str) else [_read_text(b) for b in system]
        messages.insert(0, Message(Role.SYSTEM, tuple(parts)))
    choice = shape.tool_choice
    parallel = None
    if choice is not None and choice.disable_parallel_tool_use is not None:
        parallel = not choice.disable_parallel_tool_use
    return ChatRequest(
        model=shape.model,
        messages=tuple(messages),
        protocol=PROTOCOL,
        stream=shape.stream is True,
        wants_usage=True,
        tools=tuple(_read_tool(number, tool) for number, tool in enumerate(shape.tools or ())),
        tool_choice=_read_choice(choice),
        parallel_tool_calls=parallel,
        reasoning=_read_thinking(shape),
        sampling=Sampling(
            max_tokens=shape.max_tokens,
            temperature=shape.temperature,
            top_p=shape.top_p,
            top_k=shape.top_k,
            stop=tuple(shape.stop_sequences or ()),
        ),
        user=shape.metadata.user_id if shape.metadata is not None else None,
        extras=extras,
    )


def _read_text(block: TextBlock) -> Text:
    return Text(block.text, cached=block.cache_control is not None)


def _read_message(number: int, shape: MessageShape) -> Message:
    if shape.role not in ("user", "assistant"):
        raise InvalidRequestError(
            f"messages[{number}].role is {shape.role!r}; it must be user or assistant"
            " (instructions go into system)",
            param="messages",
        )
    role = Role(shape.role)
    if isinstance(shape.content, str):
        return Message(role, (Text(shape.content),))
    return Message(role, tuple(_read_block(number, block) for block in shape.content))


def _read_block(number: int, block: Block) -> Part:
    match block:
        case TextBlock():
            return _read_text(block)
        case ImageBlock() | DocumentBlock():
            return _read_media(number, block)
        case ToolUseBlock():
            return ToolCall(block.id, block.name, bytes(block.input).decode())
        case ThinkingBlock():
            return Reasoning(block.thinking, signature=block.signature)
        case RedactedThinkingBlock():
            return Reasoning(redacted=block.data)
        case ToolResultBlock():
            content = block.content
            parts: tuple[Text | Media, ...] = ()
            if isinstance(content, str):
                parts = (Text(content),)
            elif content is not None:
                parts = tuple(
                    _read_text(inner)
                    if isinstance(inner, TextBlock)
                    else _read_media(number, inner)
                    for inner in content
                )
            return ToolResult(block.tool_use_id, parts, is_error=block.is_error is True)


def _read_media(number: int, block: ImageBlock | DocumentBlock) -> Text | Media:
    source = block.source
    kind = "image" if isinstance(block, ImageBlock) else "document"
    name = block.title if isinstance(block, DocumentBlock) else None
    match source.type:
        case "base64" if source.data is not None:
            return Media(kind, data=source.data, media_type=source.media_type, name=name)
        case "url" if source.url is not None:
            return Media(kind, url=source.url, name=name)
        case "text" if source.data is not None:
            return Text(source.data)
        case _:
            raise InvalidRequestError(
                f"messages[{number}]: a source of type {source.type!r} cannot be used here; send"
                " base64, url or text",
                param="messages",
            )


def _read_tool(number: int, shape: ToolShape) -> Tool:
    if shape.type not in (None, "custom"):
        raise InvalidRequestError(
            f"tools[{number}].type is {shape.type!r}; only tools of your own are offered",
            param="tools",
        )
    return Tool(shape.name, shape.description, present(shape.input_schema))


def _read_choice(choice: ToolChoiceShape | None) -> ToolChoice | None:
    match choice:
        case None:
            return None
        case ToolChoiceShape(type="auto"):
            return ToolChoice("auto")
        case ToolChoiceShape(type="none"):
            return ToolChoice("none")
        case ToolChoiceShape(type="any"):
            return ToolChoice("required")
        case ToolChoiceShape(type="tool", name=str(name)):
            return ToolChoice("named", name)
        case _:
            raise InvalidRequestError(
                "tool_choice must be auto, any, none, or tool with its name", param="tool_choice"
            )


def _read_thinking(shape: RequestShape) -> ReasoningRequest | None:
    thinking = shape.thinking
    if thinking is None or thinking.type == "disabled":
        return None
    return ReasoningRequest(budget_tokens=thinking.budget_tokens)


def write_request(request: ChatRequest, model: str) -> WrittenRequest:
    """Write ``request`` for an Anthropic upstream that calls the model ``model``.

    Raises:
        InvalidRequestError: if it needs what the protocol cannot express.
    """
    same = request.protocol == PROTOCOL
    sampling = request.sampling
    thinking = _write_thinking(request.reasoning)
    max_tokens = sampling.max_tokens or DEFAULT_MAX_TOKENS
    if thinking is not None and thinking["budget_tokens"] >= max_tokens:
        max_tokens = thinking["budget_tokens"] + DEFAULT_MAX_TOKENS
    tools = [_write_tool(tool) for tool in request.tools]
    choice = _write_choice(request)
    if request.response_format is not None and not same:
        raise InvalidRequestError(
            "response_format cannot be expressed in this model's protocol",
            param="response_format",
        )
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": max_tokens,
        "system": _write_system(request),
        "messages": alternating_turns(request.messages, _write_part),
        "stream": request.stream or None,
        "temperature": None if sampling.temperature is None else min(sampling.temperature, 1.0),
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "stop_sequences": list(sampling.stop) or None,
        "tools": tools or None,
        "tool_choice": choice,
        "thinking": thinking,
        "metadata": {"user_id": request.user} if request.user is not None else None,
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
        "seed",
        "n",
        "presence_penalty",
        "frequency_penalty",
        "logprobs",
        "top_logprobs",
    )
    temperature = request.sampling.temperature
    if temperature is not None and temperature > 1.0:
        lost.append("temperature>1")
    return tuple(sorted(lost))


def _write_thinking(reasoning: ReasoningRequest | None) -> dict[str, Any] | None:
    budget = budget_of(reasoning)
    if not budget:
        return None
    return {"type": "enabled", "budget_tokens": budget}


def _write_system(request: ChatRequest) -> str | list[dict[str, Any]] | None:
    texts = system_texts(request)
    if not texts:
        return None
    if any(text.cached for text in texts):
        return [_write_text(text) for text in texts]
    return "\n\n".join(text.text for text in texts)


def _write_text(text: Text) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "text", "text": text.text}
    if text.cached:
        block["cache_control"] = {"type": "ephemeral"}
    return block


def _write_part(part: Part) -> list[dict[str, Any]]:
    match part:
        case Text():
            # Empty text blocks are refused by the protocol.
            return [_write_text(part)] if part.text else []
        case Media():
            return [_write_media(part)]
        case Reasoning(redacted=str(data)):
            return [{"type": "redacted_thinking", "data": data}]
        case Reasoning(signature=str(signature)):
            return [{"type": "thinking", "thinking": part.text, "signature": signature}]
        case Reasoning():
            # Thoughts without a signature are refused by the protocol; they are no instruction.
            return []
        case ToolCall():
            return [
                {
                    "type": "tool_use",
                    "id": part.id,
                    "name": part.name,
                    "input": json_object(part.arguments, otherwise="arguments"),
                }
            ]
        case ToolResult():
            result: dict[str, Any] = {
                "type": "tool_result",
                "tool_use_id": part.call_id,
                "content": [block for inner in part.content for block in _write_part(inner)],
            }
            if part.is_error:
                result["is_error"] = True
            return [result]


def _write_media(part: Media) -> dict[str, Any]:
    if part.kind == "audio":
        raise InvalidRequestError("this model's protocol takes no audio", param="messages")
    block: dict[str, Any] = {"type": part.kind}
    if part.url is not None:
        block["source"] = {"type": "url", "url": part.url}
    else:
        default = "image/png" if part.kind == "image" else "application/pdf"
        block["source"] = {
            "type": "base64",
            "media_type": part.media_type or default,
            "data": part.data,
        }
    if part.name is not None and part.kind == "document":
        block["title"] = part.name
    return block


def _write_tool(tool: Tool) -> dict[str, Any]:
    shape: dict[str, Any] = {"name": tool.name, "input_schema": tool.parameters or _EMPTY_SCHEMA}
    if tool.description is not None:
        shape["description"] = tool.description
    return shape


def _write_choice(request: ChatRequest) -> dict[str, Any] | None:
    choice = request.tool_choice
    if not request.tools:
        return None
    shape: dict[str, Any] | None = None
    if choice is not None:
        kind = {"auto": "auto", "none": "none", "required": "any", "named": "tool"}[choice.mode]
        shape = {"type": kind}
        if choice.mode == "named":
            shape["name"] = choice.name
    if request.parallel_tool_calls is not None and (shape is None or shape["type"] != "none"):
        shape = shape or {"type": "auto"}
        shape["disable_parallel_tool_use"] = not request.parallel_tool_calls
    return shape
