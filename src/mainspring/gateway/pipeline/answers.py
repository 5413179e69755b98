"""Answers that the gateway gives itself, and the headers that it adds to those it relays."""

import math
from collections.abc import Sequence

import msgspec

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.request_head import Refusal as HttpRefusal
from mainspring.gateway.limits import Refusal
from mainspring.kernel.errors import (
    AuthenticationError,
    BodyTooLargeError,
    BudgetExceededError,
    LimiterUnavailableError,
    MainspringError,
    RateLimitedError,
    UnpricedModelError,
)
from mainspring.kernel.ids import new_id
from mainspring.kernel.money import Money
from mainspring.wire.openai.errors import ErrorBody, ErrorEnvelope, encode_error

Headers = list[tuple[bytes, bytes]]

_HTTP_CODES = {BodyTooLargeError.status: BodyTooLargeError.code}
_SUBJECTS = {
    "organization": "organisation",
    "project": "project",
    "user": "user",
    "key": "API key",
    "account": "service account",
    "model": "model",
    "key-model": "API key for this model",
}
_STORE_RETRY_S = 1.0


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


def error_headers(error: MainspringError, request_id: str, trace_id: str | None = None) -> Headers:
    """Return the headers that accompany ``error``."""
    headers: Headers = [(b"x-request-id", request_id.encode())]
    if trace_id is not None:
        headers.append((b"x-trace-id", trace_id.encode()))
    wait = error.retry_after_s
    if wait is not None:
        headers.append((b"retry-after", b"%d" % max(1, math.ceil(wait))))
        headers.append((b"retry-after-ms", b"%d" % max(1, math.ceil(wait * 1000))))
    if isinstance(error, AuthenticationError):
        headers.append((b"www-authenticate", b"Bearer"))
    return headers


def rate_limited(refusal: Refusal) -> MainspringError:
    """Return the error that a limiter's refusal means to the caller."""
    subject = _SUBJECTS.get(refusal.subject.partition("/")[0], "identity")
    dimension = refusal.dimension
    if dimension == "store":
        return LimiterUnavailableError(retry_after_s=_STORE_RETRY_S)
    if dimension == "price":
        return UnpricedModelError(
            f"the {subject} has a budget per {refusal.period}, and what this model costs is unknown"
        )
    shape: type[RateLimitedError] = RateLimitedError
    if dimension == "budget":
        shape = BudgetExceededError
        bound = f"budget of {Money(refusal.currency, refusal.limit)} per {refusal.period}"
    elif dimension == "concurrency":
        bound = f"limit of {refusal.limit} concurrent requests"
    else:
        bound = f"limit of {refusal.limit} {dimension} per {refusal.period}"
    if refusal.retry_after_s is None:
        detail = f"this request alone exceeds the {subject}'s {bound}"
    else:
        detail = f"the {subject}'s {bound} is used up"
    return shape(
        detail,
        retry_after_s=refusal.retry_after_s,
        dimension=dimension,
        limit=refusal.limit,
    )


def http_refusal(status: int, code: str, text: str) -> bytes:
    """Return the body of an answer to a request that the HTTP layer refused by itself."""
    kind = "api_error" if status >= 500 else "invalid_request_error"
    body = ErrorBody(text, kind, None, _HTTP_CODES.get(status, code), new_id("req"))
    return msgspec.json.encode(ErrorEnvelope(body))


def refuse_body(exchange: Exchange, refused: HttpRefusal) -> None:
    """Answer a body that broke a rule of HTTP on its way, as the HTTP layer answers others."""
    if exchange.started:
        exchange.abort()
    else:
        body = http_refusal(refused.status, refused.code, refused.text)
        exchange.respond(refused.status, body)
