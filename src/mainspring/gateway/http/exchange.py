"""One request of a client and the answer to it."""

from collections.abc import Callable, Coroutine, Sequence
from time import monotonic
from typing import Any, Final, Protocol

from mainspring.gateway.http.chunks import body_of, framed
from mainspring.gateway.http.framing import StatusLines, header_block
from mainspring.gateway.http.upload import BodyStream

_JOIN_BELOW: Final = 64 * 1024
"""Bodies up to this size are copied behind their head, for one buffer instead of two."""

# Where an answer stands.
_FRESH: Final = 0
_HELD: Final = 1  # the head is made, and waits shortly for the first piece of its body
_STREAMING: Final = 2
_ENDED: Final = 3
_GONE: Final = 4


class Carrier(Protocol):
    """What an exchange needs of the connection that it came on."""

    lines: StatusLines
    write_paused: bool

    @property
    def draining(self) -> bool:
        """Whether the server is about to stop."""
        ...

    def write_parts(self, parts: list[bytes]) -> None:
        """Send several pieces without joining them first."""
        ...

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Call back once what is being read at this moment has been handled."""
        ...

    def give_input(self, tunnel: "Tunnel") -> None:
        """Give everything that the client sends from now on to ``tunnel``, as it comes."""
        ...

    def hold_input(self, *, hold: bool) -> None:
        """Stop or go on to read from the client."""
        ...

    def ended(self, *, keep_alive: bool) -> None:
        """Go on to the next request, or close once everything is sent."""
        ...

    def abort(self) -> None:
        """Close at once."""
        ...


class Tunnel(Protocol):
    """What takes a client's bytes once its connection speaks another protocol than HTTP."""

    def receive(self, data: bytes) -> None:
        """Take what came."""
        ...

    def drain(self) -> None:
        """Learn that the server is about to stop: end as soon as that does no harm."""
        ...


