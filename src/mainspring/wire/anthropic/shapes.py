"""Request shapes of ``POST /v1/messages``."""

import msgspec

from mainspring.wire.raw import ABSENT


class CacheControl(msgspec.Struct, frozen=True, omit_defaults=True):
    """A mark that the prompt up to here is worth caching."""

    type: str = "ephemeral"
    ttl: str | None = None


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the bytes of an image or a document are."""

    type: str
    media_type: str | None = None
    data: str | None = None
    url: str | None = None


class TextBlock(msgspec.Struct, frozen=True, tag="text", tag_field="type", omit_defaults=True):
    """Words."""

    text: str
    cache_control: CacheControl | None = None


class ImageBlock(msgspec.Struct, frozen=True, tag="image", tag_field="type", omit_defaults=True):
    """A picture."""

    source: Source
    cache_control: CacheControl | None = None


class DocumentBlock(
    msgspec.Struct, frozen=True, tag="document", tag_field="type", omit_defaults=True
):
    """A document."""

    source: Source
    title: str | None = None
    cache_control: CacheControl | None = None


class ToolUseBlock(
    msgspec.Struct, frozen=True, tag="tool_use", tag_field="type", omit_defaults=True
):
    """An earlier tool call of the assistant."""

    id: str
    name: str
    input: msgspec.Raw
    cache_control: CacheControl | None = None


class ToolResultBlock(
    msgspec.Struct, frozen=True, tag="tool_result", tag_field="type", omit_defaults=True
):
    """What a tool answered."""

    tool_use_id: str
    content: str | list[TextBlock | ImageBlock | DocumentBlock] | None = None
    is_error: bool | None = None
    cache_control: CacheControl | None = None


class ThinkingBlock(
    msgspec.Struct, frozen=True, tag="thinking", tag_field="type", omit_defaults=True
):
    """Thoughts of an earlier turn, with the signature that authenticates them."""

    thinking: str
    signature: str | None = None


class RedactedThinkingBlock(msgspec.Struct, frozen=True, tag="redacted_thinking", tag_field="type"):
    """Thoughts of an earlier turn that were not shown."""

    data: str


Block = (
    TextBlock
    | ImageBlock
    | DocumentBlock
    | ToolUseBlock
    | ToolResultBlock
    | ThinkingBlock
    | RedactedThinkingBlock
)


class MessageShape(msgspec.Struct, frozen=True):
    """A turn of user or assistant."""

    role: str
    content: str | list[Block]


class ToolShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """A tool of the caller; the server's own tools carry a ``type`` other than ``custom``."""

    name: str
    type: str | None = None
    description: str | None = None
    input_schema: msgspec.Raw = ABSENT
    cache_control: CacheControl | None = None


class ToolChoiceShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """``tool_choice``."""

    type: str
    name: str | None = None
    disable_parallel_tool_use: bool | None = None


class ThinkingShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """``thinking``."""

    type: str
    budget_tokens: int | None = None


class Metadata(msgspec.Struct, frozen=True, omit_defaults=True):
    """``metadata``."""

    user_id: str | None = None


class RequestShape(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters that the IR has words for."""

    model: str
    messages: list[MessageShape]
    max_tokens: int | None = None
    system: str | list[TextBlock] | None = None
    stream: bool | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop_sequences: list[str] | None = None
    tools: list[ToolShape] | None = None
    tool_choice: ToolChoiceShape | None = None
    thinking: ThinkingShape | None = None
    metadata: Metadata | None = None
