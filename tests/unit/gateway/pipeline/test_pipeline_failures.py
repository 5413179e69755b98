import json

import pytest

from mainspring.gateway.http.sink import FailureKind, UpstreamFailure
from mainspring.gateway.pipeline.failures import (
    UpstreamRefusal,
    error_of,
    may_try_elsewhere,
    read_refusal,
)
from mainspring.wire.openai.errors import encode_error

OPENAI = b'{"error":{"message":"too long","type":"invalid_request_error","code":"x"}}'


def read(
    status: int,
    body: bytes,
    headers: list[tuple[bytes, bytes]] | None = None,
    *,
    same_protocol: bool = True,
) -> UpstreamRefusal:
    return read_refusal(
        status,
        headers or [],
        body,
        same_protocol=same_protocol,
        encode=lambda error: encode_error(error, "req_1"),
    )


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
    refusal = read(400, OPENAI, [(b"retry-after", b"3"), (b"server", b"x")])
    assert (refusal.status, refusal.body) == (400, OPENAI)
    assert refusal.headers == [(b"retry-after", b"3")]
    assert refusal.outcome == "invalid_request"


def test_an_error_of_another_protocol_is_written_anew() -> None:
    refusal = read(400, OPENAI, same_protocol=False)
    assert refusal.body != OPENAI
    assert "too long" in json.loads(refusal.body)["error"]["message"]


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
    refusal = read(status, body)
    assert (refusal.status, refusal.outcome) == (told, code)
    error = json.loads(refusal.body)["error"]
    assert (error["code"], error["request_id"]) == (code, "req_1")
    assert str(status) in error["message"]


def test_a_credentials_refusal_shows_none_of_its_text() -> None:
    body = b'{"error":{"message":"Incorrect API key provided: sk-abc"}}'
    assert b"sk-abc" not in read(401, body).body


def test_a_long_message_is_cut() -> None:
    body = json.dumps({"detail": "x" * 10_000}).encode()
    assert len(read(422, body).body) < 1000