class Exchange:
    """One request, its body complete in memory (but see ``upload``), and the means to answer it.

    Answer either by :meth:`respond`, or by :meth:`start`, any number of :meth:`write`, and
    :meth:`end`. Once the client is gone (``disconnected``) all of them do nothing. None of them
    blocks: a slow client is handled by :meth:`bind_source`.

    ``method`` is in capitals. ``path`` is the target's path as sent, not percent-decoded, and
    ``query`` what follows the first ``?``. ``headers`` have names in lower case; of repeated ones
    the last (repeats of Host, Content-Length, Transfer-Encoding, Authorization and Expect never
    get here). ``peer`` is the client's address without the port, ``received_at`` the
    ``time.monotonic()`` at which the request was complete.

    ``on_disconnect`` is called once, synchronously, when the client goes away before the answer
    has ended; ``disconnected`` is then true. The handler's task is not cancelled.
    """

    __slots__ = (
        "_carrier",
        "_chunked",
        "_further",
        "_held_head",
        "_http_1_0",
        "_keep_alive",
        "_pause",
        "_remaining",
        "_resume",
        "_state",
        "_upload",
        "_write",
        "body",
        "disconnected",
        "headers",
        "method",
        "on_disconnect",
        "path",
        "peer",
        "query",
        "received_at",
    )

    def __init__(  # noqa: PLR0917 - made once per request, where keywords cost
        self,
        carrier: Carrier,
        write: Callable[[bytes], object],
        method: str,
        path: str,
        query: bytes,
        headers: dict[bytes, bytes],
        body: bytes,
        peer: str,
        *,
        keep_alive: bool,
        http_1_0: bool,
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.peer = peer
        self.received_at = monotonic()
        self.disconnected = False
        self.on_disconnect: Callable[[], None] | None = None
        self._carrier = carrier
        self._write = write
        self._keep_alive = keep_alive
        self._http_1_0 = http_1_0
        self._further = b""
        self._state = _FRESH
        self._upload: BodyStream
        # What only a streamed answer needs is set by start(): most answers come whole.
        self._chunked: bool
        self._held_head: bytes
        self._remaining: int | None
        self._pause: Callable[[], None] | None = None
        self._resume: Callable[[], None] | None = None

    @property
    def started(self) -> bool:
        """Whether an answer was begun, or can no longer be given."""
        return self._state != _FRESH

    @property
    def ended(self) -> bool:
        """Whether the answer is complete, or can no longer be."""
        return self._state >= _ENDED

    @property
    def keep_alive(self) -> bool:
        """Whether the client expects further answers on this connection."""
        return self._keep_alive

    @property
    def upload(self) -> BodyStream | None:
        """The body, where it is handed over as it arrives; ``body`` is then empty."""
        try:
            return self._upload
        except AttributeError:  # as for nearly every request, which should not pay for this
            return None

    def carry(self, upload: BodyStream) -> None:
        """Have the body handed over by ``upload``."""
        self._upload = upload

    def keep_on(self) -> None:
        """Expect further requests after all: the body was read to its end."""
        if self._state == _FRESH:
            self._keep_alive = True

    def add_to_head(self, lines: bytes) -> None:
        """Have further header lines, each with its line end, in whatever answer is given."""
        self._further += lines

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
            ValueError: if a header would break the head.
        """
        if self._state != _FRESH:
            if self._state == _GONE:
                return
            raise RuntimeError("this exchange has an answer already")
        carrier = self._carrier
        if status in (204, 304):
            body = b""
            head = b"%b%b%b\r\n" % (
                carrier.lines.of(status),
                header_block(headers) if headers else b"",
                self._connection_header(),
            )
        else:
            plain = self._keep_alive and not self._http_1_0 and not carrier.draining
            head = b"%bcontent-type: %b\r\ncontent-length: %d\r\n%b%b\r\n" % (
                carrier.lines.of(status),
                content_type,
                len(body),
                header_block(headers) if headers else b"",
                self._further if plain else self._connection_header(),
            )
            if self.method == "HEAD":
                body = b""
        self._end_as(_ENDED)
        if len(body) < _JOIN_BELOW:
            self._write(head + body)
        else:
            carrier.write_parts([head, body])
        carrier.ended(keep_alive=self._keep_alive)

    def start(
        self, status: int, headers: Sequence[tuple[bytes, bytes]], content_length: int | None
    ) -> None:
        """Begin an answer whose body follows by :meth:`write`.

        The head is sent together with the first piece of the body if that comes from the same
        callback, else at once after it: every write is a system call.

        ``headers`` must not hold framing or hop-by-hop headers (``framing.end_to_end`` filters an
        upstream's). Without a ``content_length`` the body is sent chunked, or, to an HTTP/1.0
        client, ended by closing the connection.

        Raises:
            RuntimeError: if an answer was started already.
            ValueError: if a header would break the head.
        """
        if self._state != _FRESH:
            if self._state == _GONE:
                return
            raise RuntimeError("this exchange has an answer already")
        line = self._carrier.lines.of(status)
        block = header_block(headers)
        self._chunked = False
        self._held_head = b""
        self._remaining = None
        if status in (204, 304):
            framing = b""
            self._remaining = 0
        elif content_length is not None:
            framing = b"content-length: %d\r\n" % content_length
            self._remaining = content_length
        elif self._http_1_0:
            framing = b""
            self._keep_alive = False
        else:
            framing = b"transfer-encoding: chunked\r\n"
            self._chunked = True
        head = b"%b%b%b%b\r\n" % (line, block, framing, self._connection_header())
        if self.method == "HEAD" or status in (204, 304):
            # The head stands for an answer that has a body; the pieces of it go nowhere.
            self._state = _STREAMING
            self._write(head)
            self._chunked = False
            self._remaining = None
            self._write = _nowhere
            return
        self._state = _HELD
        self._held_head = head
        self._carrier.call_soon(self._flush_head)

    def switch(self, headers: Sequence[tuple[bytes, bytes]], tunnel: Tunnel) -> None:
        """Answer 101; from here on :meth:`write` sends as it is and ``tunnel`` hears the client.

        :meth:`end` closes the connection once everything is sent.

        Raises:
            RuntimeError: if an answer was started already.
            ValueError: if a header would break the head.
        """
        if self._state != _FRESH:
            if self._state == _GONE:
                return
            raise RuntimeError("this exchange has an answer already")
        head = b"HTTP/1.1 101 Switching Protocols\r\n%b%b\r\n" % (
            header_block(headers),
            self._further,
        )
        self._keep_alive = False
        self._chunked = False
        self._held_head = b""
        self._remaining = None
        self._state = _STREAMING
        self._write(head)
        self._carrier.give_input(tunnel)

    def hold_input(self, *, hold: bool) -> None:
        """Stop or go on to read from a client whose connection was switched."""
        if self._state < _ENDED:
            self._carrier.hold_input(hold=hold)

    def write(self, data: bytes) -> None:
        """Send a piece of the body; an empty one is nothing.

        Raises:
            RuntimeError: before :meth:`start` or after :meth:`end`.
            ValueError: if the body would become longer than announced.
        """
        if self._state != _STREAMING:
            if self._state == _GONE:
                return
            if self._state != _HELD:
                raise RuntimeError("write() belongs between start() and end()")
            if not data:
                return
            self._state = _STREAMING
            data = self._frame(data)
            head = self._held_head
            self._held_head = b""
            self._write(head + data)
        elif self._chunked:
            if data:
                write = self._write  # to call what is no method is slow through its object
                write(b"%x\r\n%b\r\n" % (len(data), data))
        elif data:
            self._write(self._frame(data))

    def write_chunk(self, chunk: bytes) -> None:
        """Send a piece of the body that comes framed, as one whole chunk.

        Raises:
            RuntimeError: before :meth:`start` or after :meth:`end`.
            ValueError: if the body would become longer than announced.
        """
        if self._state == _STREAMING and self._chunked:
            write = self._write
            write(chunk)
        else:
            self.write(body_of(chunk))

    def end(self, data: bytes = b"") -> None:
        """Complete the answer, ``data`` being its last piece; the connection goes on.

        An answer shorter than its announced length closes the connection, so that the client
        sees the truncation.

        Raises:
            RuntimeError: if no answer was started, or it has ended.
            ValueError: if the body would become longer than announced.
        """
        if self._state not in (_HELD, _STREAMING):
            if self._state == _GONE:
                return
            raise RuntimeError("end() belongs after start(), once")
        if data:
            data = self._frame(data)
        if self._held_head:
            data = self._held_head + data
            self._held_head = b""
        self._end_as(_ENDED)
        if self._chunked:
            self._write(data + b"0\r\n\r\n")
        else:
            if data:
                self._write(data)
            if self._remaining:
                self._carrier.abort()
                return
        self._carrier.ended(keep_alive=self._keep_alive)

    def abort(self) -> None:
        """Close the connection at once: the answer failed and there is no way left to say so.

        Does not call ``on_disconnect``, and does nothing once the answer has ended.
        """
        if self._state < _ENDED:
            self._end_as(_GONE)
            self._carrier.abort()

    def bind_source(self, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """Name what to stop and start again as the client falls behind and catches up.

        ``pause`` is called at once if the client is behind already.
        """
        self._pause = pause
        self._resume = resume
        if self._carrier.write_paused and self._state < _ENDED:
            pause()

    # What follows is called by the connection.

    def fall_behind(self) -> None:
        """Pause the source."""
        if self._pause is not None and self._state < _ENDED:
            self._pause()

    def catch_up(self) -> None:
        """Let the source go on."""
        if self._resume is not None and self._state < _ENDED:
            self._resume()

    def client_gone(self) -> None:
        """Note that nobody waits for the answer any more, and say so once."""
        if self._state >= _ENDED:
            return
        self.disconnected = True
        told = self.on_disconnect
        self._end_as(_GONE)
        if told is not None:
            told()

    def _end_as(self, state: int) -> None:
        self._state = state
        # The source usually knows this exchange: without these there is no cycle, and both are
        # freed at once instead of by the garbage collector.
        self.on_disconnect = self._pause = self._resume = None

    def _flush_head(self) -> None:
        if self._state == _HELD:
            self._state = _STREAMING
            self._write(self._held_head)
            self._held_head = b""

    def _frame(self, data: bytes) -> bytes:
        """Put a piece of the body into its framing, and count it."""
        if self._chunked:
            return framed(data)
        if self._remaining is not None:
            if len(data) > self._remaining:
                raise ValueError("the body is longer than the announced content length")
            self._remaining -= len(data)
        return data

    def _connection_header(self) -> bytes:
        if self._carrier.draining:
            self._keep_alive = False
        if not self._keep_alive:
            return self._further + b"connection: close\r\n"
        return self._further + b"connection: keep-alive\r\n" if self._http_1_0 else self._further


def _nowhere(_data: bytes) -> None:
    """Take the body of an answer that must not have one."""


Handler = Callable[[Exchange], Coroutine[Any, Any, bool | None] | None]
"""Answers exchanges. A coroutine runs as one task and must have ended the answer when it returns,
unless it returns true: then callbacks will. ``None`` means that the handler answered already, or
will from callbacks: that costs no task."""
