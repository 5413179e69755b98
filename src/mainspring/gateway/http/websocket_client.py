"""A WebSocket to an upstream: a connection of its own, never one of a pool."""

import asyncio
import ssl as tls
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.reach import connect
from mainspring.gateway.http.sink import FailureKind, UpstreamFailure
from mainspring.gateway.http.websocket import SocketHandler, SocketHost, WebSocket, quiet


@dataclass(frozen=True, slots=True)
class SocketAddress:
    """Where an upstream takes WebSockets; ``resource`` is the path with its query."""

    host: str
    port: int
    resource: str
    ssl: tls.SSLContext | None = None
    guarded: bool = False
    """Do not connect to link-local addresses and those of a cloud's own services."""


class SocketRefusedError(Exception):
    """The upstream answered by something else than a switch."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.headers = headers
        self.body = body


class SocketFailedError(Exception):
    """There was no answer, or none that can be read."""

    def __init__(self, failure: UpstreamFailure) -> None:
        super().__init__(failure.kind.value)
        self.failure = failure


class UpstreamSocket(asyncio.Protocol):
    """The connection; a :class:`WebSocket` once :meth:`begin` was called."""

    def __init__(self, frames: ClientProtocol, greeting: bytes, host: SocketHost) -> None:
        self._frames = frames
        self._greeting = greeting
        self._host = host
        self._transport: asyncio.Transport | None = None
        self._socket: WebSocket | None = None
        self._held = False
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def begin(self, handler: SocketHandler) -> None:
        """Deliver what came since the switch, and everything from now on, to ``handler``."""
        socket = self._socket = WebSocket(self._host, self._frames, self, handler)
        handler.on_open(socket)
        if self._transport is None or self._transport.is_closing():
            socket.lost()
            return
        self.hold_input(hold=False)
        socket.deliver()

    # The transport's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Offer the switch."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._greeting)

    def data_received(self, data: bytes) -> None:
        """Read the answer, or pass on."""
        if self._socket is not None:
            self._socket.receive(data)
            return
        frames = self._frames
        if frames.reader.eof:
            return
        frames.receive_data(data)
        if frames.handshake_exc is not None or frames.state is State.OPEN:
            # What follows the switch waits until somebody hears it.
            self.hold_input(hold=True)
            if not self.answered.done():
                self.answered.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits or listens."""
        del exc
        self._transport = None
        if not self.answered.done():
            self.answered.set_exception(ConnectionResetError("closed before it answered"))
        if self._socket is not None:
            self._socket.lost()

    def pause_writing(self) -> None:
        """Take note that the upstream takes less than it is sent."""
        if self._socket is not None:
            self._socket.fall_behind()

    def resume_writing(self) -> None:
        """Take note that it has caught up."""
        if self._socket is not None:
            self._socket.catch_up()

    # What its WebSocket asks for (see websocket.Wire)

    def write(self, data: bytes) -> None:
        """Send bytes."""
        if self._transport is not None:
            self._transport.write(data)

    def end(self) -> None:
        """Close once everything is sent."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def hold_input(self, *, hold: bool) -> None:
        """Stop or go on to read."""
        transport = self._transport
        if transport is not None and hold != self._held and not transport.is_closing():
            self._held = hold
            if hold:
                transport.pause_reading()
            else:
                transport.resume_reading()


async def open_socket(
    host: SocketHost,
    address: SocketAddress,
    headers: Iterable[tuple[str, str]],
    subprotocols: Iterable[str],
    timeouts: Timeouts,
) -> UpstreamSocket:
    """Connect and have the switch accepted, within the deadlines of ``timeouts``.

    Raises:
        SocketRefusedError: if the upstream answers by something else.
        SocketFailedError: if it cannot be reached, is silent, or breaks the protocol.
    """
    secure = address.ssl is not None
    uri = WebSocketURI(secure, address.host, address.port, address.resource, "")
    frames = ClientProtocol(
        uri,
        subprotocols=[Subprotocol(each) for each in subprotocols] or None,
        max_size=host.limits.max_message_bytes,
        logger=quiet,
    )
    request = frames.connect()
    for name, value in headers:
        request.headers[name] = value
    frames.send_request(request)
    line = UpstreamSocket(frames, b"".join(frames.data_to_send()), host)
    try:
        await _connect(line, address, timeouts.connect_s)
        await _answered(line, timeouts.first_byte_s)
    except BaseException:
        line.abort()
        raise
    refused = frames.handshake_exc
    if refused is None:
        return line
    line.abort()
    if isinstance(refused, InvalidStatus):
        answer = refused.response
        told = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
        raise SocketRefusedError(answer.status_code, told, bytes(answer.body or b""))
    raise _failed(FailureKind.PROTOCOL, f"{type(refused).__name__} in its handshake", sent=True)


async def _connect(line: UpstreamSocket, address: SocketAddress, within_s: float) -> None:
    try:
        async with asyncio.timeout(within_s):
            await connect(
                lambda: line,
                address.host,
                address.port,
                ssl=address.ssl,
                guarded=address.guarded,
            )
    except TimeoutError as error:
        detail = "no connection in time"
        raise _failed(FailureKind.CONNECT_TIMEOUT, detail) from error
    except (OSError, ValueError) as error:  # TLS failures are OSErrors too
        raise _failed(FailureKind.REFUSED, f"{type(error).__name__}: {error}") from error


async def _answered(line: UpstreamSocket, within_s: float) -> None:
    try:
        async with asyncio.timeout(within_s):
            await line.answered
    except TimeoutError as error:
        detail = "no answer to the handshake in time"
        raise _failed(FailureKind.FIRST_BYTE_TIMEOUT, detail, sent=True) from error
    except ConnectionResetError as error:
        raise _failed(FailureKind.RESET, str(error), sent=True) from error


def _failed(kind: FailureKind, detail: str, *, sent: bool = False) -> SocketFailedError:
    return SocketFailedError(
        UpstreamFailure(kind, before_first_byte=True, request_sent=sent, detail=detail)
    )
