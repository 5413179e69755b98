"""An exchange that can be told about: how it ended, and how much went each way."""

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from mainspring.gateway.http.chunks import FRAMING, body_of
from mainspring.gateway.http.exchange import Exchange, Handler, Tunnel

if TYPE_CHECKING:
    from mainspring.gateway.watch.notes import Captured, Told


class WatchedExchange(Exchange):
    """An exchange that reports its end once, after :meth:`watch` was called.

    ``status`` is 0 until an answer has begun, ``bytes_out`` counts the body as the client gets it
    before its framing. ``told`` is what the pipeline knows of the request; where it says nothing,
    ``request_id`` is what the answer's header named. ``pieces`` holds the body where it is captured
    (see :meth:`capture`), by reference: nothing is copied.
    """

    __slots__ = (
        "_on_finished",
        "_room",
        "bytes_out",
        "captured",
        "cut",
        "pieces",
        "request_id",
        "status",
        "told",
    )

    _on_finished: "Callable[[WatchedExchange], None] | None"

    def watch(self, on_finished: "Callable[[WatchedExchange], None]") -> None:
        """Begin; ``on_finished`` hears of the end once and must not raise."""
        self._on_finished = on_finished
        self.status = 0
        self.bytes_out = 0
        self.told: Told | None = None
        self.request_id: str | None = None
        self.captured: Captured | None = None
        self.pieces: list[bytes] | None = None
        self.cut = False
        self._room = 0

    @property
    def is_watched(self) -> bool:
        """Tell whether somebody will hear of the end: one that stands for another may not know."""
        return True

    def capture(self, captured: "Captured", limit: int) -> None:
        """Keep ``captured`` and the body of the answer, up to ``limit`` bytes of it (0: none)."""
        self.captured = captured
        if limit:
            self.pieces = []
            self._room = limit

    def respond(
        self,
        status: int,
        body: bytes,
        headers: Sequence[tuple[bytes, bytes]] = (),
        content_type: bytes = b"application/json",
    ) -> None:
        """Send a whole answer."""
        if not self.started:
            self.status = status
            self._hear(body)
            if self.told is None and headers and headers[0][0] == b"x-request-id":
                self.request_id = headers[0][1].decode()
        super().respond(status, body, headers, content_type)
        self._finish()

    def start(
        self, status: int, headers: Sequence[tuple[bytes, bytes]], content_length: int | None
    ) -> None:
        """Begin an answer."""
        if not self.started:
            self.status = status
        super().start(status, headers, content_length)

    def switch(self, headers: Sequence[tuple[bytes, bytes]], tunnel: Tunnel) -> None:
        """Begin to speak another protocol."""
        if not self.started:
            self.status = 101
        super().switch(headers, tunnel)

    def write(self, data: bytes) -> None:
        """Send a piece of the body."""
        if not self.ended:
            self._hear(data)
        super().write(data)

    def write_chunk(self, chunk: bytes) -> None:
        """Send a piece of the body that comes framed."""
        if self.pieces is not None:
            self.write(body_of(chunk))
            return
        if not self.ended:
            size = len(chunk)
            self.bytes_out += size - FRAMING[size]
        super().write_chunk(chunk)

    def end(self, data: bytes = b"") -> None:
        """Complete the answer."""
        if data and not self.ended:
            self._hear(data)
        super().end(data)
        self._finish()

    def abort(self) -> None:
        """Close the connection."""
        super().abort()
        self._finish()

    def client_gone(self) -> None:
        """Note that nobody waits any more."""
        super().client_gone()
        self._finish()

    def _hear(self, data: bytes) -> None:
        self.bytes_out += len(data)
        pieces = self.pieces
        if pieces is not None and not self.cut:
            if len(data) <= self._room:
                self._room -= len(data)
                pieces.append(data)
            else:
                pieces.append(data[: self._room])
                self.cut = True

    def _finish(self) -> None:
        told = self._on_finished
        if told is not None:
            self._on_finished = None
            told(self)


def with_watch(take: Callable[[WatchedExchange], None], handle: Handler) -> Handler:
    """Return ``handle`` with ``take`` hearing of the end of everything that it answers."""

    def watched(exchange: Exchange) -> Coroutine[Any, Any, bool | None] | None:
        if isinstance(exchange, WatchedExchange):
            exchange.watch(take)
        return handle(exchange)

    return watched
