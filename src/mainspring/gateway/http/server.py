"""The listener towards clients."""

import asyncio
import json
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mainspring.gateway.http.acceptor import Acceptor, TlsSource
from mainspring.gateway.http.connection import ServerConnection
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.exchange import Exchange, Handler
from mainspring.gateway.http.forwarded import ForwardedConnection
from mainspring.gateway.http.limits import ServerLimits
from mainspring.gateway.http.listener import Listener, Refuse
from mainspring.gateway.http.networks import NOBODY, Networks
from mainspring.gateway.http.sockets import BACKLOG, bound_sockets, unix_socket, unlink_socket


@dataclass(frozen=True, slots=True)
class Entrance:
    """How clients come in, besides host and port.

    ``tls`` returns the TLS context of a new connection. ``unix_path`` is a Unix socket that is
    listened on as well, without TLS, with the permissions ``unix_mode``. Peers in
    ``proxy_header_from`` must begin with a PROXY header, and no others may; what peers in
    ``forwarded_by`` say in ``X-Forwarded-For`` is believed. ``reuse_port`` shares the port with
    other processes.
    """

    tls: TlsSource | None = None
    unix_path: Path | None = None
    unix_mode: int = 0o600
    proxy_header_from: Networks = NOBODY
    forwarded_by: Networks = NOBODY
    reuse_port: bool = False


_log = logging.getLogger(__name__)

_ORDINARY = Entrance()
_LETS_GO_S = 5.0
"""How long what was cut off may take to clean up; nothing may hold up the end for ever."""


def plain_refusal(status: int, code: str, text: str) -> bytes:
    """Make a JSON body from a refusal, where nothing better was injected."""
    return json.dumps({"error": {"code": code, "message": text, "status": status}}).encode()


def _report(exchange: Exchange, error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": f"handling {exchange.method} {exchange.path} failed", "exception": error}
    )


