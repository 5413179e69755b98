"""What is sent again, how often, and what never is."""

import threading
import time

import pytest

from mainspring_sdk import (
    AsyncMainspring,
    ConnectionFailedError,
    Mainspring,
    RetryPolicy,
    TimedOutError,
    UnexpectedAnswerError,
)
from mainspring_sdk._calls import Call
from mainspring_sdk.errors import ConflictError, ServiceUnavailableError, TooManyRequestsError
from tests.unit.sdk.scripted import Answer, Scripted

NOW = "2026-01-02T03:04:05Z"
KEY: dict[str, object] = {
    "id": "key_1",
    "org_id": "org_1",
    "project_id": "prj_1",
    "name": "ci",
    "hint": "msk-ab1…",
    "scopes": [],
    "models": None,
    "limits": None,
    "created_at": NOW,
    "expires_at": None,
    "revoked_at": None,
    "last_used_at": None,
    "granted": [],
    "replaces": None,
}
CREATED: dict[str, object] = {**KEY, "secret": "msk-secret"}
BUSY = Answer(status=503, body={"code": "not_ready", "title": "Starting", "status": 503})
LIMITED = Answer(status=429, body={"code": "rate_limited"}, headers={"Retry-After": "1"})
GOOD = Answer(body=KEY)


def test_reading_survives_refusals_that_pass(script: Scripted, client: Mainspring) -> None:
    script.then(BUSY, Answer(drop=True), GOOD)
    raw = client.keys.with_raw_response.get("key_1")
    assert raw.parse().id == "key_1"
    assert raw.retries == 2
    assert [each.method for each in script.asked] == ["GET"] * 3


async def test_reading_survives_refusals_that_pass_in_asyncio(
    script: Scripted, aclient: AsyncMainspring
) -> None:
    script.then(BUSY, Answer(drop=True), GOOD)
    raw = await aclient.keys.with_raw_response.get("key_1")
    assert raw.parse().id == "key_1"
    assert raw.retries == 2


def test_a_creation_is_sent_again_with_the_key_that_it_got(
    script: Scripted, client: Mainspring
) -> None:
    script.then(Answer(drop=True), BUSY, Answer(status=201, body=CREATED))
    created = client.projects.keys.create("prj_1", name="ci")
    assert created.secret == "msk-secret"
    keys = {each.headers["idempotency-key"] for each in script.asked}
    assert len(script.asked) == 3
    assert len(keys) == 1
    client.projects.keys.create("prj_1", name="ci")
    assert script.asked[-1].headers["idempotency-key"] not in keys


async def test_a_creation_is_sent_again_with_the_key_that_it_got_in_asyncio(
    script: Scripted, aclient: AsyncMainspring
) -> None:
    script.then(Answer(drop=True), BUSY, Answer(status=201, body=CREATED))
    await aclient.projects.keys.create("prj_1", name="ci", idempotency_key="mine")
    assert [each.headers["idempotency-key"] for each in script.asked] == ["mine"] * 3


def test_a_creation_whose_first_attempt_is_still_under_way_waits_for_it(
    script: Scripted, client: Mainspring
) -> None:
    under_way = Answer(status=409, body={"code": "conflict"}, headers={"Retry-After": "0"})
    script.then(Answer(drop=True), under_way, Answer(status=201, body=CREATED))
    assert client.projects.keys.create("prj_1", name="ci").id == "key_1"


def test_a_conflict_that_does_not_pass_is_told_at_once(
    script: Scripted, client: Mainspring
) -> None:
    script.then(Answer(status=409, body={"code": "conflict"}))
    with pytest.raises(ConflictError):
        client.projects.keys.create("prj_1", name="ci")
    assert len(script.asked) == 1


@pytest.mark.parametrize("answer", [BUSY, LIMITED, Answer(drop=True)])
def test_a_change_is_never_sent_twice(script: Scripted, client: Mainspring, answer: Answer) -> None:
    script.then(answer, GOOD)
    with pytest.raises((ServiceUnavailableError, TooManyRequestsError, ConnectionFailedError)):
        client.projects.update("prj_1", name="New")
    with pytest.raises((UnexpectedAnswerError, ConnectionFailedError)):
        client.projects.update("prj_1", name="New")  # the second answer is another object's
    assert [each.method for each in script.asked] == ["PATCH", "PATCH"]


def test_a_change_that_never_left_is_sent_again() -> None:
    with Mainspring("http://127.0.0.1:9", "mst-1", retry=RetryPolicy(first_s=0.01)) as nobody:
        started = time.monotonic()
        with pytest.raises(ConnectionFailedError, match="PATCH http://127"):
            nobody.projects.update("prj_1", name="New")
    assert time.monotonic() - started >= 0.01  # at least two pauses of half the shortest


def test_retry_after_is_waited_for(script: Scripted, client: Mainspring) -> None:
    script.then(LIMITED, GOOD)
    started = time.monotonic()
    client.keys.get("key_1")
    assert time.monotonic() - started >= 1


def test_a_retry_after_beyond_patience_is_told_at_once(
    script: Scripted, client: Mainspring
) -> None:
    script.then(Answer(status=429, body={"code": "rate_limited"}, headers={"Retry-After": "60"}))
    with pytest.raises(TooManyRequestsError) as caught:
        client.keys.get("key_1")
    assert caught.value.retry_after_s == 60
    assert len(script.asked) == 1


def test_patience_ends(script: Scripted, client: Mainspring) -> None:
    script.then(BUSY)
    with pytest.raises(ServiceUnavailableError):
        client.keys.get("key_1")
    assert len(script.asked) == 3
    with pytest.raises(ServiceUnavailableError):
        client.with_options(retry=RetryPolicy(max_retries=0)).keys.get("key_1")
    assert len(script.asked) == 4


def test_a_slow_answer_is_given_up(script: Scripted, client: Mainspring) -> None:
    released = threading.Event()
    script.then(Answer(body=KEY, wait=released.wait))
    once = client.with_options(retry=RetryPolicy(max_retries=0))
    try:
        with pytest.raises(TimedOutError):
            once.keys.get("key_1", timeout=0.05)
    finally:
        released.set()


async def test_a_slow_answer_is_given_up_in_asyncio(
    script: Scripted, aclient: AsyncMainspring
) -> None:
    released = threading.Event()
    script.then(Answer(body=KEY, wait=released.wait))
    once = aclient.with_options(timeout=0.05, retry=RetryPolicy(max_retries=0))
    try:
        with pytest.raises(TimedOutError):
            await once.keys.get("key_1")
    finally:
        released.set()


def test_pauses_double_within_their_bounds_and_differ() -> None:
    policy = RetryPolicy(max_retries=10, first_s=1, most_s=4)
    call = Call(method="GET", path="/")
    for retries, most in ((0, 1), (1, 2), (2, 4), (9, 4)):
        found = {policy.after_failure(call, OSError(), retries) for _ in range(50)}
        assert len(found) > 1
        assert all(pause is not None and most / 2 <= pause <= most for pause in found)
    assert policy.after_failure(call, OSError(), 10) is None
