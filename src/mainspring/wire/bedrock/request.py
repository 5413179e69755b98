"""Chat requests written for Bedrock's ``Converse`` and ``ConverseStream``."""

from typing import Any
from urllib.parse import quote

import msgspec

from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.events.request import (
    ChatRequest,
    Media,
    Part,
    Reasoning,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    WrittenRequest,
)
from mainspring.wire.events.writing import (
    alternating_turns,
    dropped_parameters,
    encode_present,
    json_object,
    system_texts,
)

_EMPTY_SCHEMA = msgspec.Raw(b'{"type":"object","properties":{}}')
_DOCUMENT_FORMATS = {
    "application/pdf": "pdf",
    "text/csv": "csv",
    "text/html": "html",
    "text/plain": "txt",
    "text/markdown": "md",
}


def path_of(model: str, *, stream: bool) -> str:
    """Return the path that serves ``model``; an ARN's colons and slashes are escaped."""
    return f"/model/{quote(model, safe='')}/{'converse-stream' if stream else 'converse'}"


def write_request(request: ChatRequest, model: str) -> WrittenRequest:
    """Write ``request`` for a Bedrock upstream; the model's id stands in the path.

    Raises:
        InvalidRequestError: if it needs what the protocol cannot express.
    """
    if request.response_format is not None:
        raise InvalidRequestError(
            "response_format cannot be expressed in this model's protocol",
            param="response_format",
        )
    sampling = request.sampling
    inference: dict[str, Any] = {
        "maxTokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "topP": sampling.top_p,
        "stopSequences": list(sampling.stop) or None,
    }
    inference = {name: value for name, value in inference.items() if value is not None}
    system = [{"text": text.text} for text in system_texts(request)]
    body: dict[str, Any] = {
        "system": system or None,
        "messages": alternating_turns(request.messages, _part),
        "inferenceConfig": inference or None,
        "toolConfig": _tool_config(request),
    }
    return WrittenRequest(
        path_of(model, stream=request.stream),
        encode_present(body),
        _dropped(request),
    )


def _dropped(request: ChatRequest) -> tuple[str, ...]:
    lost = dropped_parameters(
        request,
        "top_k",
        "seed",
        "n",
        "presence_penalty",
        "frequency_penalty",
        "logprobs",
        "top_logprobs",
        "parallel_tool_calls",
        "reasoning_effort",
        "user",
    )
    if request.tool_choice is not None and request.tool_choice.mode == "none":
        lost.append("tool_choice")
    return tuple(sorted(lost))


def _part(part: Part) -> list[dict[str, Any]]:
    match part:
        case Text():
            return [{"text": part.text}] if part.text else []
        case Media():
            return [_media(part)]
        case Reasoning(redacted=str(data)):
            return [{"reasoningContent": {"redactedContent": data}}]
        case Reasoning(signature=str(signature)):
            thought = {"text": part.text, "signature": signature}
            return [{"reasoningContent": {"reasoningText": thought}}]
        case Reasoning():
            return []
        case ToolCall():
            use = {
                "toolUseId": part.id,
                "name": part.name,
                "input": json_object(part.arguments, otherwise="arguments"),
            }
            return [{"toolUse": use}]
        case ToolResult():
            content = [block for inner in part.content for block in _part(inner)]
            result: dict[str, Any] = {"toolUseId": part.call_id, "content": content}
            if part.is_error:
                result["status"] = "error"
            return [{"toolResult": result}]


def _media(part: Media) -> dict[str, Any]:
    if part.data is None:
        raise InvalidRequestError(
            "this model's server takes media as data, not by address", param="messages"
        )
    if part.kind == "image":
        form = (part.media_type or "image/png").rpartition("/")[2]
        return {"image": {"format": form, "source": {"bytes": part.data}}}
    if part.kind == "document":
        form = _DOCUMENT_FORMATS.get(part.media_type or "application/pdf", "txt")
        # The name is required and is shown to the model; dots are not allowed in it.
        name = (part.name or "document").replace(".", "-")
        return {"document": {"format": form, "name": name, "source": {"bytes": part.data}}}
    raise InvalidRequestError("this model's protocol takes no audio", param="messages")


def _tool_config(request: ChatRequest) -> dict[str, Any] | None:
    """Leave tools out where the caller wants none called: the protocol has no such choice."""
    choice = request.tool_choice
    if not request.tools or (choice is not None and choice.mode == "none"):
        return None
    config: dict[str, Any] = {"tools": [_tool(tool) for tool in request.tools]}
    if choice is not None:
        match choice.mode:
            case "required":
                config["toolChoice"] = {"any": {}}
            case "named":
                config["toolChoice"] = {"tool": {"name": choice.name}}
            case _:
                config["toolChoice"] = {"auto": {}}
    return config


def _tool(tool: Tool) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "name": tool.name,
        "inputSchema": {"json": tool.parameters or _EMPTY_SCHEMA},
    }
    if tool.description:
        spec["description"] = tool.description
    return {"toolSpec": spec}
