"""Raw items of responses: into the store, and out again as input for any upstream."""

from typing import Any

import msgspec
import pytest

from mainspring.kernel.errors import InvalidRequestError, MalformedJsonError
from mainspring.wire.openai.stored_responses import (
    input_items,
    listed_items,
    read_wishes,
    said_before,
    stream_of,
    without_memory,
)
from mainspring.wire.sse import SseReader
from mainspring.wire.stored import StoredTurn


def raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


def plain(items: object) -> Any:  # noqa: ANN401 - any JSON
    return msgspec.json.decode(msgspec.json.encode(items))


def turn(said: object, output: list[Any], status: str = "completed") -> StoredTurn:
    response = {"id": "resp_1", "status": status, "output": output, "usage": {"input_tokens": 1}}
    return StoredTurn(
        id="resp_1",
        org_id="org_1",
        project_id="prj_1",
        actor_id="usr_1",
        at_ms=0,
        expires_at_ms=1,
        model="m",
        input=msgspec.json.encode(input_items(raw(said))),
        response=msgspec.json.encode(response),
    )


ANSWER: dict[str, Any] = {
    "type": "message",
    "id": "msg_1",
    "status": "completed",
    "role": "assistant",
    "content": [{"type": "output_text", "text": "hi", "annotations": []}],
}


def test_a_text_is_the_users_message_and_every_item_has_an_id() -> None:
    [item] = plain(input_items(raw("hello")))
    assert item.pop("id").startswith("msg_")
    content = [{"type": "input_text", "text": "hello"}]
    assert item == {"type": "message", "role": "user", "content": content}
    given = [{"role": "user", "content": "x"}, {"type": "function_call_output", "id": "mine"}]
    first, second = plain(input_items(raw(given)))
    assert (first["type"], first["id"][:4], second["id"]) == ("message", "msg_", "mine")


@pytest.mark.parametrize("given", [None, 7, {"a": 1}, [1], ["x"], [{"type": 7}]])
def test_what_is_no_input_is_refused(given: object) -> None:
    with pytest.raises(InvalidRequestError):
        input_items(raw(given))


def test_what_was_said_is_sent_again_without_names_of_another_memory() -> None:
    thoughts: dict[str, Any] = {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [],
        "encrypted_content": "sealed",
    }
    lost = {"type": "reasoning", "id": "rs_2", "summary": [{"type": "summary_text", "text": "?"}]}
    sent = plain(said_before([turn("hello", [thoughts, lost, ANSWER])]))
    assert sent == [
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "hello"}],
        },
        thoughts,
        {"type": "message", "role": "assistant", "content": ANSWER["content"]},
    ]


def test_the_items_of_a_response_are_all_before_it_and_its_own_input() -> None:
    items = plain(listed_items([turn("one", [ANSWER]), turn("two", [ANSWER])]))
    assert [each["role"] for each in items] == ["user", "assistant", "user"]


def test_a_request_is_rewritten_for_servers_without_a_memory() -> None:
    body = b'{"model":"m","input":"x","previous_response_id":"r","metadata":{"a":"1"},"top_p":0.50}'
    own = input_items(raw("x"))
    before = said_before([turn("before", [])])
    sent = without_memory(body, before, own, kept=True)
    assert b'"top_p":0.50' in sent  # byte for byte
    fields = plain(msgspec.Raw(sent))
    assert [each["content"][0]["text"] for each in fields.pop("input")] == ["before", "x"]
    assert fields == {"model": "m", "top_p": 0.5, "store": False}
    untouched = plain(msgspec.Raw(without_memory(body, [], own, kept=False)))
    assert (untouched["input"], untouched["metadata"]) == ("x", {"a": "1"})


def test_memories_that_are_not_offered_are_refused_by_name() -> None:
    for field, value in (("conversation", "conv_1"), ("background", True)):
        with pytest.raises(InvalidRequestError) as refused:
            read_wishes(msgspec.json.encode({"model": "m", "input": "x", field: value}))
        assert refused.value.params["param"] == field
    assert read_wishes(b'{"conversation":null,"background":false}').store is None
    with pytest.raises(MalformedJsonError):
        read_wishes(b'{"x":' * 100_000)


def test_a_stored_response_can_be_streamed_again() -> None:
    kept = turn("x", [ANSWER], "incomplete").response
    events = SseReader().feed(b"".join(stream_of(kept)))
    assert [each.event for each in events] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.output_item.done",
        "response.incomplete",
    ]
    assert plain(msgspec.Raw(events[-1].data))["response"] == plain(msgspec.Raw(kept))
    [last] = SseReader().feed(b"".join(stream_of(kept, starting_after=3)))
    assert plain(msgspec.Raw(last.data))["sequence_number"] == 4
