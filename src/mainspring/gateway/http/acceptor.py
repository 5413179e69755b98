"""Accepting connections that need something before HTTP: TLS, a PROXY header.

Also for sockets that several processes share a port by: closing one resets whoever is in its
queue, so the queue is emptied in the very callback that closes it.
"""

import asyncio
import errno
import logging
import socket
import ssl
from collections.abc import Callable

from mainspring.gateway.http.connection import ServerConnection
from mainspring.gateway.http.limits import ServerLimits
from mainspring.gateway.http.networks import UNIX, Networks
from mainspring.gateway.http.proxy_header import ProxyHeaderError, read_proxy_header
from mainspring.kernel.tasks import TaskOwner

_log = logging.getLogger(__name__)

_BURST = 64
"""Connections accepted before the loop gets to serve others again."""
_PAUSE_S = 0.5
"""How long accepting rests when the process has no descriptors left."""
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

TlsSource = Callable[[], ssl.SSLContext]
"""Returns the context of new connections; those that stand keep theirs."""


class Acceptor:
    """Accepts on one listening socket, from :meth:`start` to :meth:`stop`."""

    def __init__(
        self,
        listening: socket.socket,
        serve: Callable[[str], ServerConnection],
        limits: ServerLimits,
        *,
        tls: TlsSource | None,
        proxy_header_from: Networks,
    ) -> None:
        self._socket = listening
        self._serve = serve
        self._limits = limits
        self._tls = tls
        self._proxy_header_from = proxy_header_from
        self._loop = asyncio.get_running_loop()
        self._tasks = TaskOwner(_report)
        self._resting: asyncio.TimerHandle | None = None
        self._accepting = False

    def start(self) -> None:
        """Begin to accept."""
        self._resting = None
        self._accepting = True
        self._loop.add_reader(self._socket, self._accept, _BURST)

    def stop(self) -> None:
        """Take whoever waits in the queue, then close the socket."""
        if self._resting is not None:
            self._resting.cancel()
        if self._accepting:
            self._accepting = False
            self._loop.remove_reader(self._socket)
            self._accept(self._limits.max_connections)
        self._socket.close()

    async def settled(self) -> None:
        """Wait until every connection that was accepted has come to HTTP, or has failed to."""
        await self._tasks.settled()

    async def close(self) -> None:
        """Give up every connection that has not come to HTTP yet."""
        await self._tasks.close()

    def _accept(self, most: int) -> None:
        for _ in range(most):
            try:
                connection, address = self._socket.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionAbortedError:
                continue
            except OSError as error:
                if error.errno not in _EXHAUSTED:
                    raise
                _log.error("no connection can be accepted: %s", error)
                if self._accepting:
                    self._loop.remove_reader(self._socket)
                    self._resting = self._loop.call_later(_PAUSE_S, self.start)
                return
            if len(self._tasks) >= self._limits.max_connections:
                connection.close()
                continue
            connection.setblocking(False)
            peer = UNIX
            if connection.family != socket.AF_UNIX:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                peer = str(address[0])
            self._tasks.start(self._admit(connection, peer), name="connection before HTTP")

    async def _admit(self, connection: socket.socket, peer: str) -> None:
        """Bring one connection to HTTP; one that does not get there is closed without a word."""
        handed_over = False
        try:
            if peer in self._proxy_header_from:
                async with asyncio.timeout(self._limits.header_timeout_s):
                    peer = await read_proxy_header(connection) or peer
            tls = self._tls() if self._tls is not None else None
            handed_over = True
            await self._loop.connect_accepted_socket(
                lambda: self._serve(peer),
                connection,
                ssl=tls,
                ssl_handshake_timeout=self._limits.header_timeout_s if tls else None,
            )
        except (ProxyHeaderError, TimeoutError, OSError) as error:
            # Port scanners and plain-text clients do this all day: not worth more than a word.
            _log.debug("a connection from %s did not come to HTTP: %s", peer, error)
        finally:
            if not handed_over:
                connection.close()


def _report(name: str, error: BaseException) -> None:
    _log.error("%s failed", name, exc_info=error)
