"""An exchange that stands before a client's and keeps the answer that goes through it."""

from collections.abc import Callable, Sequence

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.kept.answer import KeptAnswer, lasting_lines
from mainspring.gateway.watch.exchange import WatchedExchange
from mainspring.gateway.watch.notes import Captured


class RecordedExchange(WatchedExchange):
    """Passes an answer on to ``client``'s exchange, and keeps it up to ``limit`` bytes.

    ``on_recorded`` is called once, just before the client gets the end: with the answer, or with
    ``None`` where it broke off, was too large, or nobody was left to hear the rest of it.

    With ``outlives_client`` the answer is awaited and kept although its client has gone; it is
    given up only once it is too large to keep. Otherwise the call hears of the client's departure
    as usual.
    """

    __slots__ = (
        "_client",
        "_headers",
        "_length",
        "_limit",
        "_lines",
        "_outlives",
        "_over",
        "_parts",
        "_resume_source",
        "_status",
        "_wants_told",
        "on_recorded",
    )

    def __init__(
        self,
        client: Exchange,
        limit: int,
        on_recorded: "Callable[[KeptAnswer | None], None]",
        *,
        outlives_client: bool,
        without_header: bytes | None = None,
        wants_told: bool = False,
    ) -> None:
        """Stand before ``client``; with ``wants_told`` the call's record is told here in any case,
        and whoever made this tells those that watch.
        """
        headers = client.headers
        if without_header is not None:
            headers = {name: value for name, value in headers.items() if name != without_header}
        # What the base keeps of a connection stays with ``client``.
        self.method = client.method
        self.path = client.path
        self.query = client.query
        self.headers = headers
        self.body = client.body
        self.peer = client.peer
        self.received_at = client.received_at
        self.disconnected = client.disconnected
        self.on_disconnect: Callable[[], None] | None = None
        self.told = None
        self.on_recorded: Callable[[KeptAnswer | None], None] | None = on_recorded
        self._client: Exchange | None = client
        self._limit = limit
        self._outlives = outlives_client
        self._wants_told = wants_told
        self._status = 0
        self._headers: tuple[tuple[bytes, bytes], ...] = ()
        self._lines = b""
        self._parts: list[bytes] | None = []
        self._length = 0
        self._over = False
        self._resume_source: Callable[[], None] | None = None
        client.on_disconnect = self._client_left

    @property
    def keep_alive(self) -> bool:
        """Whether the client expects further answers on its connection."""
        return self._client is not None and self._client.keep_alive

    @property
    def started(self) -> bool:
        """Whether an answer was begun, or can no longer be given."""
        return self._status != 0 or self._over

    @property
    def ended(self) -> bool:
        """Whether the answer is complete, or can no longer be."""
        return self._over

    @property
    def is_watched(self) -> bool:
        """Tell whether somebody watches the client's exchange."""
        client = self._client
        return self._wants_told or (isinstance(client, WatchedExchange) and client.is_watched)

    def capture(self, captured: Captured | None, limit: int) -> None:
        """Keep the body of the answer for whoever watches the client's exchange."""
        if isinstance(self._client, WatchedExchange):
            self._client.capture(captured, limit)

    def add_to_head(self, lines: bytes) -> None:
        """Have further header lines in whatever answer is given."""
        self._lines += lines
        if self._client is not None:
            self._client.add_to_head(lines)

    def respond(
        self,
        status: int,
        body: bytes,
        headers: Sequence[tuple[bytes, bytes]] = (),
        content_type: bytes = b"application/json",
    ) -> None:
        """Send a whole answer."""
        if self._over:
            return
        self._status = status
        self._headers = tuple(headers)
        self._keep(body)
        self._finish_recording(content_type, streamed=False)
        client = self._let_go()
        if client is not None:
            client.respond(status, body, headers, content_type)

    def start(
        self, status: int, headers: Sequence[tuple[bytes, bytes]], content_length: int | None
    ) -> None:
        """Begin an answer."""
        if self._over:
            return
        self._status = status
        self._headers = tuple(headers)
        if content_length is not None and content_length > self._limit:
            self._give_up_keeping()
        if self._client is not None:
            self._client.start(status, headers, content_length)

    def write(self, data: bytes) -> None:
        """Send a piece of the body."""
        if self._over:
            return
        self._keep(data)
        if self._client is not None:
            self._client.write(data)

    def end(self, data: bytes = b"") -> None:
        """Complete the answer."""
        if self._over:
            return
        if data:
            self._keep(data)
            if self._over:
                return
        self._finish_recording(b"", streamed=True)
        client = self._let_go()
        if client is not None:
            client.end(data)

    def abort(self) -> None:
        """Close the connection: the answer failed and there is no way left to say so."""
        if self._over:
            return
        self._parts = None
        self._finish_recording(b"", streamed=True)
        client = self._let_go()
        if client is not None:
            client.abort()

    def bind_source(self, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """Name what to stop and start again as the client falls behind and catches up."""
        self._resume_source = resume
        if self._client is not None and not self._over:
            self._client.bind_source(pause, resume)

    def forget(self) -> None:
        """Let the client's exchange go without an answer: whoever made this one gives it."""
        self._over = True
        self.on_recorded = None
        self._parts = None
        self._let_go()

    def give_up(self) -> None:
        """Let the client's exchange go, and tell that nothing was recorded."""
        told = self.on_recorded
        self.forget()
        if told is not None:
            told(None)

    # Within

    def _keep(self, data: bytes) -> None:
        parts = self._parts
        if parts is None:
            return
        self._length += len(data)
        if self._length <= self._limit:
            parts.append(data)
        else:
            self._give_up_keeping()

    def _give_up_keeping(self) -> None:
        self._parts = None
        if self._client is None:
            self._cancel()

    def _finish_recording(self, content_type: bytes, *, streamed: bool) -> None:
        """Tell what was recorded, once."""
        self._over = True
        told, self.on_recorded = self.on_recorded, None
        if told is None:
            return
        parts = self._parts
        self._parts = None
        if parts is None:
            told(None)
            return
        told(
            KeptAnswer(
                self._status,
                content_type,
                self._headers,
                lasting_lines(self._lines),
                b"".join(parts),
                streamed,
            )
        )

    def _let_go(self) -> Exchange | None:
        """Return the client's exchange, if there still is one, and forget it."""
        client, self._client = self._client, None
        self.on_disconnect = self._resume_source = None
        if client is not None:
            client.on_disconnect = None
            if isinstance(client, WatchedExchange):
                client.told = self.told
        return client

    def _client_left(self) -> None:
        """Go on without the client, or not."""
        client, self._client = self._client, None
        if self._over:
            return
        if self._outlives and self._parts is not None:
            if self._resume_source is not None:
                self._resume_source()
            return
        self._cancel()
        if isinstance(client, WatchedExchange):
            client.told = self.told

    def _cancel(self) -> None:
        """Let the call know that nobody waits any more."""
        if self._over:
            return
        self.disconnected = True
        gone, self.on_disconnect = self.on_disconnect, None
        if gone is not None:
            gone()
        self._parts = None
        self._finish_recording(b"", streamed=True)
