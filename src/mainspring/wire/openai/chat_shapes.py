"""Request shapes of ``POST /v1/chat/completions``, from the OpenAI API reference.

Only what we must understand is typed; unknown content parts are refused by their ``type``,
unknown top-level parameters travel on as extras.
"""

import msgspec

from mainspring.wire.raw import ABSENT


class ImageUrl(msgspec.Struct, frozen=True, omit_defaults=True):
    """An image by address or data URL."""

    url: str
    detail: str | None = None


class InputAudio(msgspec.Struct, frozen=True):
    """A sound as base64."""

    data: str
    format: str


class FileData(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document as a data URL, or one uploaded before."""

    file_data: str | None = None
    file_id: str | None = None
    filename: str | None = None


class TextPart(msgspec.Struct, frozen=True, tag="text", tag_field="type"):
    """Words."""

    text: str


class ImagePart(msgspec.Struct, frozen=True, tag="image_url", tag_field="type"):
    """A picture."""

    image_url: ImageUrl


class AudioPart(msgspec.Struct, frozen=True, tag="input_audio", tag_field="type"):
    """A sound."""

    input_audio: InputAudio


class FilePart(msgspec.Struct, frozen=True, tag="file", tag_field="type"):
    """A document."""

    file: FileData


class RefusalPart(msgspec.Struct, frozen=True, tag="refusal", tag_field="type"):
    """An earlier refusal of the assistant."""

    refusal: str


ContentPart = TextPart | ImagePart | AudioPart | FilePart | RefusalPart


class FunctionCall(msgspec.Struct, frozen=True):
    """Name and arguments of a call."""

    name: str
    arguments: str = ""


class CallShape(msgspec.Struct, frozen=True):
    """An earlier tool call of the assistant."""

    id: str
    function: FunctionCall
    type: str = "function"


class MessageShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message of any role."""

    role: str
    content: str | list[ContentPart] | None = None
    name: str | None = None
    tool_calls: list[CallShape] | None = None
    tool_call_id: str | None = None
    reasoning_content: str | None = None
    refusal: str | None = None


class FunctionShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """A function's description."""

    name: str
    description: str | None = None
    parameters: msgspec.Raw = ABSENT
    strict: bool | None = None


class ToolShape(msgspec.Struct, frozen=True):
    """A tool; only functions exist on every server."""

    function: FunctionShape
    type: str = "function"


class NamedFunction(msgspec.Struct, frozen=True):
    """The name inside a tool choice."""

    name: str


class NamedChoice(msgspec.Struct, frozen=True):
    """A forced tool."""

    function: NamedFunction
    type: str = "function"


class JsonSchemaShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """``response_format.json_schema``."""

    name: str = "answer"
    schema: msgspec.Raw = ABSENT
    strict: bool | None = None


class ResponseFormatShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """``response_format``."""

    type: str
    json_schema: JsonSchemaShape | None = None


class StreamOptionsShape(msgspec.Struct, frozen=True):
    """``stream_options``."""

    include_usage: bool = False


class RequestShape(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters that the IR has words for."""

    model: str
    messages: list[MessageShape]
    stream: bool | None = None
    stream_options: StreamOptionsShape | None = None
    tools: list[ToolShape] | None = None
    tool_choice: str | NamedChoice | None = None
    parallel_tool_calls: bool | None = None
    response_format: ResponseFormatShape | None = None
    reasoning_effort: str | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: str | list[str] | None = None
    seed: int | None = None
    n: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    user: str | None = None
