"""One connection to an upstream: sends a request, parses the answer, is used again if it may be."""

import asyncio
import socket
import struct
from math import inf
from typing import Final, Protocol, cast

import httptools

from mainspring.gateway.http.call import Call, OnChunk, StreamedCall
from mainspring.gateway.http.chunks import MAX_PLAIN_BYTES, OPENINGS, ends_with_chunk
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.known_heads import KnownHeads
from mainspring.gateway.http.sink import FailureKind, UpstreamFailure

MAX_HEAD_BYTES: Final = 64 * 1024
"""Largest response head, or run of bytes without body in a response, that is read."""

STALE_WINDOW_S: Final = 1.0
"""How soon after sending on a used connection its death is taken for the keep-alive race."""

_JOIN_BELOW: Final = 64 * 1024
_TELLING: Final = frozenset({b"content-length", b"transfer-encoding", b"keep-alive"})
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)

_CONNECTING: Final = 0
_IDLE: Final = 1
_BUSY: Final = 2
_CLOSED: Final = 3


ResponseHead = tuple[int, tuple[tuple[bytes, bytes], ...]]
"""Status and headers (but for Content-Length) of a plain HTTP/1.1 response that keeps alive."""

_LENGTH: Final = b"content-length"
_UNUSUAL: Final = frozenset({b"transfer-encoding", b"keep-alive"})


class Owner(Protocol):
    """What a connection needs of its pool."""

    heads: KnownHeads[ResponseHead]

    def released(self, connection: "UpstreamConnection") -> None:
        """Take back a connection that can carry another call."""
        ...

    def lost(self, connection: "UpstreamConnection") -> None:
        """Forget a connection that cannot; its place is free now."""
        ...

    def send_again(self, call: "Call") -> None:
        """Send a call on a fresh connection after a used one died under it."""
        ...

    def gone(self, connection: "UpstreamConnection") -> None:
        """Learn that the socket is closed."""
        ...


