"""A whole answer, folded from events and unfolded into them.

Readers of non-stream answers unfold, writers of non-stream answers fold, so each wire format has
one meaning whether it streams or not: *fold(stream) = non-stream* is tested for all of them.
"""

from collections.abc import Iterable, Iterator

import msgspec

from mainspring.wire.events.stream import (
    Event,
    Failed,
    Finished,
    FinishReason,
    ReasoningDelta,
    RefusalDelta,
    Started,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from mainspring.wire.usage import Usage


class AnsweredToolCall(msgspec.Struct):
    """A complete tool call."""

    id: str
    name: str
    arguments: str = ""


class ReasoningBlock(msgspec.Struct):
    """A stretch of thoughts with the mark that authenticates it."""

    text: str = ""
    signature: str | None = None
    redacted: str | None = None


class Choice(msgspec.Struct):
    """One complete alternative."""

    text: str = ""
    refusal: str = ""
    reasoning: list[ReasoningBlock] = []
    tool_calls: list[AnsweredToolCall] = []
    logprobs: list[msgspec.Raw] = []
    reason: FinishReason | None = None
    stop_sequence: str | None = None


class ChatAnswer(msgspec.Struct):
    """All alternatives of one answer."""

    id: str = ""
    model: str = ""
    created: int = 0
    choices: list[Choice] = []
    usage: Usage | None = None
    usage_frame: bytes = b""
    failed: Failed | None = None


def fold(events: Iterable[Event]) -> ChatAnswer:
    """Put a whole answer together from its events."""
    answer = ChatAnswer()
    for event in events:
        match event:
            case Started():
                answer.id, answer.model, answer.created = event.id, event.model, event.created
            case UsageReported():
                answer.usage, answer.usage_frame = event.usage, event.frame
            case Failed():
                answer.failed = event
            case _:
                while len(answer.choices) <= event.choice:
                    answer.choices.append(Choice())
                _add(answer.choices[event.choice], event)
    return answer


def _add(
    choice: Choice,
    event: TextDelta
    | RefusalDelta
    | ReasoningDelta
    | ToolCallStarted
    | ToolArgumentsDelta
    | Finished,
) -> None:
    match event:
        case TextDelta():
            choice.text += event.text
            if event.logprobs is not None:
                choice.logprobs.append(event.logprobs)
        case RefusalDelta():
            choice.refusal += event.text
        case ReasoningDelta():
            _add_reasoning(choice.reasoning, event)
        case ToolCallStarted():
            choice.tool_calls.append(AnsweredToolCall(event.id, event.name))
        case ToolArgumentsDelta():
            choice.tool_calls[event.index].arguments += event.arguments
        case Finished():
            choice.reason, choice.stop_sequence = event.reason, event.stop_sequence


def _add_reasoning(blocks: list[ReasoningBlock], event: ReasoningDelta) -> None:
    if event.redacted is not None:
        blocks.append(ReasoningBlock(redacted=event.redacted))
        return
    # A signature closes its block: what follows belongs to the next one.
    if not blocks or blocks[-1].signature is not None or blocks[-1].redacted is not None:
        blocks.append(ReasoningBlock())
    blocks[-1].text += event.text
    if event.signature is not None:
        blocks[-1].signature = event.signature


def unfold(answer: ChatAnswer) -> Iterator[Event]:
    """Yield the events of a whole answer, as a stream of few pieces would."""
    yield Started(answer.id, answer.model, answer.created)
    for index, choice in enumerate(answer.choices):
        yield from _choice_events(index, choice)
    if answer.usage is not None:
        yield UsageReported(answer.usage, answer.usage_frame)
    if answer.failed is not None:
        yield answer.failed


def _choice_events(index: int, choice: Choice) -> Iterator[Event]:
    for block in choice.reasoning:
        yield ReasoningDelta(block.text, block.signature, block.redacted, choice=index)
    if choice.refusal:
        yield RefusalDelta(choice.refusal, choice=index)
    if choice.text or choice.logprobs:
        yield TextDelta(choice.text, choice=index, logprobs=_joined(choice.logprobs))
    for number, call in enumerate(choice.tool_calls):
        yield ToolCallStarted(number, call.id, call.name, choice=index)
        if call.arguments:
            yield ToolArgumentsDelta(number, call.arguments, choice=index)
    if choice.reason is not None:
        yield Finished(choice.reason, choice=index, stop_sequence=choice.stop_sequence)


def _joined(pieces: list[msgspec.Raw]) -> msgspec.Raw | None:
    """Join the bodies of JSON arrays, each a piece's token log-probabilities."""
    bodies = [bytes(piece).strip()[1:-1].strip() for piece in pieces]
    filled = [body for body in bodies if body]
    return msgspec.Raw(b"[" + b",".join(filled) + b"]") if filled else None


def whole_answer_failure(events: Iterable[Event]) -> Failed | None:
    """Return the failure that an answer reports inside itself, if it does."""
    return next((event for event in events if isinstance(event, Failed)), None)
