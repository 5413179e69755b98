"""A chat request, independent of any vendor's shape."""

from enum import StrEnum
from typing import Literal

import msgspec


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Text(msgspec.Struct, frozen=True):
    """Words."""

    text: str
    cached: bool = False
    """The caller marked the prompt up to here as worth caching (Anthropic ``cache_control``)."""


class Media(msgspec.Struct, frozen=True):
    """An image, a sound or a document, by address or by its base64 bytes (exactly one is set)."""

    kind: Literal["image", "audio", "document"]
    url: str | None = None
    data: str | None = None
    media_type: str | None = None
    detail: str | None = None
    name: str | None = None


class Reasoning(msgspec.Struct, frozen=True):
    """Thoughts that a model showed; ``signature`` or ``redacted`` let it recognise them later."""

    text: str = ""
    signature: str | None = None
    redacted: str | None = None


class ToolCall(msgspec.Struct, frozen=True):
    """The model asks for a tool; ``arguments`` is JSON text exactly as the model wrote it."""

    id: str
    name: str
    arguments: str


class ToolResult(msgspec.Struct, frozen=True):
    """What a tool answered to the call ``call_id``."""

    call_id: str
    content: "tuple[Text | Media, ...]"
    is_error: bool = False


Part = Text | Media | Reasoning | ToolCall | ToolResult


class Message(msgspec.Struct, frozen=True):
    """One turn."""

    role: Role
    parts: tuple[Part, ...]
    name: str | None = None


class Tool(msgspec.Struct, frozen=True):
    """A function the model may ask for; ``parameters`` is a JSON Schema, kept byte for byte."""

    name: str
    description: str | None = None
    parameters: msgspec.Raw | None = None
    strict: bool | None = None


class ToolChoice(msgspec.Struct, frozen=True):
    """``auto``, ``none``, ``required`` (any tool), or ``named`` (the tool ``name``)."""

    mode: Literal["auto", "none", "required", "named"]
    name: str | None = None


class ResponseFormat(msgspec.Struct, frozen=True):
    """Plain text is the absence of this; else any JSON object, or one that fits ``schema``."""

    schema: msgspec.Raw | None = None
    name: str = "answer"
    strict: bool | None = None


class ReasoningRequest(msgspec.Struct, frozen=True):
    """How hard to think: by ``effort`` (OpenAI) or a ``budget_tokens`` (Anthropic, Gemini)."""

    effort: str | None = None
    budget_tokens: int | None = None


class Sampling(msgspec.Struct, frozen=True, kw_only=True):
    """How the answer is drawn; ``None`` leaves the choice to the model's server."""

    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    n: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None


class ChatRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One chat request. ``extras`` are parameters of the caller's protocol that the IR has no
    word for, by their own names: a writer of the same protocol passes them on, any other names
    them as dropped.
    """

    model: str
    messages: tuple[Message, ...]
    protocol: str
    stream: bool = False
    wants_usage: bool = False
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    response_format: ResponseFormat | None = None
    reasoning: ReasoningRequest | None = None
    sampling: Sampling = Sampling()
    user: str | None = None
    extras: dict[str, msgspec.Raw] = {}


class WrittenRequest(msgspec.Struct, frozen=True):
    """A request in an upstream's own protocol, and the caller's parameters it could not carry."""

    path: str
    body: bytes
    dropped: tuple[str, ...] = ()
