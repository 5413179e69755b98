"""What an upstream call tells its caller, and how it can fail."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class FailureKind(StrEnum):
    """Why an upstream call did not end with a complete answer."""

    REFUSED = "refused"
    """No connection: refused, unreachable, unknown host, or a failed TLS handshake."""
    CONNECT_TIMEOUT = "connect_timeout"
    """No connection (TLS included) within ``Timeouts.connect_s``."""
    FIRST_BYTE_TIMEOUT = "first_byte_timeout"
    """No complete response head within ``Timeouts.first_byte_s`` of sending the request."""
    IDLE_TIMEOUT = "idle_timeout"
    """Silence between two pieces of the body for longer than ``Timeouts.idle_s``."""
    TOTAL_TIMEOUT = "total_timeout"
    """The call as a whole, waiting included, took longer than ``Timeouts.total_s``."""
    RESET = "reset"
    """The upstream closed or reset the connection before its answer was complete."""
    PROTOCOL = "protocol"
    """The upstream sent something that is not HTTP/1.1, or beyond our limits for it."""
    POOL_FULL = "pool_full"
    """Every connection is busy and the queue is full, the wait was too long, or the pool closed."""


@dataclass(frozen=True, slots=True)
class UpstreamFailure:
    """How an upstream call failed.

    ``before_first_byte`` is true while the sink has been given nothing of an answer, so that
    another target may be tried. ``request_sent`` is true once the request was handed to an
    established connection: the upstream may have begun to work on it. ``detail`` is for logs and
    never holds headers or bodies.
    """

    kind: FailureKind
    before_first_byte: bool
    request_sent: bool
    detail: str = ""


class ResponseSink(Protocol):
    """Receives one answer: ``on_head``, any number of ``on_data``, then ``on_end``.

    ``on_failure`` may come instead of any of these and is then the last call. Nothing is called
    before ``Pool.send`` has returned, and nothing after ``Call.cancel``. The calls come from inside
    the event loop's read callback, so they must be short and must not block.
    """

    def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Take the status and the headers: names in lower case, order and repeats kept."""
        ...

    def on_data(self, data: bytes) -> None:
        """Take the next piece of the body, without its transfer coding; never empty.

        Pieces that arrived together are delivered together: the bounds between calls mean nothing.
        """
        ...

    def on_end(self) -> None:
        """Learn that the answer is complete; the connection is already free for others."""
        ...

    def on_failure(self, error: UpstreamFailure) -> None:
        """Learn that there will be no complete answer."""
        ...
