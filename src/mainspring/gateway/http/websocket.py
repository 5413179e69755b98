"""WebSockets (RFC 6455): one connection's frames, signs of life, deadlines and closing handshake.

Frames, masks and the closing handshake are the ``websockets`` library's, without any I/O of its
own; bytes, backpressure and time are ours. Both sides of a relay use the same class: towards a
client over its exchange, towards an upstream over a connection of its own. Extensions are not
offered, compression above all: its memory per connection cannot be bounded.
"""

import logging
from collections.abc import Mapping, Sequence
from math import inf
from typing import Final, Protocol

from websockets.datastructures import Headers
from websockets.exceptions import InvalidHandshake
from websockets.frames import Close, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import Protocol as Frames, Side, State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import SocketLimits

NORMAL: Final = 1000
GOING_AWAY: Final = 1001
UNSUPPORTED_DATA: Final = 1003
NO_STATUS: Final = 1005
ABNORMAL: Final = 1006
INVALID_DATA: Final = 1007
POLICY_VIOLATION: Final = 1008
INTERNAL_ERROR: Final = 1011
TRY_AGAIN_LATER: Final = 1013

_MAX_REASON_BYTES: Final = 123
_HANDSHAKE: Final = ("connection", "upgrade", "sec-websocket-key", "sec-websocket-version")

quiet = logging.getLogger("mainspring.gateway.websocket")
"""What the library logs to. It logs heads and frames when debugging: keys and prompts."""
quiet.setLevel(logging.WARNING)


class HandshakeError(Exception):
    """An offer of a WebSocket that breaks RFC 6455; the text may be told to the client."""


class Wire(Protocol):
    """What carries the bytes of a WebSocket."""

    def write(self, data: bytes) -> None:
        """Send bytes."""
        ...

    def end(self) -> None:
        """Close once everything is sent."""
        ...

    def abort(self) -> None:
        """Close at once."""
        ...

    def hold_input(self, *, hold: bool) -> None:
        """Stop or go on to read."""
        ...


class SocketHandler(Protocol):
    """Hears what comes over a WebSocket, from inside the read callback: it must not block."""

    @property
    def busy(self) -> bool:
        """Tell whether work is under way, so that silence is not idleness."""
        ...

    def on_open(self, socket: "WebSocket") -> None:
        """Learn, before anything else, what to send by."""
        ...

    def on_message(self, data: bytes, *, text: bool) -> None:
        """Take a whole message; a ``text`` is valid UTF-8."""
        ...

    def on_behind(self, *, behind: bool) -> None:
        """Learn that the peer takes less than it is sent, or has caught up."""
        ...

    def on_drain(self) -> None:
        """Learn that the server is about to stop."""
        ...

    def on_closed(self, code: int, reason: str) -> None:
        """Learn, once, that nothing more comes; 1006 where the peer did not say goodbye."""
        ...


class SocketHost:
    """What all WebSockets of a gateway share."""

    __slots__ = ("buffered", "limits", "open", "sweeper")

    def __init__(self, limits: SocketLimits, sweeper: Sweeper) -> None:
        self.limits = limits
        self.sweeper = sweeper
        self.buffered = 0
        """Bytes of incomplete messages."""
        self.open = 0
        """WebSockets with clients."""


