"""Errors, pages, events, secrets and ETags, as a caller meets them."""

import gzip

import msgspec
import pytest

from mainspring_sdk import (
    AsyncMainspring,
    ConnectionFailedError,
    Mainspring,
    UnexpectedAnswerError,
    etag_of,
)
from mainspring_sdk._events import EventReader, ServerSentEvent
from mainspring_sdk.errors import (
    ApiError,
    DatabaseUnavailableError,
    NotFoundError,
    RouteNotFoundError,
    ServerError,
    ServiceUnavailableError,
    UnprocessableError,
    ValidationFailedError,
)
from mainspring_sdk.models import LimitsBody, LiveCallEvent, LivePartsEvent
from tests.unit.sdk.document import resolved, value_for
from tests.unit.sdk.scripted import Answer, Scripted
from tests.unit.sdk.test_sdk_retries import CREATED, KEY

PROBLEM = {
    "type": "urn:mainspring:error:validation_failed",
    "title": "The request does not fit",
    "status": 422,
    "detail": "body.name: too short",
    "instance": "/api/v1/keys",
    "code": "validation_failed",
    "next_step": "Correct it.",
    "request_id": "req_1",
    "errors": [{"field": "body.name", "message": "too short"}],
}


def refused(script: Scripted, client: Mainspring, answer: Answer) -> ApiError:
    """Return the error that ``answer`` becomes."""
    script.then(answer)
    with pytest.raises(ApiError) as caught:
        client.with_options(retry=None).projects.update("prj_1", name="")
    return caught.value


def test_a_problem_is_an_error_of_its_code(script: Scripted, client: Mainspring) -> None:
    error = refused(script, client, Answer(status=422, body=PROBLEM))
    assert type(error) is ValidationFailedError
    assert isinstance(error, UnprocessableError)
    assert (error.code, error.status, error.request_id) == ("validation_failed", 422, "req_1")
    assert error.next_step == "Correct it."
    assert [(each.field, each.message) for each in error.errors] == [("body.name", "too short")]
    assert "req_1" in str(error)
    assert "Correct it." in str(error)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "not_found", NotFoundError),
        (404, "route_not_found", RouteNotFoundError),
        (404, "never_heard_of", NotFoundError),
        (503, "database_unavailable", DatabaseUnavailableError),
        (503, "never_heard_of", ServiceUnavailableError),
        (500, "never_heard_of", ServerError),
        (418, "never_heard_of", ApiError),
    ],
)
def test_a_code_that_is_new_has_the_class_of_its_status(
    script: Scripted, client: Mainspring, status: int, code: str, kind: type[ApiError]
) -> None:
    error = refused(script, client, Answer(status=status, body={"code": code, "status": status}))
    assert type(error) is kind
    assert error.code == code


def test_what_is_no_problem_is_an_error_all_the_same(script: Scripted, client: Mainspring) -> None:
    error = refused(
        script, client, Answer(status=502, body=b"<h1>Bad", headers={"X-Request-Id": "req_2"})
    )
    assert type(error) is ServerError
    assert error.detail == "<h1>Bad"
    assert error.request_id == "req_2"


def test_a_refusal_of_the_gateway_keeps_its_code(script: Scripted, client: Mainspring) -> None:
    body: dict[str, object] = {"error": {"message": "No such model", "code": "model_not_found"}}
    error = refused(script, client, Answer(status=404, body=body))
    assert isinstance(error, NotFoundError)
    assert (error.code, error.detail) == ("model_not_found", "No such model")


def test_another_server_is_recognised_as_one(script: Scripted, client: Mainspring) -> None:
    script.then(Answer(body=b"<html>"), Answer(body={"id": 7}))
    for _ in range(2):
        with pytest.raises(UnexpectedAnswerError, match="/api/v1/keys/key_1"):
            client.keys.get("key_1")


def page(number: int, cursor: str | None) -> Answer:
    """Return a page of two keys."""
    items = [{**KEY, "id": f"key_{number}{letter}"} for letter in "ab"]
    return Answer(body={"items": items, "next_cursor": cursor})


def test_a_list_goes_on_over_its_pages(script: Scripted, client: Mainspring) -> None:
    script.then(page(1, "c=1&"), page(2, "c2"), page(3, None))
    found = [key.id for key in client.projects.keys.list("prj_1", limit=2)]
    assert found == ["key_1a", "key_1b", "key_2a", "key_2b", "key_3a", "key_3b"]
    assert [each.path.partition("?")[2] for each in script.asked] == [
        "limit=2",
        "limit=2&cursor=c%3D1%26",
        "limit=2&cursor=c2",
    ]


def test_a_list_fetches_nothing_that_nobody_asked_for(script: Scripted, client: Mainspring) -> None:
    script.then(page(1, "c1"), page(2, None))
    first = client.projects.keys.list("prj_1")
    assert [key.id for key in first.items] == ["key_1a", "key_1b"]
    assert next(iter(first)).id == "key_1a"
    assert len(script.asked) == 1
    second = first.next_page()
    assert second is not None
    assert second.next_page() is None
    assert len(script.asked) == 2


async def test_a_list_goes_on_over_its_pages_in_asyncio(
    script: Scripted, aclient: AsyncMainspring
) -> None:
    script.then(page(1, "c1"), page(2, None), page(3, None))
    keys = aclient.projects.keys.list("prj_1")
    assert script.asked == []
    assert [key.id async for key in keys] == ["key_1a", "key_1b", "key_2a", "key_2b"]
    assert [key.id for key in (await keys).items] == ["key_3a", "key_3b"]
    raw = await aclient.projects.keys.with_raw_response.list("prj_1")
    assert raw.status == 200
    assert raw.parse().next_cursor is None


