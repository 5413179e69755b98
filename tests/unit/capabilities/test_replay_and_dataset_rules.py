"""What of a recorded call is sent again or made an item, and what an item may be; no database."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from mainspring.capabilities.calls.domain import (
    Replay,
    Side,
    answered_in,
    asked_again,
    call_of,
    checked_parameters,
    compared,
    expectation_of,
    material_of,
    with_answer,
)
from mainspring.capabilities.datasets.domain import NewItem, checked_item, read_lines
from mainspring.kernel.errors import CallNotKeptError, InvalidRequestError
from mainspring.wire.redaction import cleaned
from tests.fixtures.control import call_record

NOW = datetime(2026, 11, 22, tzinfo=UTC)
QUESTION: dict[str, Any] = {"messages": [{"role": "user", "content": "When?"}]}


def call(request: Any, answer: Any = None, **changes: object) -> Any:  # noqa: ANN401 - JSON
    record = call_record(
        "org_1",
        "prj_1",
        request=None if request is None else msgspec.json.encode(request),
        answer=None if answer is None else msgspec.json.encode(answer),
        **changes,
    )
    return call_of(record, NOW)[0]


def test_what_is_sent_again_is_the_recorded_request_with_what_was_changed() -> None:
    recorded = {
        **QUESTION,
        "model": "alias",
        "temperature": 1,
        "seed": 7,
        "stream": True,
        "stream_options": {"include_usage": True},
        "user": "u-1",
        "metadata": {"ticket": "T-1"},
        "store": True,
    }
    made = call(recorded, path="/v1/chat/completions")
    again = asked_again(made, None, {})
    assert again.endpoint.path == "/v1/chat/completions"
    assert again.body == {
        **QUESTION,
        "model": "alias",
        "temperature": 1,
        "seed": 7,
        "stream": True,
    }
    other = asked_again(made, "other", {"temperature": 0, "seed": None})
    assert other.body == {**QUESTION, "model": "other", "temperature": 0, "stream": True}
    assert asked_again(call(QUESTION), None, {}).body["model"] == "smollm2-135m-instruct"


@pytest.mark.parametrize(
    ("path", "operation", "body", "expected"),
    [
        ("/v2/rerank", "rerank", {"query": "q"}, "/v2/rerank"),
        (None, "rerank", {"query": "q"}, "/v1/rerank"),
        (None, "chat", QUESTION, "/v1/chat/completions"),
        (None, "chat", {**QUESTION, "system": "Be brief."}, "/v1/messages"),
        (None, "responses", {"input": "q"}, "/v1/responses"),
    ],
)
def test_a_call_is_made_again_where_it_was_made(
    path: str | None, operation: str, body: dict[str, Any], expected: str
) -> None:
    again = asked_again(call(body, path=path, operation=operation), "m", {})
    assert again.endpoint.path == expected
    assert again.body.get("store") is (False if operation == "responses" else None)


def test_what_was_not_kept_whole_is_not_made_again() -> None:
    long = cleaned("word " * 30, redacts=False, longest=20)
    image = cleaned("data:image/png;base64," + "A" * 2000, redacts=False, longest=20)
    for request in (
        None,
        ["a list"],
        {"messages": [{"role": "user", "content": long}]},
        {"messages": [{"role": "user", "content": [{"image_url": {"url": image}}]}]},
    ):
        with pytest.raises(CallNotKeptError):
            asked_again(call(request), None, {})
    for operation, path in (("realtime", None), ("passthrough", "/passthrough/")):
        with pytest.raises(InvalidRequestError):
            asked_again(call(QUESTION, operation=operation, path=path), None, {})


@pytest.mark.parametrize(
    "parameters",
    [
        {"messages": []},
        {"model": "m"},
        {"stream": False},
        {"user": "u"},
        {"stop": "\ud800"},
        {"stop": "a\x00"},
        {"stop": "x" * 70_000},
        {f"p{number}": number for number in range(33)},
    ],
)
def test_parameters_change_how_it_is_answered_and_nothing_else(parameters: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError):
        checked_parameters(parameters)


def test_two_answers_are_compared_by_what_they_say_and_want() -> None:
    def side(text: str, arguments: str, tool_id: str) -> Side:
        called = [{"id": tool_id, "name": "f", "arguments": arguments}]
        answer = {"choices": [{"text": text, "tool_calls": called, "finish_reason": "tool_calls"}]}
        return with_answer(Side(request_id=tool_id, model="m", status=200), answer)

    replay = Replay(
        day=NOW.date(),
        id="rpl_1",
        at=NOW,
        org_id="org_1",
        project_id="prj_1",
        request_id="req_1",
        replay_request_id="req_2",
        model="m",
        parameters={},
        status=200,
        actor_id="usr_1",
    )
    found = compared(replay, side("a", '{"x": 1}', "c1"), side("b", '{"x":1}', "c2"), settled=True)
    assert (found.same_text, found.same_tool_calls, found.same_finish_reason) == (
        False,
        True,
        True,
    )
    nothing = Side(request_id="req_2", model="m", status=429)
    assert compared(replay, side("a", "{}", "c"), nothing, settled=False).same_text is None


def test_an_item_of_a_call_has_what_was_asked_and_not_for_whom() -> None:
    kept = {"choices": [{"text": "Soon.", "finish_reason": "stop"}]}
    made = call({**QUESTION, "model": "m", "user": "u", "stream": True, "temperature": 0}, kept)
    assert material_of(made).body == {**QUESTION, "temperature": 0}
    assert expectation_of(made) == "Soon."
    tools = [{"id": "c", "name": "f", "arguments": "{}"}]
    wanting = call(QUESTION, {"choices": [{"text": "", "tool_calls": tools}]})
    assert expectation_of(wanting) == {"text": "", "tool_calls": tools}
    assert answered_in(wanting).tool_calls == tools
    for without in (call(QUESTION), call(QUESTION, kept, outcome="upstream_timeout", status=504)):
        with pytest.raises(CallNotKeptError):
            expectation_of(without)
    with pytest.raises(CallNotKeptError):
        material_of(call({"input": "and then?", "previous_response_id": "resp_1"}))


def test_an_item_says_where_it_is_asked_and_holds_plain_json() -> None:
    item, size = checked_item(NewItem(input={**QUESTION, "top_p": float("nan")}))
    assert item.endpoint == "/v1/chat/completions"
    assert item.input == {**QUESTION, "top_p": None}
    assert size > 40
    assert checked_item(NewItem(input={"query": "q", "documents": []}))[0].endpoint == "/v1/rerank"
    literal = {"prompt": "a backslash: \\u0000"}
    assert checked_item(NewItem(input=literal))[0].input == literal
    for wrong in (
        NewItem(input={"temperature": 0}),
        NewItem(input={**QUESTION, "model": "m"}),
        NewItem(input={**QUESTION, "user": "u"}),
        NewItem(input=QUESTION, endpoint="/v1/files"),
        NewItem(input=QUESTION, source_request_id="req_1"),
        NewItem(input={"prompt": "x" * 300_000}),
        NewItem(input=QUESTION, expected="x" * 70_000),
        NewItem(input={"prompt": "a\x00b"}),
        NewItem(input={"prompt": "\ud800"}),
        NewItem(input=QUESTION, metadata={"": "v"}),
        NewItem(input=QUESTION, metadata={str(number): "v" for number in range(17)}),
    ):
        with pytest.raises(InvalidRequestError):
            checked_item(wrong)


def test_a_file_is_read_line_by_line_and_the_wrong_line_is_named() -> None:
    lines = b'{"id":"dsi_1","input":{"prompt":"a"},"expected":"b"}\n\n{"input":{"prompt":"c"}}\n'
    assert [(each.input, each.expected) for each in read_lines(lines)] == [
        ({"prompt": "a"}, "b"),
        ({"prompt": "c"}, None),
    ]
    with pytest.raises(InvalidRequestError, match="line 2"):
        read_lines(b'{"input":{"prompt":"a"}}\n{"input": 7}')
    with pytest.raises(InvalidRequestError, match="500"):
        read_lines(b'{"input":{"prompt":"a"}}\n' * 501)