class WebSocket:
    """One WebSocket after its handshake. What it hears goes to its handler."""

    __slots__ = (
        "_close_at",
        "_frames",
        "_gone",
        "_handler",
        "_heard_at",
        "_held",
        "_host",
        "_message_at",
        "_parts",
        "_pending",
        "_pinged",
        "_pings_behind",
        "_text",
        "_wire",
        "behind",
        "due",
    )

    def __init__(
        self, host: SocketHost, frames: Frames, wire: Wire, handler: SocketHandler
    ) -> None:
        self._host = host
        self._frames = frames
        self._wire = wire
        self._handler = handler
        self._parts: list[bytes] = []
        self._text = True
        self._pending = 0
        self._pings_behind = 0
        self._pinged = False
        self._held = False
        self._gone = False
        self._close_at = inf
        self.behind = False
        """The peer takes less than it is sent."""
        self.due = inf
        host.open += frames.side is Side.SERVER
        self._heard_at = self._message_at = host.sweeper.wake()
        self._watch()

    @property
    def open(self) -> bool:
        """Tell whether messages can be sent."""
        return not self._gone and self._frames.state is State.OPEN

    # What the handler asks for

    def send(self, data: bytes, *, text: bool = True) -> None:
        """Send a message; after the end of the connection it goes nowhere."""
        if not self.open:
            return
        self._message_at = self._host.sweeper.wake()
        if text:
            self._frames.send_text(data)
        else:
            self._frames.send_binary(data)
        self._flush()

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye; the peer has a bounded time to do the same."""
        if not self.open:
            return
        if code in (NO_STATUS, ABNORMAL):
            self._frames.send_close()
        else:
            self._frames.send_close(code, _short(reason))
        self._await_close()
        self._flush()

    def fail(self, code: int, reason: str) -> None:
        """Say why, and close without waiting for the peer."""
        if not self._gone:
            self._frames.fail(code, _short(reason))
            self._await_close()
            self._flush()

    def hold(self, *, hold: bool) -> None:
        """Stop or go on to read; silence is then not the peer's fault."""
        if not self._gone and hold != self._held:
            self._held = hold
            self._heard_at = self._host.sweeper.wake()
            self._wire.hold_input(hold=hold)

    # What the wire reports

    def receive(self, data: bytes) -> None:
        """Take what came."""
        if self._gone or self._frames.reader.eof:
            return
        host = self._host
        self._heard_at = host.sweeper.wake()
        self._pinged = False
        self._frames.receive_data(data)
        self._count(self._pending + len(data))
        if host.buffered > host.limits.max_buffered_bytes:
            self.fail(TRY_AGAIN_LATER, "too many messages are under way at this moment")
        self.deliver()

    def deliver(self) -> None:
        """Hand what was received to the handler."""
        for frame in self._frames.events_received():
            if self._gone:
                return
            if isinstance(frame, Frame):
                self._take(frame)
        self._flush()

    def drain(self) -> None:
        """Pass on that the server is about to stop."""
        if not self._gone:
            self._handler.on_drain()

    def fall_behind(self) -> None:
        """Take note that what is sent is not taken."""
        self._set_behind(behind=True)

    def catch_up(self) -> None:
        """Take note that what was sent was taken."""
        self._pings_behind = 0
        self._set_behind(behind=False)

    def lost(self) -> None:
        """Take note that the connection is gone."""
        self._end()

    # The sweeper's side

    def on_due(self, now: float) -> float:
        """Ask a silent peer for a sign of life; close what is dead, idle, or will not close."""
        limits = self._host.limits
        if self._gone:
            return inf
        if now >= self._close_at:
            self._abort()
        elif self._close_at == inf:
            if self._held:
                self._heard_at = now
            silent = now - self._heard_at
            if silent >= limits.ping_s + limits.pong_s:
                self._abort()
            elif not self._handler.busy and now - self._message_at >= limits.idle_s:
                self.close(NORMAL, "nothing was said for too long")
            elif silent >= limits.ping_s and not self._pinged:
                self._pinged = True
                self._frames.send_ping(b"")
                self._flush()
        return self._next_look()

    # Within

    def _watch(self) -> None:
        at = self._next_look()
        if at < self.due:
            self._host.sweeper.watch(self, at)

    def _next_look(self) -> float:
        if self._gone:
            return inf
        if self._close_at != inf:
            return self._close_at
        limits = self._host.limits
        look = self._heard_at + limits.ping_s + (limits.pong_s if self._pinged else 0.0)
        if self._handler.busy:
            return look
        return min(look, self._message_at + limits.idle_s)

    def _take(self, frame: Frame) -> None:
        opcode = frame.opcode
        if opcode is Opcode.PING:
            self._pings_behind += self.behind
            if self._pings_behind > self._host.limits.max_pings_behind:
                self.fail(POLICY_VIOLATION, "too many pings")
        elif opcode is Opcode.CLOSE:
            if self._frames.side is Side.CLIENT:
                # The farewell is answered; there is nothing to wait for.
                self._flush()
                self._wire.end()
                self._end()
        elif opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            if opcode is not Opcode.CONT:
                self._text = opcode is Opcode.TEXT
            self._parts.append(bytes(frame.data))
            if frame.fin:
                self._complete()

    def _complete(self) -> None:
        parts = self._parts
        data = parts[0] if len(parts) == 1 else b"".join(parts)
        parts.clear()
        self._count(0)
        self._message_at = self._heard_at
        if self._text:
            try:
                data.decode()
            except UnicodeDecodeError:
                self.fail(INVALID_DATA, "a text is not UTF-8")
                return
        # What a peer says before its farewell counts, even where both came together.
        if self._frames.close_sent is None or self._frames.close_rcvd_then_sent:
            self._handler.on_message(data, text=self._text)

    def _count(self, pending: int) -> None:
        """Take note of how much of a message is there that is not complete."""
        self._host.buffered += pending - self._pending
        self._pending = pending

    def _set_behind(self, *, behind: bool) -> None:
        if behind != self.behind and not self._gone:
            self.behind = behind
            self._handler.on_behind(behind=behind)

    def _await_close(self) -> None:
        self._close_at = self._host.sweeper.wake() + self._host.limits.close_s
        # Whoever waits for a farewell has to read on.
        if self._held:
            self._held = False
            self._wire.hold_input(hold=False)
        self._watch()

    def _flush(self) -> None:
        """Send what the library has written; an empty piece stands for the end."""
        pieces = self._frames.data_to_send()
        if not pieces or self._gone:
            return
        data = b"".join(pieces)
        if data:
            self._wire.write(data)
        if pieces[-1] == b"":
            self._wire.end()
            self._end()
        elif self._frames.state is State.CLOSING and self._close_at == inf:
            self._await_close()

    def _abort(self) -> None:
        wire = self._wire
        self._end()
        wire.abort()

    def _end(self) -> None:
        """Forget the connection and tell the handler, once."""
        if self._gone:
            return
        self._gone = True
        self._host.open -= self._frames.side is Side.SERVER
        self._host.sweeper.forget(self)
        self._count(0)
        self._parts.clear()
        frames = self._frames
        said = frames.close_rcvd
        if said is None and frames.parser_exc is not None:
            said = frames.close_sent
        if said is None:
            said = Close(ABNORMAL, "")
        self._handler.on_closed(int(said.code), said.reason)


