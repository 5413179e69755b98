"""What all connections of one server share: its limits, its handler, and who is connected."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.exchange import Exchange, Handler
from mainspring.gateway.http.framing import StatusLines
from mainspring.gateway.http.known_heads import KnownHeads
from mainspring.gateway.http.limits import ServerLimits

Refuse = Callable[[int, str, str], bytes]
"""Makes the JSON body of an answer to a request that never reached the handler, from its status,
a stable code and a text."""


RequestHead = tuple[str, str, bytes, dict[bytes, bytes]]
"""Method, path, query and headers (but for Content-Length) of a plain HTTP/1.1 request."""

_KNOWN_HEADS = 1024


class Client(Protocol):
    """A connection, as the server that stops sees it."""

    def close_if_idle(self) -> None:
        """Close unless a request is being received or answered."""
        ...

    def cut_off(self) -> None:
        """Close at once and tell the handler of a running request that its client is gone."""
        ...


class Listener:
    """What all connections of one server share."""

    __slots__ = (
        "buffered",
        "connections",
        "draining",
        "emptied",
        "exchange",
        "handler",
        "heads",
        "limits",
        "lines",
        "loop",
        "on_error",
        "refuse",
        "sweeper",
        "tasks",
    )

    def __init__(
        self,
        handler: Handler,
        limits: ServerLimits,
        refuse: Refuse,
        on_error: Callable[[Exchange, BaseException], None],
        sweeper: Sweeper,
        *,
        exchange: type[Exchange] = Exchange,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.handler = handler
        self.exchange = exchange
        """What requests become; a subclass may watch how they are answered."""
        self.limits = limits
        self.refuse = refuse
        self.on_error = on_error
        self.sweeper = sweeper
        self.lines = StatusLines()
        self.heads = KnownHeads[RequestHead](_KNOWN_HEADS)
        self.connections: set[Client] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.buffered = 0
        """Bytes of incomplete bodies, over all connections."""
        self.draining = False
        self.emptied = asyncio.Event()

    def failed(self, exchange: Exchange, error: BaseException) -> None:
        """Answer 500 if that is still possible, cut the answer off if not, and report ``error``."""
        if not exchange.started:
            text = "The request could not be handled."
            exchange.respond(500, self.refuse(500, "internal_error", text))
        else:
            exchange.abort()
        self.on_error(exchange, error)
