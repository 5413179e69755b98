"""The listener towards clients."""

import asyncio
import json
from collections.abc import Callable
from ssl import SSLContext

from mainspring.gateway.http.connection import ServerConnection
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.exchange import Exchange, Handler
from mainspring.gateway.http.limits import ServerLimits
from mainspring.gateway.http.listener import Listener, Refuse

_BACKLOG = 4096


def plain_refusal(status: int, code: str, text: str) -> bytes:
    """Make a JSON body from a refusal, where nothing better was injected."""
    return json.dumps({"error": {"code": code, "message": text, "status": status}}).encode()


def _report(exchange: Exchange, error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": f"handling {exchange.method} {exchange.path} failed", "exception": error}
    )


class HttpServer:
    """Serves HTTP/1.1 on one address; answers malformed requests itself.

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
        self._server: asyncio.Server | None = None
        self._listener: Listener | None = None
        self._port = 0

    async def start(
        self,
        handler: Handler,
        host: str,
        port: int,
        limits: ServerLimits | None = None,
        *,
        reuse_port: bool = False,
        ssl: SSLContext | None = None,
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
        self._server = await listener.loop.create_server(
            lambda: ServerConnection(listener),
            host,
            port,
            backlog=_BACKLOG,
            reuse_port=reuse_port or None,
            ssl=ssl,
            ssl_handshake_timeout=limits.header_timeout_s if ssl else None,
        )
        self._listener = listener
        self._port = self._server.sockets[0].getsockname()[1]

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

    async def drain(self, deadline_s: float) -> None:
        """Stop: accept nothing more, close idle connections, let running answers end.

        What runs after ``deadline_s`` is cut off, its handler's task cancelled; the same happens at
        once when this is itself cancelled. Returns when every connection is closed and every task
        has ended.
        """
        listener = self._listener
        if listener is None or self._server is None:
            return
        listener.draining = True
        self._server.close()
        for connection in list(listener.connections):
            connection.close_if_idle()
        try:
            async with asyncio.timeout(deadline_s):
                if listener.connections:
                    await listener.emptied.wait()
                while listener.tasks:
                    await asyncio.wait(list(listener.tasks))
        except TimeoutError:
            pass
        finally:
            for connection in list(listener.connections):
                connection.cut_off()
            for task in listener.tasks:
                task.cancel()
        if listener.tasks:
            await asyncio.wait(list(listener.tasks))
        if listener.connections:
            await listener.emptied.wait()