class HttpServer:
    """Serves HTTP/1.1 on one address (and a Unix socket); answers malformed requests itself.

    ``on_error`` hears of everything a handler raises (the client gets 500); it must not raise.
    Without it the event loop's exception handler is told. ``sweeper`` may be shared with other
    servers and pools of the same loop. ``exchange`` is what requests become.
    """

    def __init__(
        self,
        *,
        refuse: Refuse = plain_refusal,
        on_error: Callable[[Exchange, BaseException], None] = _report,
        sweeper: Sweeper | None = None,
        exchange: type[Exchange] = Exchange,
    ) -> None:
        self._exchange = exchange
        self._refuse = refuse
        self._on_error = on_error
        self._sweeper = sweeper or Sweeper()
        self._servers: list[asyncio.Server] = []
        self._acceptors: list[Acceptor] = []
        self._listener: Listener | None = None
        self._port = 0
        self._unlink: Callable[[], None] | None = None

    async def start(
        self,
        handler: Handler,
        host: str,
        port: int,
        limits: ServerLimits | None = None,
        entrance: Entrance = _ORDINARY,
    ) -> None:
        """Listen; port 0 takes a free one, see :attr:`port`.

        Raises:
            OSError: if the address cannot be had.
            RuntimeError: if the server was started before.
        """
        if self._listener is not None:
            raise RuntimeError("this server was started before")
        limits = limits or ServerLimits()
        listener = Listener(
            handler,
            limits,
            self._refuse,
            self._on_error,
            self._sweeper,
            exchange=self._exchange,
        )
        sockets = await bound_sockets(host, port, reuse_port=entrance.reuse_port)
        self._listener = listener
        self._port = sockets[0].getsockname()[1]
        path = entrance.unix_path
        if path is not None:
            try:
                added = unix_socket(path, entrance.unix_mode)
            except OSError:
                for each in sockets:
                    each.close()
                raise
            self._unlink = lambda: unlink_socket(path, added[1])
            sockets.append(added[0])
        for each in sockets:
            await self._listen(listener, each, entrance)

    async def _listen(self, listener: Listener, on: socket.socket, entrance: Entrance) -> None:
        trusted = entrance.forwarded_by

        def connection(peer: str | None = None) -> ServerConnection:
            if trusted:
                return ForwardedConnection(listener, trusted, peer)
            return ServerConnection(listener, peer)

        tls = entrance.tls if on.family != socket.AF_UNIX else None
        if tls is None and not entrance.proxy_header_from and not entrance.reuse_port:
            make = connection if trusted else lambda: ServerConnection(listener)
            self._servers.append(await listener.loop.create_server(make, sock=on, backlog=BACKLOG))
            return
        acceptor = Acceptor(
            on,
            connection,
            listener.limits,
            tls=tls,
            proxy_header_from=entrance.proxy_header_from,
        )
        acceptor.start()
        self._acceptors.append(acceptor)

    @property
    def port(self) -> int:
        """The port that is listened on; 0 before :meth:`start`."""
        return self._port

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._listener.connections) if self._listener is not None else 0

    @property
    def running(self) -> int:
        """How many handler tasks are running."""
        return len(self._listener.tasks) if self._listener is not None else 0

    @property
    def buffered(self) -> int:
        """How many bytes of incomplete bodies are held."""
        return self._listener.buffered if self._listener is not None else 0

    def announce_end(self) -> None:
        """Go on serving, but end every connection with its next answer: clients come anew,
        elsewhere, before :meth:`drain` closes what is idle then."""
        if self._listener is not None:
            self._listener.draining = True

    def become(self, exchange: type[Exchange], handler: Handler) -> None:
        """Make ``exchange`` of the requests that come from now on, answered by ``handler``."""
        self._exchange = exchange
        if self._listener is not None:
            self._listener.exchange = exchange
            self._listener.handler = handler

    async def drain(self, deadline_s: float) -> None:
        """Stop: accept nothing more, close idle connections, let running answers end.

        What runs after ``deadline_s`` is cut off, its handler's task cancelled; the same happens at
        once when this is itself cancelled. Returns when every connection is closed and every task
        has ended. What does not end although it was cut off is logged after a few seconds, and
        waited for no more.
        """
        listener = self._listener
        if listener is None:
            return
        connected = list(listener.connections)
        self._shut(listener)
        try:
            # Two turns of the loop read what has come already: an idle connection on which a
            # request waits unread would be reset by its closing, and the request lost.
            for _ in range(2):
                await asyncio.sleep(0)
            for connection in connected:
                connection.close_if_idle()
            async with asyncio.timeout(deadline_s):
                await self._emptied(listener)
        except TimeoutError:
            pass
        finally:
            try:
                for acceptor in self._acceptors:
                    await acceptor.close()
            finally:
                await self._cut_off(listener)
        try:
            async with asyncio.timeout(_LETS_GO_S):
                await self._emptied(listener)
        except TimeoutError:
            _log.error(
                "%d connections and %d handlers do not end: %s",
                len(listener.connections),
                len(listener.tasks),
                ", ".join(sorted(str(task.get_coro()) for task in listener.tasks)),
            )

    async def _cut_off(self, listener: Listener) -> None:
        for connection in list(listener.connections):
            connection.cut_off()
        try:
            # A task that is cancelled before it began would run none of its clean-up.
            await asyncio.sleep(0)
        finally:
            for task in listener.tasks:
                task.cancel()

    def _shut(self, listener: Listener) -> None:
        listener.draining = True
        for server in self._servers:
            server.close()
        for acceptor in self._acceptors:
            acceptor.stop()
        if self._unlink is not None:
            self._unlink()
            self._unlink = None

    async def _emptied(self, listener: Listener) -> None:
        """Wait until nobody is connected, about to be, or being served."""
        for acceptor in self._acceptors:
            await acceptor.settled()
        if listener.connections:
            await listener.emptied.wait()
        while listener.tasks:
            await asyncio.wait(list(listener.tasks))
