"""Answers that the gateway gives itself, and the headers that it adds to those it relays."""

import math
from collections.abc import Sequence

import msgspec

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.limits import Refusal, Reservation
from mainspring.gateway.limits.port import Allowance
from mainspring.kernel.errors import (
    AuthenticationError,
    BodyTooLargeError,
    MainspringError,
    RateLimitedError,
)
from mainspring.kernel.ids import new_id
from mainspring.wire.openai.errors import ErrorBody, ErrorEnvelope, encode_error

Headers = list[tuple[bytes, bytes]]

_HTTP_CODES = {BodyTooLargeError.status: BodyTooLargeError.code}
_SUBJECTS = {"organization": "organisation", "project": "project", "key": "API key"}
_DIMENSIONS = {
    "requests": "requests per minute",
    "tokens": "tokens per minute",
    "concurrency": "concurrent requests",
}


def refuse(
    exchange: Exchange,
    error: MainspringError,
    request_id: str,
    *,
    body: bytes | None = None,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> None:
    """Answer by ``error``, in OpenAI's shape unless ``body`` has another."""
    if body is None:
        body = encode_error(error, request_id)
    exchange.respond(
        error.status, body, [*error_headers(error, request_id), *headers], b"application/json"
    )


def error_headers(error: MainspringError, request_id: str) -> Headers:
    """Return the headers that accompany ``error``."""
    headers: Headers = [(b"x-request-id", request_id.encode())]
    if error.retry_after_s is not None:
        headers.append((b"retry-after", b"%d" % max(1, math.ceil(error.retry_after_s))))
    if isinstance(error, AuthenticationError):
        headers.append((b"www-authenticate", b"Bearer"))
    return headers


def rate_limited(refusal: Refusal) -> RateLimitedError:
    """Return the error that a limiter's refusal means to the caller."""
    subject = _SUBJECTS.get(refusal.subject.partition("/")[0], "identity")
    dimension = _DIMENSIONS[refusal.dimension]
    if refusal.retry_after_s is None:
        detail = f"this request alone exceeds the {subject}'s limit of {refusal.limit} {dimension}"
    else:
        detail = f"the {subject}'s limit of {refusal.limit} {dimension} is used up"
    return RateLimitedError(
        detail,
        retry_after_s=refusal.retry_after_s,
        dimension=refusal.dimension,
        limit=refusal.limit,
    )


def add_allowances(headers: Headers, reservation: Reservation) -> None:
    """Add OpenAI's ``x-ratelimit-*`` headers for the tightest bounds."""
    told = reservation.requests
    if told is not None:
        headers += (
            (b"x-ratelimit-limit-requests", b"%d" % told.limit),
            (b"x-ratelimit-remaining-requests", b"%d" % told.remaining),
            (b"x-ratelimit-reset-requests", _duration(told)),
        )
    told = reservation.token_allowance
    if told is not None:
        headers += (
            (b"x-ratelimit-limit-tokens", b"%d" % told.limit),
            (b"x-ratelimit-remaining-tokens", b"%d" % told.remaining),
            (b"x-ratelimit-reset-tokens", _duration(told)),
        )


def _duration(allowance: Allowance) -> bytes:
    """Return seconds as OpenAI writes durations: ``1m30s``, ``12s``."""
    seconds = math.ceil(allowance.reset_s)
    return b"%dm%ds" % divmod(seconds, 60) if seconds >= 60 else b"%ds" % seconds


def http_refusal(status: int, code: str, text: str) -> bytes:
    """Return the body of an answer to a request that the HTTP layer refused by itself."""
    kind = "api_error" if status >= 500 else "invalid_request_error"
    body = ErrorBody(text, kind, None, _HTTP_CODES.get(status, code), new_id("req"))
    return msgspec.json.encode(ErrorEnvelope(body))