def subprotocols_offered(headers: Mapping[bytes, bytes]) -> list[str]:
    """Return what a client lists in ``Sec-WebSocket-Protocol``, in its order."""
    listed = headers.get(b"sec-websocket-protocol", b"").decode("latin-1")
    return [name for part in listed.split(",") if (name := part.strip())]


class Offer:
    """A client's well-formed offer of a WebSocket, to be taken by :meth:`accept`."""

    def __init__(self, exchange: Exchange, host: SocketHost, spoken: Sequence[str]) -> None:
        """Check the offer; of its subprotocols the first of ``spoken`` is taken, if any.

        Raises:
            HandshakeError: if it is not an offer as RFC 6455 has it.
        """

        def choose(_frames: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
            return next((Subprotocol(name) for name in spoken if name in offered), None)

        self.exchange = exchange
        self._host = host
        self._frames = ServerProtocol(
            select_subprotocol=choose,
            state=State.OPEN,  # the handshake's bytes are read and written here
            max_size=host.limits.max_message_bytes,
            logger=quiet,
        )
        headers = Headers()
        for name in (*_HANDSHAKE, "sec-websocket-protocol"):
            value = exchange.headers.get(name.encode())
            if value is not None:
                headers[name] = value.decode("latin-1")
        try:
            accept, _, chosen = self._frames.process_request(Request(exchange.path, headers))
        except InvalidHandshake as error:
            raise HandshakeError(f"no WebSocket can be opened: {error}") from error
        self._answer = [
            (b"upgrade", b"websocket"),
            (b"connection", b"Upgrade"),
            (b"sec-websocket-accept", accept.encode()),
        ]
        if chosen is not None:
            self._answer.append((b"sec-websocket-protocol", chosen.encode()))

    def accept(self, handler: SocketHandler, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        """Answer 101 with ``headers``; from now on ``handler`` hears the client."""
        exchange = self.exchange
        socket = WebSocket(self._host, self._frames, exchange, handler)
        exchange.on_disconnect = socket.lost
        exchange.bind_source(socket.fall_behind, socket.catch_up)
        handler.on_open(socket)
        exchange.switch([*self._answer, *headers], socket)


def _short(reason: str) -> str:
    """Return as much of ``reason`` as a close frame may hold."""
    return reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore")
