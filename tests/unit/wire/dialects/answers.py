"""Strategies for answers, chunk borders, and the views by which dialects are compared."""

import string

import msgspec
from hypothesis import strategies as st

from mainspring.wire.events.answer import AnsweredToolCall, ChatAnswer, Choice, ReasoningBlock
from mainspring.wire.events.stream import FinishReason
from mainspring.wire.usage import Usage

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=30
) | st.sampled_from(["你好，世界", "a\nb\r\nc", '{"data": "x"}', "data: [DONE]\n\n", "\u2028"])
names = st.text(string.ascii_lowercase + "_", min_size=1, max_size=12)
json_texts = st.dictionaries(names, words | st.integers(-(10**9), 10**9), max_size=3).map(
    lambda value: msgspec.json.encode(value).decode()
)
tool_calls = st.lists(
    st.builds(AnsweredToolCall, id=names.map("call_{}".format), name=names, arguments=json_texts),
    max_size=3,
)
counts = st.integers(0, 100_000)


@st.composite
def choices(draw: st.DrawFn, *, signed: bool) -> Choice:
    """Draw one complete choice; ``signed`` ones carry thoughts as Anthropic writes them."""
    reasoning: list[ReasoningBlock] = []
    if draw(st.booleans()):
        signature = draw(names) if signed else None
        reasoning.append(ReasoningBlock(draw(words), signature))
    calls = draw(tool_calls)
    endings: list[FinishReason] = ["tool_calls"] if calls else ["stop", "length"]
    reason = draw(st.sampled_from(endings))
    return Choice(text=draw(words), reasoning=reasoning, tool_calls=calls, reason=reason)


@st.composite
def answers(draw: st.DrawFn, *, max_choices: int = 1, signed: bool = False) -> ChatAnswer:
    """Draw a whole answer with exact usage."""
    return ChatAnswer(
        id=draw(names),
        model="asked-for",
        created=draw(st.integers(1, 2_000_000_000)),
        choices=draw(st.lists(choices(signed=signed), min_size=1, max_size=max_choices)),
        usage=Usage(input=draw(counts), cached_input=draw(counts), output=draw(counts)),
    )


def cut(data: bytes, borders: list[int]) -> list[bytes]:
    """Cut ``data`` at ``borders`` (taken modulo its length)."""
    places = sorted({border % (len(data) + 1) for border in borders})
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


borders = st.lists(st.integers(0, 1_000_000), max_size=40)