def test_a_list_that_names_the_same_page_again_ends(script: Scripted, client: Mainspring) -> None:
    script.then(page(1, "c1"), page(2, "c1"))
    with pytest.raises(UnexpectedAnswerError, match="itself"):
        list(client.projects.keys.list("prj_1"))


def test_secrets_are_not_printed(script: Scripted, client: Mainspring) -> None:
    script.then(Answer(status=201, body=CREATED))
    created = client.projects.keys.create("prj_1", name="ci")
    assert created.secret == "msk-secret"
    assert "msk-secret" not in repr(created)
    assert "secret=***" in repr(created)
    assert ("secret", "***") in created.__rich_repr__()


def test_an_object_guards_its_own_change(script: Scripted, client: Mainspring) -> None:
    project = value_for(resolved({"$ref": "#/components/schemas/ProjectView"}))
    script.then(Answer(body=project, headers={"ETag": '"r7"'}))
    read = client.projects.get("prj_1")
    assert etag_of(read) == '"r7"'
    client.projects.update("prj_1", name="New", if_match=read)
    client.projects.update("prj_1", name="New", if_match='"r3"')
    client.projects.update("prj_1", name="New")
    assert [each.headers.get("if-match") for each in script.asked] == [None, '"r7"', '"r3"', None]
    with pytest.raises(ValueError, match="ETag"):
        client.projects.update("prj_1", name="New", if_match=LimitsBody())


def test_what_is_left_out_is_not_sent_and_none_is(script: Scripted, client: Mainspring) -> None:
    project = value_for(resolved({"$ref": "#/components/schemas/ProjectView"}))
    script.then(Answer(body=project))
    client.projects.update("prj_1", limits=None)
    client.projects.update("prj_1", limits=LimitsBody(requests_per_minute=60))
    assert [each.body for each in script.asked] == [
        b'{"limits":null}',
        b'{"limits":{"requests_per_minute":60}}',
    ]


def test_events_are_typed_and_unknown_kinds_are_passed_over(
    script: Scripted, client: Mainspring
) -> None:
    stream = (
        b"retry: 2000\n\nevent: news\ndata: {}\n\n: still here\n\n"
        b'event: parts\ndata: {"items":[],"next_cursor":null}\n\n'
    )
    script.then(Answer(body=stream, headers={"Content-Type": "text/event-stream"}))
    with client.live.follow() as events:
        [event] = events
    assert isinstance(event, LivePartsEvent)
    assert event.data.items == []
    assert script.asked[0].headers["accept"] == "text/event-stream"


def test_an_event_that_does_not_fit_is_an_error(script: Scripted, client: Mainspring) -> None:
    script.then(Answer(body=b'event: call\ndata: {"id":1}\n\n'))
    with client.live.follow() as events, pytest.raises(UnexpectedAnswerError, match="call"):
        list(events)
    assert LiveCallEvent.__struct_fields__ == ("data",)


async def test_a_stream_that_is_refused_is_an_error_in_asyncio(
    script: Scripted, aclient: AsyncMainspring
) -> None:
    script.then(Answer(status=401, body={"code": "sign_in_required"}))
    with pytest.raises(ApiError) as caught:
        async with aclient.live.follow():
            pass
    assert caught.value.code == "sign_in_required"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_events_are_read_however_they_are_cut(size: int) -> None:
    text = "data: a\r\n\r\nevent: x\rdata:b\rdata: c\r\rid: 1\n\n:no\n\ndata: 中文\n\ndata: unended"
    whole = text.encode()
    reader = EventReader()
    found = [
        event
        for start in range(0, len(whole), size)
        for event in reader.feed(whole[start : start + size])
    ]
    assert found == [
        ServerSentEvent("message", "a"),
        ServerSentEvent("x", "b\nc"),
        ServerSentEvent("message", "中文"),
    ]


def test_an_event_has_a_bound() -> None:
    reader = EventReader()
    line = b"data: " + b"x" * 1024 * 1024 + b"\n"
    for _ in range(15):
        assert reader.feed(line) == []
    with pytest.raises(UnexpectedAnswerError, match="16 MiB"):
        reader.feed(line)


def test_an_answer_that_breaks_off_is_a_failed_connection(
    script: Scripted, client: Mainspring
) -> None:
    script.then(Answer(drop=True))
    with pytest.raises(ConnectionFailedError):
        client.system.info.get()


def test_an_answer_has_a_bound_though_it_is_packed(script: Scripted, client: Mainspring) -> None:
    packed = gzip.compress(b" " * (65 * 1024 * 1024))
    assert len(packed) < 1024 * 1024
    script.then(Answer(body=packed, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(UnexpectedAnswerError, match="64 MiB"):
        client.keys.get("key_1")


def test_a_packed_answer_is_read(script: Scripted, client: Mainspring) -> None:
    body = gzip.compress(msgspec.json.encode(KEY))
    script.then(Answer(body=body, headers={"Content-Encoding": "gzip", "X-Request-Id": "req_3"}))
    raw = client.keys.with_raw_response.get("key_1")
    assert raw.parse().id == "key_1"
    assert raw.content == msgspec.json.encode(KEY)
    assert raw.request_id == "req_3"


def test_a_stream_is_asked_for_by_the_block_that_ends_it(
    script: Scripted, client: Mainspring
) -> None:
    script.then(Answer(body=b"event: parts\ndata: {}\n\n", headers={"X-Request-Id": "req_4"}))
    stream = client.live.follow()
    assert script.asked == []
    with pytest.raises(RuntimeError, match="with block"):
        next(iter(stream))
    with stream:
        assert stream.headers["X-Request-Id"] == "req_4"
    assert stream.answer.is_closed
