import json

import pytest

from mainspring.gateway.http.sink import FailureKind, UpstreamFailure
from mainspring.gateway.pipeline.failures import error_of, may_try_elsewhere, read_refusal

OPENAI = b'{"error":{"message":"too long","type":"invalid_request_error","code":"x"}}'


@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_has_an_error_of_the_5xx_kind(kind: FailureKind) -> None:
    error = error_of(UpstreamFailure(kind, True, True, "secret detail"))
    assert 500 <= error.status <= 599
    assert "secret" not in error.detail


@pytest.mark.parametrize("kind", FailureKind)
def test_nothing_is_tried_elsewhere_after_the_first_byte(kind: FailureKind) -> None:
    assert not may_try_elsewhere(UpstreamFailure(kind, False, True))
    before = UpstreamFailure(kind, True, True)
    assert may_try_elsewhere(before) == (kind is not FailureKind.TOTAL_TIMEOUT)


def test_an_openai_error_passes_to_the_byte() -> None:
    refusal = read_refusal(400, [(b"retry-after", b"3"), (b"server", b"x")], OPENAI, "req_1")
    assert (refusal.status, refusal.body) == (400, OPENAI)
    assert refusal.headers == [(b"retry-after", b"3")]
    assert refusal.outcome == "invalid_request"


@pytest.mark.parametrize(
    ("status", "body", "told", "code"),
    [
        (401, OPENAI, 502, "upstream_error"),
        (403, OPENAI, 502, "upstream_error"),
        (302, b"", 502, "upstream_protocol_error"),
        (404, b"not found", 400, "invalid_request"),
        (429, b"slow down", 429, "rate_limit_exceeded"),
        (500, b"<html>", 502, "upstream_error"),
        (503, b'{"message":"loading"}', 503, "overloaded"),
        (400, b"\xff", 400, "invalid_request"),
        (400, b'{"error":"as text"}', 400, "invalid_request"),
    ],
)
def test_any_other_answer_is_told_in_our_words(
    status: int, body: bytes, told: int, code: str
) -> None:
    refusal = read_refusal(status, [], body, "req_1")
    assert (refusal.status, refusal.outcome) == (told, code)
    error = json.loads(refusal.body)["error"]
    assert (error["code"], error["request_id"]) == (code, "req_1")
    assert str(status) in error["message"]


def test_a_credentials_refusal_shows_none_of_its_text() -> None:
    body = b'{"error":{"message":"Incorrect API key provided: sk-abc"}}'
    assert b"sk-abc" not in read_refusal(401, [], body, "req_1").body


def test_a_long_message_is_cut() -> None:
    body = json.dumps({"detail": "x" * 10_000}).encode()
    assert len(read_refusal(422, [], body, "req_1").body) < 1000
