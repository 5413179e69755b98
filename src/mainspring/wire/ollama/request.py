"""Chat requests written for Ollama's ``/api/chat``."""

from typing import Any

from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.events.request import (
    ChatRequest,
    Media,
    Message,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    WrittenRequest,
)
from mainspring.wire.events.writing import dropped_parameters, encode_present, json_object

PATH = "/api/chat"


def write_request(request: ChatRequest, model: str) -> WrittenRequest:
    """Write ``request`` for an Ollama upstream that calls the model ``model``.

    Raises:
        InvalidRequestError: if it needs what the protocol cannot express.
    """
    sampling = request.sampling
    wanted = request.response_format
    names = {
        part.id: part.name
        for message in request.messages
        for part in message.parts
        if isinstance(part, ToolCall)
    }
    options: dict[str, Any] = {
        "num_predict": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "stop": list(sampling.stop) or None,
        "seed": sampling.seed,
        "presence_penalty": sampling.presence_penalty,
        "frequency_penalty": sampling.frequency_penalty,
    }
    body: dict[str, Any] = {
        "model": model,
        "messages": [m for message in request.messages for m in _messages(message, names)],
        "stream": request.stream,
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description or "",
                    "parameters": tool.parameters or {"type": "object", "properties": {}},
                },
            }
            for tool in request.tools
        ]
        or None,
        "format": None if wanted is None else (wanted.schema or "json"),
        "think": _think(request),
        "options": {name: value for name, value in options.items() if value is not None} or None,
    }
    return WrittenRequest(
        PATH,
        encode_present(body),
        _dropped(request),
    )


def _think(request: ChatRequest) -> bool | str | None:
    if request.reasoning is None:
        return None
    effort = request.reasoning.effort
    if effort == "none":
        return False
    return effort if effort in ("low", "medium", "high") else True


def _dropped(request: ChatRequest) -> tuple[str, ...]:
    lost = dropped_parameters(
        request, "parallel_tool_calls", "n", "logprobs", "top_logprobs", "user"
    )
    # The protocol has no tool choice: "auto" is what it does.
    if request.tool_choice is not None and request.tool_choice.mode != "auto":
        lost.append("tool_choice")
    return tuple(sorted(lost))


def _messages(message: Message, names: dict[str, str]) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = []
    texts: list[str] = []
    images: list[str] = []
    calls: list[dict[str, Any]] = []
    thoughts: list[str] = []
    for part in message.parts:
        match part:
            case Text():
                texts.append(part.text)
            case Media():
                images.append(_image(part))
            case Reasoning():
                thoughts.append(part.text)
            case ToolCall():
                function = {
                    "name": part.name,
                    "arguments": json_object(part.arguments, otherwise="arguments"),
                }
                calls.append({"function": function})
            case ToolResult():
                said = "".join(inner.text for inner in part.content if isinstance(inner, Text))
                result = {"role": "tool", "content": said}
                if part.call_id in names:
                    result["tool_name"] = names[part.call_id]
                written.append(result)
    if texts or images or calls or not written:
        shape: dict[str, Any] = {"role": message.role.value, "content": "\n".join(texts)}
        more: dict[str, Any] = {
            "images": images,
            "tool_calls": calls,
            "thinking": "".join(thoughts),
        }
        shape.update((name, value) for name, value in more.items() if value)
        written.append(shape)
    return written


def _image(part: Media) -> str:
    if part.kind != "image" or part.data is None:
        raise InvalidRequestError(
            "this model's server takes images as data, and no other media", param="messages"
        )
    return part.data
