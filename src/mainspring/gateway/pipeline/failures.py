"""What an upstream's failure means: to the caller, and for trying elsewhere."""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from mainspring.gateway.http.sink import FailureKind, UpstreamFailure
from mainspring.gateway.routing import Verdict
from mainspring.kernel.errors import (
    InvalidRequestError,
    MainspringError,
    OverloadedError,
    RateLimitedError,
    UpstreamError,
    UpstreamProtocolError,
    UpstreamTimeoutError,
    UpstreamUnreachableError,
)
from mainspring.snapshot.route_policy import Retry

_DEFAULT_RETRY: Final = Retry()
_PASSED_HEADERS: Final = frozenset({b"retry-after", b"retry-after-ms"})
_MAX_QUOTE: Final = 300

_BY_KIND: Final[dict[FailureKind, type[MainspringError]]] = {
    FailureKind.REFUSED: UpstreamUnreachableError,
    FailureKind.CONNECT_TIMEOUT: UpstreamUnreachableError,
    FailureKind.FIRST_BYTE_TIMEOUT: UpstreamTimeoutError,
    FailureKind.IDLE_TIMEOUT: UpstreamTimeoutError,
    FailureKind.TOTAL_TIMEOUT: UpstreamTimeoutError,
    FailureKind.RESET: UpstreamError,
    FailureKind.PROTOCOL: UpstreamProtocolError,
    FailureKind.POOL_FULL: OverloadedError,
}


def error_of(failure: UpstreamFailure) -> MainspringError:
    """Return what the caller is told; the detail of ``failure`` is for our logs."""
    shape = _BY_KIND[failure.kind]
    if shape is OverloadedError:
        return OverloadedError("the model's servers are all busy", retry_after_s=1.0)
    return shape()


def may_try_elsewhere(failure: UpstreamFailure, policy: Retry = _DEFAULT_RETRY) -> bool:
    """Tell whether another target may be asked: nothing of an answer was seen, and time is left.

    A request that was never sent always may; one that was sent might be worked on, so there the
    model's policy decides.
    """
    if not failure.before_first_byte or failure.kind is FailureKind.TOTAL_TIMEOUT:
        return False
    if not failure.request_sent:
        return True
    if failure.kind in (FailureKind.FIRST_BYTE_TIMEOUT, FailureKind.IDLE_TIMEOUT):
        return policy.on_timeout
    return policy.on_reset


def verdict_of_failure(failure: UpstreamFailure) -> Verdict:
    """Return what a failure says of its target; that all its places are taken says nothing."""
    return Verdict.NEUTRAL if failure.kind is FailureKind.POOL_FULL else Verdict.BAD


def verdict_of_status(status: int) -> Verdict:
    """Return what a refusal says of its target.

    A refused credential makes a target useless to everybody; any other 4xx is the request's fault,
    and one that has too much to do is left alone for as long as it says, not blamed.
    """
    if status == 429:
        return Verdict.NEUTRAL
    return Verdict.BAD if status >= 500 or status in (401, 403) else Verdict.GOOD


def error_of_status(status: int) -> MainspringError:
    """Return the error that an upstream's status stands for in records."""
    return _error_for(status, "")


def retry_after_s(headers: Iterable[tuple[bytes, bytes]]) -> float | None:
    """Return the seconds that an upstream asks to be left alone for, where it says so."""
    found = None
    for name, value in headers:
        if name == b"retry-after-ms" and value.isdigit():
            return int(value[:9]) / 1000
        if name == b"retry-after" and value.isdigit():
            found = float(value[:9])
    return found


class UpstreamRefusal:
    """An upstream's error answer as the caller shall see it.

    ``outcome`` is the code for the record.
    """

    __slots__ = ("body", "headers", "outcome", "status")

    def __init__(
        self, status: int, body: bytes, outcome: str, headers: Iterable[tuple[bytes, bytes]]
    ) -> None:
        self.status = status
        self.body = body
        self.outcome = outcome
        self.headers = [pair for pair in headers if pair[0] in _PASSED_HEADERS]


class _ErrorBody(msgspec.Struct):
    message: str


class _ShapedError(msgspec.Struct):
    error: _ErrorBody


class _PlainError(msgspec.Struct):
    message: str | None = None
    detail: str | None = None
    error: str | None = None


_shaped_decoder = msgspec.json.Decoder(_ShapedError)
_plain_decoder = msgspec.json.Decoder(_PlainError)


def read_refusal(
    status: int,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    *,
    same_protocol: bool,
    encode: Callable[[MainspringError], bytes],
) -> UpstreamRefusal:
    """Return what to tell the caller of an upstream's answer that is not a success.

    With ``same_protocol`` an error of the usual shape (``error.message``, as OpenAI, Anthropic and
    Gemini have it) passes as it is, with its status; any other is written anew by ``encode``. 401
    and 403 speak of the credential that the platform showed, not of the caller's: they become 502
    without their text.
    """
    of_credential = status in (401, 403)
    if same_protocol and 400 <= status <= 599 and not of_credential and _shaped(body) is not None:
        return UpstreamRefusal(status, body, _error_for(status, "").code, headers)
    error = _error_for(status, "" if of_credential else _quote(body))
    return UpstreamRefusal(error.status, encode(error), error.code, headers)


def _error_for(status: int, quote: str) -> MainspringError:
    told = f"the model's server answered {status}{quote}"
    if status == 429:
        return RateLimitedError(told)
    if status == 503:
        return OverloadedError(told)
    if status in (401, 403):
        return UpstreamError(f"{told} to the platform's credential")
    if 400 <= status < 500:
        return InvalidRequestError(told)
    return UpstreamError(told) if status >= 500 else UpstreamProtocolError(told)


def _shaped(body: bytes) -> str | None:
    try:
        return _shaped_decoder.decode(body).error.message
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _quote(body: bytes) -> str:
    """Return the message of an error, if it has one."""
    message = _shaped(body)
    if message is None:
        try:
            plain = _plain_decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return ""
        message = plain.message or plain.detail or plain.error
    return f": {message[:_MAX_QUOTE]}" if message else ""
