"""Request shapes of ``POST /v1/responses``, from the OpenAI API reference."""

import msgspec

from mainspring.wire.raw import ABSENT


class InputText(msgspec.Struct, frozen=True, tag="input_text", tag_field="type"):
    """Words of the caller."""

    text: str


class OutputText(msgspec.Struct, frozen=True, tag="output_text", tag_field="type"):
    """Words of an earlier answer."""

    text: str


class RefusalText(msgspec.Struct, frozen=True, tag="refusal", tag_field="type"):
    """An earlier refusal."""

    refusal: str


class InputImage(
    msgspec.Struct, frozen=True, tag="input_image", tag_field="type", omit_defaults=True
):
    """A picture by address or data URL."""

    image_url: str | None = None
    file_id: str | None = None
    detail: str | None = None


class InputFile(
    msgspec.Struct, frozen=True, tag="input_file", tag_field="type", omit_defaults=True
):
    """A document by data URL or address."""

    file_data: str | None = None
    file_url: str | None = None
    file_id: str | None = None
    filename: str | None = None


Content = InputText | OutputText | RefusalText | InputImage | InputFile


class SummaryText(msgspec.Struct, frozen=True):
    """A piece of summarised thoughts."""

    text: str
    type: str = "summary_text"


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """An input item of any type; a missing ``type`` means a message."""

    type: str = "message"
    role: str | None = None
    content: str | list[Content] | None = None
    id: str | None = None
    call_id: str | None = None
    name: str | None = None
    arguments: str | None = None
    output: str | list[Content] | None = None
    summary: list[SummaryText] | None = None
    encrypted_content: str | None = None


class ToolShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """A tool; only functions exist on every server."""

    type: str
    name: str = ""
    description: str | None = None
    parameters: msgspec.Raw = ABSENT
    strict: bool | None = None


class NamedChoice(msgspec.Struct, frozen=True):
    """A forced tool."""

    type: str
    name: str | None = None


class TextFormat(msgspec.Struct, frozen=True, omit_defaults=True):
    """``text.format``."""

    type: str = "text"
    name: str = "answer"
    schema: msgspec.Raw = ABSENT
    strict: bool | None = None


class TextShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """``text``."""

    format: TextFormat | None = None


class ReasoningShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """``reasoning``."""

    effort: str | None = None
    summary: str | None = None


class RequestShape(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters that the IR has words for, and those that concern storage."""

    model: str
    input: str | list[Item]
    instructions: str | None = None
    stream: bool | None = None
    tools: list[ToolShape] | None = None
    tool_choice: str | NamedChoice | None = None
    parallel_tool_calls: bool | None = None
    text: TextShape | None = None
    reasoning: ReasoningShape | None = None
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    user: str | None = None
    store: bool | None = None
    previous_response_id: str | None = None
