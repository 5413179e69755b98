"""G2: an answer survives every dialect, streamed or whole, however its bytes are cut."""

import msgspec
import pytest
from hypothesis import given, strategies as st

from mainspring.wire.anthropic.messages import AnthropicMessages
from mainspring.wire.events.answer import ChatAnswer, fold, unfold
from mainspring.wire.events.dialect import Dialect
from mainspring.wire.events.request import ChatRequest, Message, Role, Text
from mainspring.wire.events.stream import Event
from mainspring.wire.openai.chat import OpenAIChat
from mainspring.wire.openai.responses import OpenAIResponses
from tests.unit.wire.dialects.answers import answers, borders, cut

DIALECTS: dict[str, Dialect] = {
    "openai": OpenAIChat(),
    "anthropic": AnthropicMessages(),
    "openai-responses": OpenAIResponses(),
}
SIGNING = [DIALECTS["anthropic"], DIALECTS["openai-responses"]]
"""Dialects that carry a mark by which thoughts can be recognised later."""

REQUEST = ChatRequest(
    model="asked-for",
    messages=(Message(Role.USER, (Text("hello"),)),),
    protocol="openai",
    wants_usage=True,
)
dialects = st.sampled_from(list(DIALECTS.values()))


def streamed(dialect: Dialect, answer: ChatAnswer) -> bytes:
    """Return the whole stream of ``answer``."""
    writer = dialect.stream_writer(REQUEST)
    return b"".join([*(writer.write(event) for event in unfold(answer)), writer.close()])


def read_cut(dialect: Dialect, data: bytes, places: list[int]) -> list[Event]:
    """Read a stream piece by piece."""
    reader = dialect.stream_reader()
    events = [event for piece in cut(data, places) for event in reader.feed(piece)]
    return events + reader.close()


def meaning(answer: ChatAnswer, *, signed: bool) -> dict[str, object]:
    """Return what an answer says: frames are evidence of figures, times are OpenAI's alone."""
    return {
        "choices": [
            {
                "text": choice.text,
                "thoughts": [
                    (block.text, block.signature if signed else None) for block in choice.reasoning
                ],
                "calls": [
                    (call.id, call.name, msgspec.json.decode(call.arguments or "{}"))
                    for call in choice.tool_calls
                ],
                "reason": choice.reason,
            }
            for choice in answer.choices
        ],
        "usage": answer.usage,
    }


@given(answer=answers(max_choices=3), places=borders)
def test_openai_streams_survive_any_chunk_borders(answer: ChatAnswer, places: list[int]) -> None:
    dialect = DIALECTS["openai"]
    events = read_cut(dialect, streamed(dialect, answer), places)
    assert meaning(fold(events), signed=False) == meaning(answer, signed=False)


@given(answer=answers(signed=True), places=borders)
def test_anthropic_streams_survive_any_chunk_borders(answer: ChatAnswer, places: list[int]) -> None:
    dialect = DIALECTS["anthropic"]
    events = read_cut(dialect, streamed(dialect, answer), places)
    assert meaning(fold(events), signed=True) == meaning(answer, signed=True)


@given(answer=answers(signed=True), dialect=dialects)
def test_a_stream_folds_to_the_whole_answer(answer: ChatAnswer, dialect: Dialect) -> None:
    from_stream = fold(read_cut(dialect, streamed(dialect, answer), []))
    from_whole = fold(dialect.read_answer(dialect.write_answer(unfold(answer), REQUEST)))
    signed = dialect in SIGNING
    assert meaning(from_stream, signed=signed) == meaning(from_whole, signed=signed)


@given(answer=answers(), inner=dialects, outer=dialects, places=borders)
def test_an_answer_means_the_same_after_any_translation(
    answer: ChatAnswer, inner: Dialect, outer: Dialect, places: list[int]
) -> None:
    writer = outer.stream_writer(REQUEST)
    pieces = [writer.write(event) for event in read_cut(inner, streamed(inner, answer), places)]
    arrived = fold(read_cut(outer, b"".join([*pieces, writer.close()]), places))
    assert meaning(arrived, signed=False) == meaning(answer, signed=False)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_a_failure_inside_the_stream_is_told_and_ends_it(dialect: Dialect) -> None:
    writer = dialect.stream_writer(REQUEST)
    source = DIALECTS["openai"].stream_reader()
    sent = [
        *source.feed(b'data: {"id":"a","choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n'),
        *source.feed(b'data: {"error":{"message":"out of memory","type":"server_error"}}\n\n'),
    ]
    stream = b"".join([*(writer.write(event) for event in sent), writer.close()])
    failed = fold(read_cut(dialect, stream, [])).failed
    assert failed is not None
    assert failed.message == "out of memory"
