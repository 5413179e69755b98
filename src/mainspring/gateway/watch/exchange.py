"""An exchange that can be told about: how it ended, and how much went each way."""

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from mainspring.gateway.http.chunks import FRAMING, body_of
from mainspring.gateway.http.exchange import Exchange, Handler, Tunnel

if TYPE_CHECKING:
    from mainspring.gateway.watch.notes import Captured, Told


class Capturing:
    """What is kept of a call, and of its answer as that passes: pieces by reference, no copies."""

    __slots__ = ("_about", "_cut", "_pieces", "_room")

    def __init__(self, about: "Captured", limit: int) -> None:
        """Keep ``about``, and up to ``limit`` bytes of the answer's body (0: none)."""
        self._about = about
        self._pieces: list[bytes] | None = [] if limit else None
        self._room = limit
        self._cut = False

    def hear(self, data: bytes) -> None:
        """Keep a piece of the answer, as far as there is room."""
        pieces = self._pieces
        if pieces is None or self._cut:
            return
        if len(data) <= self._room:
            self._room -= len(data)
            pieces.append(data)
        else:
            pieces.append(data[: self._room])
            self._cut = True

    def taken(self) -> "Captured":
        """Return all that was kept."""
        pieces = self._pieces
        if pieces is None:
            return self._about
        answer = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return msgspec.structs.replace(self._about, answer=answer, cut=self._cut)


class WatchedExchange(Exchange):
    """An exchange that reports its end once, after :meth:`watch` was called.

    ``status`` is 0 until an answer has begun, ``bytes_out`` counts the body as the client gets it
    before its framing. ``told`` is what the pipeline knows of the request; where it says nothing,
    ``request_id`` is what the answer's header named. ``capturing`` is what is kept of the contents,
    if anything.

    Every request and every piece of every stream may come through here: the base is called by its
    name, which takes a third of the time that ``super()`` does.
    """

    __slots__ = ("_on_finished", "bytes_out", "capturing", "request_id", "status", "told")

    _on_finished: "Callable[[WatchedExchange], None] | None"

    def watch(self, on_finished: "Callable[[WatchedExchange], None]") -> None:
        """Begin; ``on_finished`` hears of the end once and must not raise."""
        self._on_finished = on_finished
        self.status = 0
        self.bytes_out = 0
        self.told: Told | None = None
        self.request_id: str | None = None
        self.capturing: Capturing | None = None

    @property
    def is_watched(self) -> bool:
        """Tell whether somebody will hear of the end: one that stands for another may not know."""
        return True

    def capture(self, captured: "Captured | None", limit: int) -> None:
        """Keep ``captured`` and the body of the answer, up to ``limit`` bytes of it (0: none).

        It takes the place of what was to be kept before; ``None``: nothing is.
        """
        self.capturing = None if captured is None else Capturing(captured, limit)

    def respond(
        self,
        status: int,
        body: bytes,
        headers: Sequence[tuple[bytes, bytes]] = (),
        content_type: bytes = b"application/json",
    ) -> None:
        """Send a whole answer."""
        # Nearly every request ends here, so what :meth:`_hear` and :meth:`_finish` do stands in
        # their place: their two frames cost a hundredth of a request.
        if not self.status:
            self.status = status
            self.bytes_out = len(body)
            if self.capturing is not None:
                self.capturing.hear(body)
            if self.told is None and headers and headers[0][0] == b"x-request-id":
                self.request_id = headers[0][1].decode()
        Exchange.respond(self, status, body, headers, content_type)
        told = self._on_finished
        if told is not None:
            self._on_finished = None
            told(self)
            self.capturing = None

    def start(
        self, status: int, headers: Sequence[tuple[bytes, bytes]], content_length: int | None
    ) -> None:
        """Begin an answer."""
        if not self.status:
            self.status = status
        Exchange.start(self, status, headers, content_length)

    def switch(self, headers: Sequence[tuple[bytes, bytes]], tunnel: Tunnel) -> None:
        """Begin to speak another protocol."""
        if not self.status:
            self.status = 101
        super().switch(headers, tunnel)

    def write(self, data: bytes) -> None:
        """Send a piece of the body."""
        self.bytes_out += len(data)
        if self.capturing is not None:
            self.capturing.hear(data)
        Exchange.write(self, data)

    def write_chunk(self, chunk: bytes) -> None:
        """Send a piece of the body that comes framed."""
        if self.capturing is not None:
            self.write(body_of(chunk))
            return
        before = self.bytes_out
        Exchange.write_chunk(self, chunk)
        if self.bytes_out == before:  # else it went, and was counted, by write()
            size = len(chunk)
            self.bytes_out = before + size - FRAMING[size]

    def end(self, data: bytes = b"") -> None:
        """Complete the answer."""
        if data:
            self._hear(data)
        Exchange.end(self, data)
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
        """Count a piece of the body; what comes after the end was told of changes nothing."""
        self.bytes_out += len(data)
        if self.capturing is not None:
            self.capturing.hear(data)

    def _finish(self) -> None:
        told = self._on_finished
        if told is not None:
            self._on_finished = None
            told(self)
            self.capturing = None


def with_watch(take: Callable[[WatchedExchange], None], handle: Handler) -> Handler:
    """Return ``handle`` with ``take`` hearing of the end of everything that it answers."""

    def watched(exchange: Exchange) -> Coroutine[Any, Any, bool | None] | None:
        if isinstance(exchange, WatchedExchange):
            exchange.watch(take)
        return handle(exchange)

    return watched
