"""One request of a client and the answer to it."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any


class Exchange:
    """One request, its body complete in memory, and the means to answer it.

    Answer either by :meth:`respond`, or by :meth:`start`, any number of :meth:`write`, and
    :meth:`end`. Once the client is gone (``disconnected``) all of them do nothing. None of them
    blocks: a slow client is handled by :meth:`bind_source`.
    """

    method: str
    path: str
    """The target's path as sent, not percent-decoded."""
    query: bytes
    """What follows the first ``?``, without it."""
    headers: dict[bytes, bytes]
    """Names in lower case; of repeated headers the last. Repeats of Host, Content-Length,
    Transfer-Encoding, Authorization and Expect never get here."""
    body: bytes
    peer: str
    """The client's address, without the port."""
    received_at: float
    """``time.monotonic()`` when the request was complete."""
    disconnected: bool
    """The client went away before the answer ended."""
    on_disconnect: Callable[[], None] | None
    """Called once, synchronously, when that happens. The handler's task is not cancelled."""

    def respond(
        self,
        status: int,
        body: bytes,
        headers: Sequence[tuple[bytes, bytes]] = (),
        content_type: bytes = b"application/json",
    ) -> None:
        """Send a whole answer in one write.

        Raises:
            RuntimeError: if an answer was started already.
        """
        raise NotImplementedError

    def start(
        self, status: int, headers: Sequence[tuple[bytes, bytes]], content_length: int | None
    ) -> None:
        """Send the head of an answer whose body follows by :meth:`write`.

        ``headers`` must not hold framing or hop-by-hop headers (``framing.end_to_end`` filters an
        upstream's). Without a ``content_length`` the body is sent chunked, or, to an HTTP/1.0
        client, ended by closing the connection.

        Raises:
            RuntimeError: if an answer was started already.
            ValueError: if a header would break the head.
        """
        raise NotImplementedError

    def write(self, data: bytes) -> None:
        """Send a piece of the body; an empty one is nothing.

        Raises:
            RuntimeError: before :meth:`start` or after :meth:`end`.
        """
        raise NotImplementedError

    def end(self) -> None:
        """Complete the answer; the connection goes on to its next request.

        An answer shorter than its announced length closes the connection, so that the client
        sees the truncation.

        Raises:
            RuntimeError: if no answer was started, or it has ended.
        """
        raise NotImplementedError

    def abort(self) -> None:
        """Close the connection at once: the answer failed and there is no way left to say so.

        Does not call ``on_disconnect``.
        """
        raise NotImplementedError

    def bind_source(self, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """Name what to stop and start again as the client falls behind and catches up.

        ``pause`` is called at once if the client is behind already.
        """
        raise NotImplementedError


Handler = Callable[[Exchange], Coroutine[Any, Any, None] | None]
"""Answers exchanges. A coroutine runs as one task and must have ended the answer when it returns.
``None`` means that the handler answered already, or will from callbacks: that costs no task."""
