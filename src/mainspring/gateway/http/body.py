"""The part of a connection that takes request bodies: gathered whole, or handed over as they come.

A body that comes at once is never gathered. One that does not is put together in one buffer,
counted and bounded; a large one to an upload path becomes a :class:`BodyStream` instead, whose
reader decides how fast its client may go on.
"""

import asyncio
from typing import Final

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import ServerLimits
from mainspring.gateway.http.listener import Listener
from mainspring.gateway.http.request_head import Refusal, body_too_large
from mainspring.gateway.http.upload import BodyStream

_UPLOADS: Final = "POST"


class BodyIntake(asyncio.Protocol):
    """What gathers bodies; the connection, which derives from this, parses and answers."""

    __slots__ = (
        "_assembled",
        "_deadline",
        "_expect",
        "_head_bytes",
        "_headers",
        "_listener",
        "_method",
        "_path",
        "_pieces",
        "_refusal",
        "_repeats",
        "_request_headers",
        "_upload",
        "_uploading",
        "_write",
        "due",
    )

    _assembled: bytearray | None
    _deadline: float
    _expect: bool
    _head_bytes: int
    _headers: dict[bytes, bytes]
    _listener: Listener
    _method: str
    _path: str
    _pieces: list[bytes]
    _refusal: Refusal | None
    _repeats: int
    _request_headers: dict[bytes, bytes]
    _upload: BodyStream | None
    _uploading: Exchange | None
    due: float

    def hold_input(self, *, hold: bool) -> None:
        """Stop or go on to read from the client."""
        raise NotImplementedError

    def _begin_upload(self, stream: BodyStream) -> None:
        """Make an exchange whose body ``stream`` hands over."""
        raise NotImplementedError

    def _wait_until(self, deadline: float) -> None:
        self._deadline = deadline
        if deadline < self.due:
            self._listener.sweeper.watch(self, deadline)

    def on_due(self, now: float) -> float:
        """Act on the deadline of the present phase."""
        raise NotImplementedError

    def _too_many_headers(self) -> bool:
        return len(self._headers) + self._repeats > self._listener.limits.max_headers

    def _check_length(self, length: int, limits: ServerLimits) -> None:
        """Check an announced length beyond what is gathered.

        Raises:
            Refusal: if it is too large for its path.
        """
        if length > limits.max_upload_bytes or not self._takes_uploads(limits):
            self._refusal = self._too_large(limits)
            raise self._refusal

    def _gather(self, size: int) -> None:
        """Take the pieces of a body that is not complete, and count."""
        listener = self._listener
        limits = listener.limits
        if self._expect:
            self._expect = False
            if not self._pieces:
                self._write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self._assembled is None and self._upload is None:
            self._head_bytes = 0
            deadline = listener.sweeper.wake() + limits.body_timeout_s
            self._wait_until(deadline)
            if self._takes_uploads(limits):
                stream = self._upload = BodyStream(
                    self._hold_upload, limits.upload_window_bytes, deadline
                )
                self._begin_upload(stream)
            else:
                self._assembled = bytearray()
        if self._pieces:
            self._head_bytes = 0
            if self._upload is not None:
                self._hand_on(self._upload)
            elif self._assembled is not None:
                self._assemble(self._assembled)
        else:
            # Chunk extensions and trailers: bounded like a head, as the parser buffers them.
            self._head_bytes += size
            if self._head_bytes > limits.max_header_bytes or self._too_many_headers():
                self._refusal = Refusal(431, "headers_too_large", "The trailers are too large.")

    def _assemble(self, assembled: bytearray) -> None:
        listener = self._listener
        limits = listener.limits
        gained = sum(map(len, self._pieces))
        for piece in self._pieces:
            assembled += piece
        self._pieces.clear()
        listener.buffered += gained
        self._deadline += gained / limits.body_min_bytes_per_s
        if len(assembled) > limits.max_body_bytes:
            self._refusal = body_too_large(limits.max_body_bytes)
        elif listener.buffered > limits.max_buffered_bytes:
            self._refusal = Refusal(503, "overloaded", "Too many uploads at this moment.")

    def _drop_assembled(self) -> None:
        if self._assembled is not None:
            self._listener.buffered -= len(self._assembled)
            self._assembled = None

    def _whole_body(self) -> bytes:
        pieces = self._pieces
        if not pieces and self._assembled is None:
            return b""
        if self._assembled is None:
            body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        else:
            assembled = self._assembled
            self._drop_assembled()
            for piece in pieces:
                assembled += piece
            body = bytes(assembled)
        pieces.clear()
        limits = self._listener.limits
        if len(body) > limits.max_body_bytes and not self._takes_uploads(limits):
            self._refusal = self._too_large(limits)
            raise self._refusal
        return body

    # Bodies that are handed over

    def _takes_uploads(self, limits: ServerLimits) -> bool:
        listed = self._path in limits.upload_paths and self._method == _UPLOADS
        if not listed:
            prefix = limits.upload_prefix
            listed = prefix is not None and self._path.startswith(prefix)
        return listed and limits.gathering_headers.isdisjoint(
            self._headers or self._request_headers
        )

    def _too_large(self, limits: ServerLimits) -> Refusal:
        uploads = self._takes_uploads(limits)
        return body_too_large(limits.max_upload_bytes if uploads else limits.max_body_bytes)

    def _hold_upload(self, hold: bool) -> None:
        stream = self._upload
        limits = self._listener.limits
        if stream is not None and not hold:
            # Its client had no chance to send meanwhile.
            stream.deadline = self._listener.sweeper.wake() + limits.body_timeout_s
            self._wait_until(stream.deadline)
        if stream is not None or not hold:
            self.hold_input(hold=hold)

    def _hand_on(self, stream: BodyStream) -> None:
        """Give what has arrived to the reader of an upload."""
        limits = self._listener.limits
        data = b"".join(self._pieces)
        self._pieces.clear()
        stream.deadline += len(data) / limits.body_min_bytes_per_s
        self._wait_until(stream.deadline)
        if stream.size + len(data) > limits.max_upload_bytes:
            self._refusal = self._too_large(limits)
        elif not stream.failed:
            stream.put(data)

    def _finish_upload(self, stream: BodyStream, *, keep_alive: bool) -> None:
        """Tell the reader of an upload that it is complete."""
        if self._pieces:
            self._hand_on(stream)
        if self._refusal is not None:
            raise self._refusal
        exchange, self._uploading = self._uploading, None
        self._upload = None
        self._pieces.clear()
        if keep_alive and exchange is not None:
            exchange.keep_on()
        stream.finish()
        if stream.held:
            # What follows on the connection has a bound of its own.
            stream.held = False
            self.hold_input(hold=False)

    def _upload_due(self, stream: BodyStream, now: float) -> float:
        """Give up a client that sends too slowly, unless it is held back."""
        if stream.held:
            stream.deadline = now + self._listener.limits.body_timeout_s
        else:
            text = "The request's body took too long to arrive."
            stream.fail(Refusal(408, "request_timeout", text))
            stream.deadline = now + self._listener.limits.linger_s
        self._deadline = stream.deadline
        return stream.deadline
