"""What both transports share: building requests, bounds on answers, failures as our errors."""

import platform
import time
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

import httpx

from mainspring_sdk._calls import Call
from mainspring_sdk._retries import RetryPolicy
from mainspring_sdk._settings import Connection
from mainspring_sdk.errors.tree import (
    ConnectionFailedError,
    MainspringError,
    TimedOutError,
    UnexpectedAnswerError,
)

MOST_BYTES = 64 * 1024 * 1024
CONNECT_S = 5.0
_OF_TRANSFER = frozenset({"content-encoding", "content-length", "transfer-encoding"})
SILENCE_S = 60.0
"""How long a stream may be silent; the control plane sends a sign of life every 15 seconds."""


def _version() -> str:
    try:
        return version("mainspring-sdk")
    except PackageNotFoundError:  # run from a checkout
        return "0"


USER_AGENT = f"mainspring-sdk/{_version()} python/{platform.python_version()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How calls are made; ``timeout`` is in seconds, for a whole attempt."""

    connection: Connection
    timeout: float = 30.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)

    def seconds(self, call: Call) -> float:
        """Return the timeout of ``call``."""
        return self.timeout if call.timeout is None else call.timeout

    def silence(self, call: Call) -> float:
        """Return how long the stream of ``call`` may be silent."""
        return max(self.timeout, SILENCE_S) if call.timeout is None else call.timeout

    def headers(self, call: Call) -> dict[str, str]:
        """Return all headers of ``call``."""
        return {
            "User-Agent": USER_AGENT,
            "Authorization": f"Bearer {self.connection.token}",
            **call.all_headers(),
        }

    def request(
        self, client: httpx.Client | httpx.AsyncClient, call: Call, timeout: float
    ) -> httpx.Request:
        """Return the request of ``call``; ``timeout`` bounds each of its phases."""
        return client.build_request(
            call.method,
            self.connection.url + call.path,
            params=call.encoded_query() if call.query else None,
            headers=self.headers(call),
            content=call.encoded_body(),
            files=None if call.form is None else call.parts(),
            timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECT_S)),
        )


class Bounds:
    """Watches an answer's body: its size, and the moment when it must be there."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._size = 0

    def check(self, piece: bytes) -> None:
        """Count ``piece``, which is decoded already.

        Raises:
            ReadTimeout: if the deadline has passed.
            UnexpectedAnswerError: if the body is too large.
        """
        self._size += len(piece)
        if self._size > MOST_BYTES:
            raise UnexpectedAnswerError("the answer is larger than 64 MiB")
        if time.monotonic() > self._deadline:
            raise httpx.ReadTimeout("the answer took too long")


def whole(answer: httpx.Response, body: bytes) -> httpx.Response:
    """Return ``answer`` with its body, which was read and decoded piece by piece."""
    headers = [
        (name, value)
        for name, value in answer.headers.multi_items()
        if name.lower() not in _OF_TRANSFER
    ]
    extensions = {"reason_phrase": answer.reason_phrase.encode("ascii", "replace")}
    return httpx.Response(
        answer.status_code,
        headers=headers,
        content=body,
        request=answer.request,
        extensions=extensions,
    )


def failure_of(call: Call, url: str, failure: httpx.HTTPError) -> MainspringError:
    """Return our error for an attempt of ``call`` that brought no answer."""
    what = f"{call.method} {url}{call.path}"
    reason = str(failure) or type(failure).__name__
    if isinstance(failure, httpx.TimeoutException):
        return TimedOutError(f"{what} took too long ({reason})")
    if isinstance(failure, httpx.TransportError):
        return ConnectionFailedError(f"{what} failed: {reason}")
    return UnexpectedAnswerError(f"{what}: {reason}")
