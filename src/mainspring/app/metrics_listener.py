"""Health and metrics of a process that serves nothing else: the worker, the supervisor."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import ServerLimits
from mainspring.gateway.http.server import HttpServer
from mainspring.gateway.pipeline.dispatch import Answer, Dispatcher
from mainspring.wire.exposition import CONTENT_TYPE

_NO_STORE = ((b"cache-control", b"no-store"),)
_LIMITS = ServerLimits(max_body_bytes=0, max_connections=32)


class MetricsListener:
    """Answers ``/healthz`` and ``/metrics`` to whoever reaches its address.

    ``expose`` makes the page, ``documents`` are JSON at further paths. The page tells nothing of
    what callers said, but does name organisations, models and machines: the address is loopback
    unless somebody chose another.
    """

    def __init__(
        self,
        expose: Callable[[], Awaitable[bytes]],
        documents: Mapping[str, Callable[[], bytes]] | None = None,
    ) -> None:
        self._expose = expose
        self._documents = documents or {}
        self._server = HttpServer()

    @property
    def port(self) -> int:
        """Return the port that is listened on."""
        return self._server.port

    async def start(self, host: str, port: int) -> None:
        """Listen.

        Raises:
            OSError: if the address cannot be had.
        """
        routes: dict[str, dict[str, Answer]] = {
            "/healthz": {"GET": self._alive},
            "/metrics": {"GET": self._metrics},
        }
        for path, document in self._documents.items():
            routes[path] = {"GET": partial(_answer, document)}
        await self._server.start(Dispatcher(routes, {}).handle, host, port, _LIMITS)

    async def stop(self) -> None:
        """Listen no more."""
        await self._server.drain(0.0)

    def _alive(self, exchange: Exchange) -> None:
        exchange.respond(200, b'{"status":"alive"}', _NO_STORE)

    async def _metrics(self, exchange: Exchange) -> None:
        exchange.respond(200, await self._expose(), _NO_STORE, CONTENT_TYPE.encode())


def _answer(document: Callable[[], bytes], exchange: Exchange) -> None:
    exchange.respond(200, document(), _NO_STORE)
