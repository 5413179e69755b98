"""Chat requests written for Gemini's ``generateContent``."""

from typing import Any

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
from mainspring.wire.events.thinking import budget_of
from mainspring.wire.events.writing import (
    alternating_turns,
    dropped_parameters,
    encode_present,
    json_object,
    system_texts,
)


def path_of(model: str, *, stream: bool) -> str:
    """Return the path that serves ``model``; the stream comes as server-sent events."""
    if stream:
        return f"/v1beta/models/{model}:streamGenerateContent?alt=sse"
    return f"/v1beta/models/{model}:generateContent"


def write_request(request: ChatRequest, model: str) -> WrittenRequest:
    """Write ``request`` for a Gemini upstream; the model's name stands in the path.

    Raises:
        InvalidRequestError: if it needs what the protocol cannot express.
    """
    system = [{"text": text.text} for text in system_texts(request)]
    # A tool's answer must name its function, which only the call knows.
    names = {
        part.id: part.name
        for message in request.messages
        for part in message.parts
        if isinstance(part, ToolCall)
    }
    body: dict[str, Any] = {
        "systemInstruction": {"parts": system} if system else None,
        "contents": alternating_turns(
            request.messages, lambda part: _part(part, names), assistant="model", field="parts"
        ),
        "tools": [{"functionDeclarations": [_tool(tool) for tool in request.tools]}]
        if request.tools
        else None,
        "toolConfig": _tool_config(request),
        "generationConfig": _generation_config(request) or None,
    }
    dropped = dropped_parameters(request, "parallel_tool_calls", "user")
    return WrittenRequest(
        path_of(model, stream=request.stream),
        encode_present(body),
        tuple(sorted(dropped)),
    )


def _generation_config(request: ChatRequest) -> dict[str, Any]:
    sampling = request.sampling
    wanted = request.response_format
    budget = budget_of(request.reasoning)
    config: dict[str, Any] = {
        "maxOutputTokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "topP": sampling.top_p,
        "topK": sampling.top_k,
        "stopSequences": list(sampling.stop) or None,
        "seed": sampling.seed,
        "candidateCount": sampling.n,
        "presencePenalty": sampling.presence_penalty,
        "frequencyPenalty": sampling.frequency_penalty,
        "responseLogprobs": sampling.logprobs,
        "logprobs": sampling.top_logprobs,
        "responseMimeType": None if wanted is None else "application/json",
        "responseJsonSchema": None if wanted is None else wanted.schema,
        "thinkingConfig": None
        if budget is None
        else {"thinkingBudget": budget, "includeThoughts": budget > 0},
    }
    return {name: value for name, value in config.items() if value is not None}


def _part(part: Part, names: dict[str, str]) -> list[dict[str, Any]]:
    match part:
        case Text():
            return [{"text": part.text}]
        case Media():
            return [_media(part)]
        case Reasoning(signature=str(signature)):
            return [{"text": part.text, "thought": True, "thoughtSignature": signature}]
        case Reasoning():
            return []
        case ToolCall():
            call = {
                "id": part.id,
                "name": part.name,
                "args": json_object(part.arguments, otherwise="arguments"),
            }
            return [{"functionCall": call}]
        case ToolResult():
            name = names.get(part.call_id)
            if name is None:
                raise InvalidRequestError(
                    f"the tool result {part.call_id!r} answers no call in this conversation",
                    param="messages",
                )
            text = "".join(inner.text for inner in part.content if isinstance(inner, Text))
            media = [_media(inner) for inner in part.content if isinstance(inner, Media)]
            answer = {"error": text} if part.is_error else json_object(text, otherwise="result")
            response = {"id": part.call_id, "name": name, "response": answer}
            return [{"functionResponse": response}, *media]


def _media(part: Media) -> dict[str, Any]:
    if part.url is not None:
        return {"fileData": {"fileUri": part.url, "mimeType": part.media_type or "image/*"}}
    default = {"image": "image/png", "audio": "audio/wav", "document": "application/pdf"}
    return {"inlineData": {"mimeType": part.media_type or default[part.kind], "data": part.data}}


def _tool(tool: Tool) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "name": tool.name,
        "description": tool.description,
        "parametersJsonSchema": tool.parameters,
    }
    return {name: value for name, value in shape.items() if value is not None}


def _tool_config(request: ChatRequest) -> dict[str, Any] | None:
    choice = request.tool_choice
    if choice is None or not request.tools:
        return None
    mode = {"auto": "AUTO", "none": "NONE", "required": "ANY", "named": "ANY"}[choice.mode]
    config: dict[str, Any] = {"mode": mode}
    if choice.name is not None:
        config["allowedFunctionNames"] = [choice.name]
    return {"functionCallingConfig": config}
