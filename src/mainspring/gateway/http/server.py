"""The listener towards clients."""

from collections.abc import Callable
from ssl import SSLContext

from mainspring.gateway.http.exchange import Exchange, Handler
from mainspring.gateway.http.limits import ServerLimits

Refuse = Callable[[int, str, str], bytes]
"""Makes the JSON body of an answer to a request that never reached the handler, from its status,
a stable code and a text."""


class HttpServer:
    """Serves HTTP/1.1 on one address; answers malformed requests itself.

    ``on_error`` hears of everything a handler raises (the client gets 500); it must not raise.
    """

    def __init__(
        self,
        *,
        refuse: Refuse | None = None,
        on_error: Callable[[Exchange, BaseException], None] | None = None,
    ) -> None:
        raise NotImplementedError

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
        """
        raise NotImplementedError

    @property
    def port(self) -> int:
        """The port that is listened on."""
        raise NotImplementedError

    async def drain(self, deadline_s: float) -> None:
        """Stop: accept nothing more, close idle connections, let running answers end.

        What runs after ``deadline_s`` is cut off, its handler's task cancelled. Returns when
        every connection is closed and every task has ended.
        """
        raise NotImplementedError