class UpstreamConnection(asyncio.Protocol):
    """Carries one call at a time. All its methods are called by the loop, its pool or its call."""

    __slots__ = (
        "_awaiting_head",
        "_bodyless",
        "_call",
        "_complete",
        "_deadline",
        "_end_at",
        "_excess",
        "_feed",
        "_headers",
        "_heard",
        "_interim",
        "_keep_alive_s",
        "_key",
        "_last_data",
        "_on_chunk",
        "_overhead",
        "_owner",
        "_parser",
        "_pieces",
        "_reading",
        "_reusable",
        "_sent_at",
        "_state",
        "_status",
        "_sweeper",
        "_until_close",
        "_used",
        "due",
        "on_body",
        "transport",
    )

    def __init__(self, owner: Owner, sweeper: Sweeper) -> None:
        self._owner = owner
        self._sweeper = sweeper
        self.due = inf
        self.transport: asyncio.Transport | None = None
        self._state = _CONNECTING
        self._call: Call | None = None
        self._deadline = inf
        self._keep_alive_s = inf
        self._sent_at = 0.0
        self._last_data = 0.0
        self._used = False
        self._reading = True
        self._heard = False
        self._awaiting_head = True
        self._on_chunk: OnChunk | None = None
        self._bodyless = False
        self._interim = False
        self._key: bytes | None = None
        self._complete = False
        self._excess = False
        self._reusable = False
        self._until_close = False
        self._end_at = 0
        self._overhead = 0
        self._status = 0
        self._headers: list[tuple[bytes, bytes]] = []
        self._pieces: list[bytes] = []
        # The parser puts body pieces into the list without a Python frame for each.
        self.on_body = self._pieces.append
        self._new_parser()

    def _new_parser(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._feed = self._parser.feed_data

    # --- the pool's side

    @property
    def usable(self) -> bool:
        """Whether a call may be started: idle, and not seen to close."""
        return (
            self._state == _IDLE and self.transport is not None and not self.transport.is_closing()
        )

    def expect(self, call: Call) -> None:
        """Carry ``call`` as soon as the connection is made."""
        self._call = call
        now = self._sweeper.wake()
        self._wait_until(min(now + call.timeouts.connect_s, call.total_deadline))

    def start(self, call: Call) -> None:
        """Send a request now."""
        transport = self.transport
        if transport is None:
            raise RuntimeError("the connection is not made yet")
        self._state = _BUSY
        self._call = call
        self._awaiting_head = True
        self._heard = False
        self._complete = False
        self._until_close = False
        now = self._sent_at = self._last_data = self._sweeper.now
        deadline = self._deadline = min(now + call.timeouts.first_byte_s, call.total_deadline)
        if deadline < self.due:
            self._sweeper.watch(self, deadline)
        if not call.body:
            transport.write(call.head)
        elif len(call.body) < _JOIN_BELOW:
            transport.write(call.head + call.body)
        else:
            transport.writelines((call.head, call.body))
        if isinstance(call, StreamedCall):
            call.begin(transport)
        if call.paused:
            self.pause()

    def connect_failed(self, kind: FailureKind, detail: str) -> None:
        """End the call that waits for this connection."""
        self._fail(kind, detail)

    def cancel(self) -> None:
        """Abort so that the upstream sees it at once; the call hears nothing more."""
        self._leave()

    def close(self) -> None:
        """Close an idle connection."""
        self._leave(abort=False)

    def pause(self) -> None:
        """Read nothing until :meth:`resume`."""
        if self._reading and self._state == _BUSY and self.transport is not None:
            self._reading = False
            self.transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if not self._reading and self.transport is not None:
            self._reading = True
            self._last_data = self._sweeper.now
            if not self.transport.is_closing():
                self.transport.resume_reading()

    def cut_off(self, detail: str) -> None:
        """Fail the call that is carried, as the pool closes."""
        self._fail(FailureKind.RESET, detail)

    # --- the transport's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the call that waited, if it still does."""
        self.transport = cast("asyncio.Transport", transport)
        call = self._call
        if self._state != _CONNECTING or call is None:
            self.transport.abort()
            return
        self.start(call)
        if call.paused:
            # The loop begins to read after this callback, whatever is done in it.
            asyncio.get_running_loop().call_soon(self._pause_again)

    def data_received(self, data: bytes) -> None:
        """Pass on one whole chunk as it is, if that is wanted; parse whatever else comes."""
        on_chunk = self._on_chunk
        if on_chunk is not None:
            size = len(data)
            if (
                size < MAX_PLAIN_BYTES
                and data.startswith(OPENINGS[size])
                and data.endswith(b"\r\n")
            ):
                # The parser stays where it is, between two chunks.
                self._last_data = self._sweeper.now
                on_chunk(data)
                return
            self._on_chunk = None
        self._parse(data)

    def _parse(self, data: bytes) -> None:
        """Parse, then tell the sink: everything that came together in one go."""
        call = self._call
        if call is None:
            self._unasked()
            return
        self._last_data = self._sweeper.now
        if not self._heard and self._is_known(call, data):
            return
        feed = self._feed  # to call what is no method is slow through its object (Python 3.11)
        try:
            feed(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self._complete:
                self._fail_parse(error)
                return
            # The answer was whole before the garbage: it counts, the connection does not.
            self._excess = True
        pieces = self._pieces
        if self._awaiting_head or not pieces:
            if not self._no_body_yet(call, len(data)):
                return
        else:
            self._overhead = 0
        if pieces:
            if self._excess:
                del pieces[self._end_at :]
            last = pieces[-1] if pieces else b""
            body = b"".join(pieces)  # copies nothing where there is but one
            pieces.clear()
            call.complete = self._complete
            if body:
                call.sink.on_data(body)
                if self._call is not call:
                    return
                on_chunk = call.on_chunk
                self._on_chunk = on_chunk if on_chunk and ends_with_chunk(data, last) else None
        if self._complete:
            self._finish(call)

    def pause_writing(self) -> None:
        """Have the body of a streamed call wait."""
        if isinstance(self._call, StreamedCall):
            self._call.block(self._sweeper.wake())

    def resume_writing(self) -> None:
        """Have it go on."""
        if isinstance(self._call, StreamedCall):
            self._call.unblock()

    def _pause_again(self) -> None:
        if self._call is not None and self._call.paused:
            self._reading = True
            self.pause()

    def eof_received(self) -> bool | None:
        """Take the end of the stream for the end of the answer where the answer has no other."""
        call = self._call
        if call is not None and self._until_close and not self._awaiting_head:
            self._complete = True
            self._reusable = False
            self._finish(call)
        else:
            self._died("the upstream closed the connection")
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        """Free the place, and fail the call that was carried."""
        self._died(f"the connection was lost: {exc}" if exc else "the connection was closed")
        self._sweeper.forget(self)
        self._owner.gone(self)

    # --- the parser's callbacks

    def on_message_begin(self) -> None:
        """Notice an answer too many, from its first byte on."""
        if self._complete:
            self._excess = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; trailers come when the head is long delivered, and are dropped."""
        self._headers.append((name.lower(), value.rstrip()))

    def on_headers_complete(self) -> None:
        """Note the head; it is delivered when the parser has returned."""
        if self._complete:
            return
        status = self._parser.get_status_code()
        if status < 200:
            if status < 100 or status == 101:
                raise _NotHttpError(f"status {status} was not asked for")
            self._interim = True
            self._headers = []
            return
        self._status = status
        call = self._call
        if call is not None and call.head.startswith(b"HEAD "):
            # The parser would wait for the body that these headers describe and that never comes.
            self._reusable = self._parser.should_keep_alive()
            self._complete = True
            self._end_at = 0
            self._bodyless = True
            return
        sized = status in (204, 304)
        for name, value in self._headers:
            if name in _TELLING:
                if name == b"keep-alive":
                    self._learn_keep_alive(value)
                    continue
                if name == b"transfer-encoding" and value.lower() != b"chunked":
                    raise _NotHttpError("a transfer coding other than chunked")
                sized = True
        self._until_close = not sized

    def on_message_complete(self) -> None:
        """Note the end of the answer."""
        if self._interim:
            self._interim = False
            return
        if self._complete:
            return
        self._complete = True
        self._end_at = len(self._pieces)
        self._reusable = self._parser.should_keep_alive()

    def _learn_keep_alive(self, value: bytes) -> None:
        for part in value.split(b","):
            name, _, number = part.strip().partition(b"=")
            if name.lower() == b"timeout" and number.strip().isdigit():
                # Half a second before it closes, so that we seldom lose the race.
                self._keep_alive_s = max(int(number[:9]) - 0.5, 0.0)

    # --- from the parser's findings to the sink

    def _is_known(self, call: Call, data: bytes) -> bool:
        """Tell the sink at once of a whole answer whose head was read before."""
        seen = self._owner.heads.look(data)
        if not isinstance(seen, tuple) or call.head.startswith(b"HEAD "):
            self._key = seen if isinstance(seen, bytes) else None
            return False
        (status, headers), length, body = seen
        self._heard = self._complete = self._reusable = call.complete = True
        self._awaiting_head = False
        sink = call.sink
        sink.on_head(status, [*headers, (_LENGTH, length)])
        if body and self._call is call:
            sink.on_data(body)
        if self._call is call:
            self._finish(call)
        return True

    def _remember(self, key: bytes) -> None:
        """Keep the head of the answer that was just read whole, if it is like most."""
        self._key = None
        headers = dict(self._headers)
        if (
            self._complete
            and self._reusable
            and not self._excess
            and not self._bodyless
            and self._status not in (204, 304)
            and key.startswith(b"HTTP/1.1 %d " % self._status)
            and len(headers) == len(self._headers)
            and _UNUSUAL.isdisjoint(headers)
        ):
            rest = tuple(pair for pair in self._headers if pair[0] != _LENGTH)
            self._owner.heads.remember(key, (self._status, rest))

    def _no_body_yet(self, call: Call, size: int) -> bool:
        """Deliver a head that is complete, bound what is not body; whether to go on."""
        self._heard = True
        if self._key is not None:
            self._remember(self._key)
        if self._awaiting_head and self._status:
            status = self._status
            headers = self._headers
            self._status = 0
            self._headers = []
            if self._overhead + size > MAX_HEAD_BYTES and _size(headers) > MAX_HEAD_BYTES:
                self._fail(FailureKind.PROTOCOL, "the response head is too large")
                return False
            self._overhead = 0
            self._awaiting_head = False
            self._last_data = self._sweeper.wake()
            if self._bodyless:
                self._bodyless = False
                self._excess = self._excess or bool(self._pieces)
                self._new_parser()
            elif not self._complete:
                deadline = self._last_data + call.timeouts.idle_s
                if deadline < self.due:
                    self._sweeper.watch(self, deadline)
            call.sink.on_head(status, headers)
            return self._call is call
        self._overhead += size
        if self._overhead > MAX_HEAD_BYTES and not self._complete:
            self._fail(FailureKind.PROTOCOL, "too many bytes of headers, trailers or framing")
            return False
        return True

    def _finish(self, call: Call) -> None:
        """Free the connection, then tell the sink that its answer is complete."""
        sink = call.sink
        if isinstance(call, StreamedCall) and call.unfinished:
            # An answer that did not wait for the body; nothing else can follow on this connection.
            self._reusable = False
        call.ended()
        self._call = self._on_chunk = None
        self._used = True
        transport = self.transport
        if (
            self._reusable
            and not self._excess
            and transport is not None
            and not transport.is_closing()
            and transport.get_write_buffer_size() == 0
        ):
            self._state = _IDLE
            if self._headers:
                self._headers = []
            self._overhead = 0
            if not self._reading:
                self.resume()
            keep_alive_s = min(call.timeouts.keep_alive_s, self._keep_alive_s)
            deadline = self._deadline = self._sweeper.wake() + keep_alive_s
            if deadline < self.due:
                self._sweeper.watch(self, deadline)
            self._owner.released(self)
        else:
            self._leave(abort=False)
        try:
            sink.on_end()
        except Exception:
            # The call has left this connection: nobody else would tell that its answer broke.
            detail = "the answer could not be handled"
            sink.on_failure(UpstreamFailure(FailureKind.PROTOCOL, False, True, detail))
            raise

    def _unasked(self) -> None:
        """Bytes without a request: a server's farewell, or garbage. Never take the next call."""
        if self._state == _IDLE:
            self._leave(abort=False)

    def _fail_parse(self, error: Exception) -> None:
        reason = error.__context__ if isinstance(error.__context__, _NotHttpError) else error
        if isinstance(error, httptools.HttpParserCallbackError) and reason is error:
            raise error  # a mistake of ours, not the upstream's
        if isinstance(error, httptools.HttpParserUpgrade):
            reason = _NotHttpError("an upgrade that was not asked for")
        # What was well-formed before the garbage is not delivered: it may be garbage as well.
        self._fail(FailureKind.PROTOCOL, str(reason))

    def _died(self, detail: str) -> None:
        """End what the dead connection carried, or send it again if it never had a chance.

        A server may close an idle connection in the very moment in which we use it again. Then the
        connection dies without a byte of an answer, very soon after sending. Model calls are POST,
        so they are sent again only in this case, which practically proves that the request was
        never read: used before, not a byte of an answer, within ``STALE_WINDOW_S``. It is sent on a
        connection that is made for it, was never used and therefore cannot be stale, so this
        happens once. A server that died while working on the request looks the same only in its
        first second; later deaths are reported.
        """
        call = self._call
        if self._state == _CLOSED:
            return
        if (
            call is not None
            and self._used
            and self._state == _BUSY
            and not self._heard
            and not call.streamed
            and self._sweeper.now - self._sent_at <= STALE_WINDOW_S
        ):
            call.sent_again = True
            self._call = None
            self._end()
            self._owner.send_again(call)
            self._owner.lost(self)
            return
        self._fail(FailureKind.RESET, detail)

    def _fail(self, kind: FailureKind, detail: str) -> None:
        call = self._call
        before_head = self._awaiting_head
        sent = self._state == _BUSY or (call is not None and call.sent_again)
        sink = call.sink if call is not None else None
        self._leave()
        if sink is not None:
            sink.on_failure(UpstreamFailure(kind, before_head, sent, detail))

    def _leave(self, *, abort: bool = True) -> None:
        """Let go of the call, the place in the pool and the socket, in this order, now."""
        if self._state == _CLOSED:
            return
        call = self._call
        self._call = self._on_chunk = None
        if call is not None:
            call.ended()
        carrying = abort and self._state == _BUSY
        self._end()
        transport = self.transport
        if transport is not None:
            if carrying:
                self._reset_on_close(transport)
                transport.abort()
            else:
                transport.close()
        self._owner.lost(self)

    def _end(self) -> None:
        self._state = _CLOSED
        self._sweeper.forget(self)

    def _reset_on_close(self, transport: asyncio.Transport) -> None:
        """Have the upstream see a reset, not a half-close that it may take for patience."""
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)

    # --- the sweeper's side

    def _wait_until(self, deadline: float) -> None:
        self._deadline = deadline
        if deadline < self.due:
            self._sweeper.watch(self, deadline)

    def on_due(self, now: float) -> float:
        """Act on the deadline of the present phase."""
        call = self._call
        if self._state == _IDLE:
            if now < self._deadline:
                return self._deadline
            self._leave(abort=False)
            return inf
        if call is None or self._state == _CLOSED:
            return inf
        if now >= call.total_deadline:
            self._fail(FailureKind.TOTAL_TIMEOUT, "the call took too long as a whole")
            return inf
        if self._state == _CONNECTING:
            phase, kind = self._deadline, FailureKind.CONNECT_TIMEOUT
        elif isinstance(call, StreamedCall) and call.unfinished:
            # Silence is not its fault while it is being sent to, unless it takes nothing.
            phase = min(call.blocked_at, now) + call.timeouts.idle_s
            kind = FailureKind.IDLE_TIMEOUT
        elif isinstance(call, StreamedCall) and self._awaiting_head:
            phase, kind = call.sent_at + call.timeouts.first_byte_s, FailureKind.FIRST_BYTE_TIMEOUT
        elif self._awaiting_head:
            phase, kind = self._sent_at + call.timeouts.first_byte_s, FailureKind.FIRST_BYTE_TIMEOUT
        elif not self._reading:
            # We hold it back ourselves: its silence is not its fault.
            return min(now + call.timeouts.idle_s, call.total_deadline)
        else:
            phase, kind = self._last_data + call.timeouts.idle_s, FailureKind.IDLE_TIMEOUT
        if now >= phase:
            self._fail(kind, "the upstream was silent for too long")
            return inf
        return min(phase, call.total_deadline)


def _size(headers: list[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers)


class _NotHttpError(Exception):
    """The upstream's answer breaks HTTP/1.1 in a way that the parser lets pass."""
