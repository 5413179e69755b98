"""An answer as a sequence of events.

The grammar, for each choice: ``Started``, then any mixture of text, reasoning and tool-call
events, then ``Finished``; ``UsageReported`` may stand anywhere and the last one counts. ``Failed``
ends everything. Tool calls are numbered from 0 in the order in which they begin; the events of
two calls may interleave.
"""

from typing import Literal

import msgspec

from mainspring.wire.usage import Usage

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "refusal", "pause"]


class Started(msgspec.Struct, frozen=True):
    """The answer begins; ``created`` is Unix seconds (0 where the protocol has none)."""

    id: str
    model: str
    created: int = 0


class TextDelta(msgspec.Struct, frozen=True):
    """More words of the answer."""

    text: str
    choice: int = 0
    logprobs: msgspec.Raw | None = None


class RefusalDelta(msgspec.Struct, frozen=True):
    """More words of a refusal, where the protocol tells it from an answer."""

    text: str
    choice: int = 0


class ReasoningDelta(msgspec.Struct, frozen=True):
    """More of the model's thoughts; a ``signature`` or ``redacted`` block comes whole."""

    text: str = ""
    signature: str | None = None
    redacted: str | None = None
    choice: int = 0


class ToolCallStarted(msgspec.Struct, frozen=True):
    """The model begins to ask for a tool."""

    index: int
    id: str
    name: str
    choice: int = 0


class ToolArgumentsDelta(msgspec.Struct, frozen=True):
    """More of the JSON text of a call's arguments."""

    index: int
    arguments: str
    choice: int = 0


class Finished(msgspec.Struct, frozen=True):
    """A choice is complete; ``stop_sequence`` is the one that ended it, where told."""

    reason: FinishReason
    choice: int = 0
    stop_sequence: str | None = None


class UsageReported(msgspec.Struct, frozen=True):
    """Token counts so far, with the upstream's own frame they were read from."""

    usage: Usage
    frame: bytes = b""


class Failed(msgspec.Struct, frozen=True):
    """The upstream reported an error inside the stream."""

    message: str
    type: str = "api_error"


Event = (
    Started
    | TextDelta
    | RefusalDelta
    | ReasoningDelta
    | ToolCallStarted
    | ToolArgumentsDelta
    | Finished
    | UsageReported
    | Failed
)
