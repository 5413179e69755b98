"""One client connection: parses requests, hands them over one at a time, closes in order."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from math import inf
from typing import Any, Final, cast

import httptools

from mainspring.gateway.http.body import BodyIntake
from mainspring.gateway.http.exchange import Exchange, Tunnel
from mainspring.gateway.http.listener import Listener, RequestHead
from mainspring.gateway.http.networks import peer_of
from mainspring.gateway.http.request_head import (
    REPEATS_REFUSED,
    Refusal,
    check_head,
    check_size,
    malformed,
    offers_websocket,
    split_target,
    without_upgrade,
)
from mainspring.gateway.http.upload import BodyStream, ClientGoneError

# What the connection is doing apart from handling a request.
_OPEN: Final = 0
_LINGERING: Final = 1  # refused; reading and discarding, so that the client can read why
_CLOSING: Final = 2  # closed for reading; waiting for the last bytes to be taken

# How far the request that is being parsed has come.
_NOTHING: Final = 0
_HEAD: Final = 1
_BODY: Final = 2


_MAX_STRANGE: Final = 16
"""After this many heads in a row that nobody has sent before, their sender is not one who repeats
itself (it sends a trace id, say), and looking for them is a waste."""

_UNUSUAL: Final = frozenset({b"transfer-encoding", b"expect", b"upgrade"})


class ServerConnection(BodyIntake):
    """Serves one client. All its methods are called by the event loop or by its exchange.

    Input that arrives while a request is in progress is set aside unparsed; beyond
    ``max_held_bytes`` reading stops. What one read brings is parsed as a whole, so a client that
    pipelines may have up to ``max_pipelined`` parsed requests waiting.
    """

    __slots__ = (
        "_advancing",
        "_blocked",
        "_current",
        "_feed",
        "_held",
        "_http_1_0",
        "_keep_alive",
        "_last",
        "_mode",
        "_parser",
        "_parsing",
        "_peer",
        "_query",
        "_read_paused",
        "_ready",
        "_size",
        "_stated_peer",
        "_strange",
        "_tunnel",
        "_unsent",
        "_upgrading",
        "_url",
        "lines",
        "on_body",
        "transport",
        "write_paused",
    )

    def __init__(self, listener: Listener, peer: str | None = None) -> None:
        """Serve for ``listener``; ``peer`` is the client's address where it is known already."""
        self._listener = listener
        self._stated_peer = peer
        self.lines = listener.lines
        self.due = inf
        self.write_paused = False
        self._deadline = inf
        self._mode = _OPEN
        self._blocked = False
        self._advancing = False
        self._read_paused = False
        self._unsent = 0
        self._current: Exchange | None = None
        self._tunnel: Tunnel | None = None
        self._ready: deque[Exchange] = deque()
        self._held: bytearray | None = None
        self._refusal: Refusal | None = None
        self._last = False
        self._parsing = _NOTHING
        self._size = 0
        self._strange = 0
        self._head_bytes = 0
        self._repeats = 0
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._request_headers = {}
        self._method = ""
        self._path = ""
        self._query = b""
        self._keep_alive = True
        self._http_1_0 = False
        self._upgrading = False
        self._expect = False
        self._pieces: list[bytes] = []
        self._assembled = None
        self._upload = None
        self._uploading = None
        # The parser calls these directly: body pieces go into the list without a Python frame.
        self.on_body = self._pieces.append
        self._new_parser()

    def _new_parser(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._feed = self._parser.feed_data

    @property
    def draining(self) -> bool:
        """Whether the server is about to stop."""
        return self._listener.draining

    # --- the transport's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; a connection over the limit is told so and closed."""
        listener = self._listener
        limits = listener.limits
        self.transport = cast("asyncio.Transport", transport)
        self._write = self.transport.write
        self._peer = self._stated_peer or peer_of(transport)
        self.transport.set_write_buffer_limits(high=limits.write_buffer_bytes)
        crowded = len(listener.connections) >= limits.max_connections
        listener.connections.add(self)
        listener.emptied.clear()
        now = listener.sweeper.wake()
        if crowded:
            self._refuse(Refusal(503, "overloaded", "Too many connections; try again shortly."))
        else:
            # One that came while the server stops is served once, if it asks at once.
            patience = limits.linger_s if listener.draining else limits.keep_alive_s
            self._wait_until(now + patience)

    def data_received(self, data: bytes) -> None:
        """Parse, and handle what is complete."""
        if self._blocked:
            self._set_aside(data)
            return
        seen = None
        if self._parsing == _NOTHING and self._strange < _MAX_STRANGE and not self.write_paused:
            listener = self._listener
            seen = listener.heads.look(data)
            if isinstance(seen, tuple) and len(seen[2]) <= listener.limits.max_body_bytes:
                self._strange = 0
                self._hand_over(self._exchange(*seen))
                return
        self._size = len(data)
        self._parse(data)
        if isinstance(seen, bytes) and self._ready and self._parsing == _NOTHING:
            self._remember(seen)
        if self._refusal is not None or self.write_paused or len(self._ready) > 1:
            self._advance()
        elif self._ready:
            self._hand_over(self._ready.popleft())

    def eof_received(self) -> bool | None:
        """Take a client that has stopped sending for gone: its answer has no reader."""
        self._client_gone()
        return None

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Forget everything about this client."""
        listener = self._listener
        listener.connections.discard(self)
        listener.sweeper.forget(self)
        self._drop_assembled()
        self._mode = _CLOSING
        self._blocked = True
        self._held = None
        self._client_gone()
        self._tunnel = None
        if not listener.connections:
            listener.emptied.set()

    def pause_writing(self) -> None:
        """Stop the source of the answer: the client takes less than it is sent."""
        self.write_paused = True
        self._watch_output()
        if self._current is not None:
            self._current.fall_behind()

    def resume_writing(self) -> None:
        """Start the source of the answer again, or go on to the next request."""
        self.write_paused = False
        if self._mode != _OPEN:
            return
        self._deadline = inf
        if self._current is not None:
            self._current.catch_up()
        else:
            self._await_request()
            self._advance()

    # --- the exchange's side

    def write_parts(self, parts: list[bytes]) -> None:
        """Send several pieces without joining them first."""
        self.transport.writelines(parts)

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Call back once what is being read at this moment has been handled."""
        self._listener.loop.call_soon(callback)

    def give_input(self, tunnel: Tunnel) -> None:
        """Give everything that the client sends from now on to ``tunnel``, as it comes."""
        self._tunnel = tunnel
        held, self._held = self._held, None
        self.hold_input(hold=False)
        if self._listener.draining:
            tunnel.drain()
        if held:
            tunnel.receive(bytes(held))

    def hold_input(self, *, hold: bool) -> None:
        """Stop or go on to read from the client."""
        if hold != self._read_paused and not self.transport.is_closing():
            self._read_paused = hold
            if hold:
                self.transport.pause_reading()
            else:
                self.transport.resume_reading()

    def ended(self, *, keep_alive: bool) -> None:
        """Go on to the next request, or close once everything is sent."""
        self._current = None
        if not keep_alive or self._listener.draining:
            if self._upload is not None:
                self._linger()
            else:
                self._close()
        elif self._ready or self._refusal is not None or self._held is not None:
            self._advance()
        elif self._mode == _OPEN:
            self._blocked = False
            self._await_request()

    def abort(self) -> None:
        """Close at once."""
        self._current = None
        self._blocked = True
        self._mode = _CLOSING
        self._ready.clear()
        self.transport.abort()

    # --- the server's side

    def close_if_idle(self) -> None:
        """Close unless a request is being received or answered, or is about to be.

        Who came after the end was announced gets ``linger_s`` for one request, which may be under
        way: to close before it would reset the connection under it.
        """
        listener = self._listener
        if self._tunnel is not None:
            self._tunnel.drain()
        elif (
            self._current is None
            and self._parsing == _NOTHING
            and not self._ready
            and self._deadline > listener.sweeper.wake() + listener.limits.linger_s
        ):
            self._close()

    def cut_off(self) -> None:
        """Close at once and tell the handler of a running request that its client is gone."""
        self._client_gone()
        self.abort()

    # --- the sweeper's side

    def on_due(self, now: float) -> float:
        """Act on the deadline of the present phase."""
        if self._deadline > now:
            return self._deadline
        if self._upload is not None and self._mode == _OPEN and not self.write_paused:
            return self._upload_due(self._upload, now)
        if self._mode == _LINGERING:
            self._close()
        elif self._mode == _CLOSING or self.write_paused:
            unsent = self.transport.get_write_buffer_size()
            if unsent >= self._unsent:
                self.cut_off()
                return inf
            self._watch_output()
        elif self._parsing == _NOTHING:
            self._close()
        else:
            part = "head" if self._parsing == _HEAD else "body"
            self._refuse(
                Refusal(408, "request_timeout", f"The request's {part} took too long to arrive.")
            )
        return self._deadline

    def _watch_output(self) -> None:
        self._unsent = self.transport.get_write_buffer_size()
        listener = self._listener
        self._wait_until(listener.sweeper.wake() + listener.limits.write_stall_s)

    def _await_request(self) -> None:
        listener = self._listener
        if self.write_paused:
            self._watch_output()
        elif self._parsing != _NOTHING:
            # A part of the next request came together with the last one.
            self._wait_until(listener.sweeper.wake() + listener.limits.header_timeout_s)
        else:
            deadline = self._deadline = listener.sweeper.wake() + listener.limits.keep_alive_s
            if deadline < self.due:
                listener.sweeper.watch(self, deadline)

    # --- from bytes to exchanges

    def _parse(self, data: bytes) -> None:
        try:
            self._feed(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as stopped:
            self._parser_stopped(stopped, data)
        else:
            if self._parsing != _NOTHING or self._url or not self._ready:
                self._partial(data)

    def _exchange(self, known: RequestHead, length: bytes, body: bytes) -> Exchange:
        """Make an exchange of a request whose head was read before."""
        method, path, query, headers = known
        headers = headers.copy()
        headers[b"content-length"] = length
        return self._listener.exchange(
            self,
            self._write,
            method,
            path,
            query,
            headers,
            body,
            self._peer,
            keep_alive=True,
            http_1_0=False,
        )

    def _remember(self, key: bytes) -> None:
        """Keep the head of the one request that was just read, if it is like most."""
        self._strange += 1
        exchange = self._ready[0]
        headers = exchange.headers
        if (
            len(self._ready) == 1
            and self._refusal is None
            and exchange.keep_alive
            and not self._http_1_0
            and _UNUSUAL.isdisjoint(headers)
        ):
            headers = headers.copy()
            del headers[b"content-length"]
            self._listener.heads.remember(
                key, (exchange.method, exchange.path, exchange.query, headers)
            )

    def _parser_stopped(self, stopped: Exception, data: bytes) -> None:
        if isinstance(stopped, httptools.HttpParserUpgrade):
            rest = data[cast("int", stopped.args[0]) :]
            headers = self._request_headers
            if not rest and not self._http_1_0 and offers_websocket(self._method, headers):
                self._offered()
            else:
                self._continue_without_upgrade(rest)
        # Bytes behind a request that asked for a close are nobody's.
        elif self._refusal is None and not self._last:
            if isinstance(stopped, httptools.HttpParserCallbackError):
                raise stopped  # a mistake of ours, not the client's
            self._refusal = malformed(f"The request is not valid HTTP/1.1: {stopped}.")

    def _partial(self, data: bytes) -> None:
        """Bound what an incomplete request may cost, in bytes and in time."""
        listener = self._listener
        limits = listener.limits
        if self._parsing == _BODY:
            self._gather(len(data))
            return
        if self._parsing == _NOTHING:
            if not self._url and not data.strip(b"\r\n") and self._head_bytes == 0:
                return  # stray line ends between requests are allowed, and begin nothing
            self._parsing = _HEAD
            self._wait_until(listener.sweeper.wake() + limits.header_timeout_s)
        self._head_bytes += len(data)
        if len(self._url) > limits.max_url_bytes:
            self._refusal = Refusal(414, "uri_too_long", "The request target is too long.")
        elif self._head_bytes > limits.max_header_bytes or self._too_many_headers():
            self._refusal = Refusal(
                431, "headers_too_large", "The request's headers are too large."
            )

    def on_url(self, part: bytes) -> None:
        """Take the request target, or a piece of it."""
        self._url = self._url + part if self._url else part

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, or a trailer, which is dropped with the next request's head."""
        name = name.lower()
        headers = self._headers
        if name in headers:
            self._repeated(name)
        headers[name] = value.rstrip()

    def _repeated(self, name: bytes) -> None:
        self._repeats += 1
        if name in REPEATS_REFUSED:
            self._refusal = malformed(f"The header {name.decode()} is there twice.")
            raise self._refusal

    def on_headers_complete(self) -> None:
        """Check the head; refusing here stops the parser before any of the body."""
        parser = self._parser
        limits = self._listener.limits
        headers = self._headers
        keep_alive = parser.should_keep_alive()
        # Only an old or explicit client needs the slower question for the version.
        plain = keep_alive and b"connection" not in headers
        version = "1.1" if plain else parser.get_http_version()
        try:
            count = len(headers) + self._repeats
            if (
                count > limits.max_headers
                or len(self._url) > limits.max_url_bytes
                or self._head_bytes + self._size > limits.max_header_bytes
            ):
                check_size(self._url, headers, count, limits)
            self._method = check_head(parser.get_method(), self._url, version, headers)
            self._path, self._query = split_target(self._url)
            length = headers.get(b"content-length")
            if length is not None and int(length) > limits.max_body_bytes:
                self._check_length(int(length), limits)
        except Refusal as refusal:
            self._refusal = refusal
            raise
        self._keep_alive = keep_alive
        self._http_1_0 = version == "1.0"
        self._upgrading = b"upgrade" in headers and parser.should_upgrade()
        self._expect = b"expect" in headers and not self._http_1_0
        self._request_headers = headers
        self._headers = {}
        self._repeats = 0
        self._head_bytes = 0
        self._parsing = _BODY

    def on_message_complete(self) -> None:
        """Make an exchange of the complete request."""
        if self._upgrading:
            return
        if self._upload is not None:
            self._last = not self._keep_alive
            self._finish_upload(self._upload, keep_alive=self._keep_alive)
            self._reset_message()
            return
        body = self._whole_body()
        if self._last:
            self._reset_message()
            return
        # Beyond the bound, the client has to send the rest again on a new connection (RFC 9112,
        # 9.3.2), which keeps a flood of tiny requests from filling the memory.
        room = len(self._ready) + 1 < self._listener.limits.max_pipelined
        keep_alive = self._keep_alive and room
        self._last = not keep_alive
        self._ready.append(
            self._listener.exchange(
                self,
                self._write,
                self._method,
                self._path,
                self._query,
                self._request_headers,
                body,
                self._peer,
                keep_alive=keep_alive,
                http_1_0=self._http_1_0,
            )
        )
        self._reset_message()

    def _reset_message(self) -> None:
        self._parsing = _NOTHING
        self._url = b""
        self._head_bytes = 0
        if self._headers or self._repeats:
            self._repeats = 0
            self._headers = {}

    def _continue_without_upgrade(self, rest: bytes) -> None:
        """Serve a request that offers an upgrade as the plain request that it also is.

        The parser stops behind such a head and leaves its body unread, so a new parser gets the
        head again, without the offer.
        """
        head = without_upgrade(self._method, self._url, self._request_headers)
        self._upgrading = False
        self._reset_message()
        self._headers = {}
        self._new_parser()
        self._parse(head + rest)

    def _offered(self) -> None:
        """Make an exchange of a request that may become a WebSocket; no other follows it."""
        self._upgrading = self._keep_alive = False
        self.on_message_complete()
        # What a hasty client sends before it is answered waits, as it may be the WebSocket's.
        self._last = False

    def _begin_upload(self, stream: BodyStream) -> None:
        """Make an exchange of a request whose body follows."""
        exchange = self._uploading = self._listener.exchange(
            self,
            self._write,
            self._method,
            self._path,
            self._query,
            self._request_headers,
            b"",
            self._peer,
            keep_alive=False,
            http_1_0=self._http_1_0,
        )
        exchange.carry(stream)
        self._ready.append(exchange)

    def _take_upload(self, stream: BodyStream, data: bytes) -> None:
        """Parse what follows of an upload, and tell its reader where it goes wrong."""
        if stream.failed:
            return
        self._size = len(data)
        try:
            self._feed(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as stopped:
            self._parser_stopped(stopped, data)
        else:
            if self._upload is not None or self._url:
                self._partial(data)
        if self._upload is None:
            self._deadline = inf
        elif self._refusal is not None:
            refusal, self._refusal = self._refusal, None
            stream.fail(refusal)

    # --- one request after the other

    def _advance(self) -> None:
        """Handle what waits, in order, until a request is in progress or nothing waits."""
        if self._advancing:
            return
        self._advancing = True
        try:
            while self._current is None and self._mode == _OPEN and not self.write_paused:
                if self._ready:
                    self._hand_over(self._ready.popleft())
                elif self._refusal is not None:
                    self._refuse(self._refusal)
                elif self._held is not None:
                    data = bytes(self._held)
                    self._held = None
                    self.hold_input(hold=False)
                    self._blocked = False
                    self._size = len(data)
                    self._parse(data)
                else:
                    if self._blocked:
                        self._blocked = False
                        self._await_request()
                    return
        finally:
            self._advancing = False
        if self._mode == _OPEN and self._current is None:
            # The client does not take the last answer; what comes from it has to wait.
            self._blocked = True

    def _hand_over(self, exchange: Exchange) -> None:
        listener = self._listener
        self._current = exchange
        self._blocked = True
        self._deadline = inf
        if self._upload is not None and exchange is self._uploading:
            self._wait_until(self._upload.deadline)
        try:
            work = listener.handler(exchange)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is reported and answered
            listener.failed(exchange, error)
            return
        if work is not None:
            task = listener.loop.create_task(self._run(exchange, work))
            listener.tasks.add(task)

    async def _run(self, exchange: Exchange, work: Coroutine[Any, Any, bool | None]) -> None:
        listener = self._listener
        try:
            goes_on = await work
        except asyncio.CancelledError:
            exchange.abort()
            raise
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is reported and answered
            listener.failed(exchange, error)
        else:
            if not goes_on and not exchange.ended:
                text = "the handler returned before its answer had ended"
                listener.failed(exchange, RuntimeError(text))
        finally:
            task = asyncio.current_task()
            if task is not None:
                listener.tasks.discard(task)

    def _set_aside(self, data: bytes) -> None:
        if self._tunnel is not None:
            self._tunnel.receive(data)
            return
        if self._upload is not None and self._mode == _OPEN:
            self._take_upload(self._upload, data)
            return
        if self._mode != _OPEN or self._last:
            return
        if self._held is None:
            self._held = bytearray()
        self._held += data
        if len(self._held) > self._listener.limits.max_held_bytes:
            self.hold_input(hold=True)

    def _client_gone(self) -> None:
        self._ready.clear()
        if self._upload is not None:
            self._upload.fail(ClientGoneError())
        current = self._current
        if current is not None:
            self._current = None
            self._blocked = True
            try:
                current.client_gone()
            except Exception as error:  # noqa: BLE001 - a handler's bug must not stop the clean-up
                self._listener.on_error(current, error)

    # --- the end

    def _refuse(self, refusal: Refusal) -> None:
        """Answer a request that is not handed over, then close without losing that answer."""
        listener = self._listener
        body = listener.refuse(refusal.status, refusal.code, refusal.text)
        self._refusal = None
        self._drop_assembled()
        self._write(
            b"%bcontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
            % (self.lines.of(refusal.status), len(body), body)
        )
        self._linger()

    def _linger(self) -> None:
        """Read and discard for a while, then close.

        Closing a socket with unread input resets it, and the reset may overtake the answer.
        """
        listener = self._listener
        self._blocked = True
        self._upload = self._uploading = None
        self._ready.clear()
        self._held = None
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._mode = _LINGERING
        self.hold_input(hold=False)
        self._wait_until(listener.sweeper.wake() + listener.limits.linger_s)

    def _close(self) -> None:
        """Close once everything is sent; a client that does not take it is cut off in time."""
        self._mode = _CLOSING
        self._blocked = True
        self._tunnel = None
        self._ready.clear()
        self._held = None
        self.transport.close()
        self._watch_output()
