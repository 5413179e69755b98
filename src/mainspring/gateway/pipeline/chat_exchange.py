"""One chat of a WebSocket as the pipeline sees it: an exchange like any other.

The pipeline answers it as it answers HTTP, with server-sent events or a whole body, and its client
hears messages. So there is one pipeline, whatever a request came by.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from mainspring.gateway.http.exchange import Tunnel
from mainspring.gateway.http.framing import StatusLines
from mainspring.gateway.watch.exchange import WatchedExchange
from mainspring.kernel.errors import MainspringError, UpstreamProtocolError
from mainspring.wire.chat_socket import (
    Piece,
    encode_chunk,
    encode_done,
    encode_error,
    encode_failure,
    error_of_answer,
    read_piece,
)
from mainspring.wire.sse import EventTooLargeError, ServerSentEvent, SseReader

_DONE = b"[DONE]"
_STREAM = b"text/event-stream"
_FAILED_UPSTREAM = 502

Headers = Sequence[tuple[bytes, bytes]]


class Chats(Protocol):
    """What a chat needs of the WebSocket that it came by."""

    @property
    def behind(self) -> bool:
        """Tell whether the client takes less than it is sent."""
        ...

    def send(self, message: bytes) -> None:
        """Send a message."""
        ...

    def chat_ended(self, chat_id: str) -> None:
        """Forget a chat; its last message follows."""
        ...


class _NoConnection:
    """Stands where an exchange has the connection that it came on; a chat has messages."""

    lines = StatusLines()
    write_paused = False
    draining = False

    def write_parts(self, parts: list[bytes]) -> None:
        """Do nothing."""

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Do nothing."""

    def give_input(self, tunnel: Tunnel) -> None:
        """Do nothing."""

    def hold_input(self, *, hold: bool) -> None:
        """Do nothing."""

    def ended(self, *, keep_alive: bool) -> None:
        """Do nothing."""

    def abort(self) -> None:
        """Do nothing."""


_NO_CONNECTION = _NoConnection()


class ChatExchange(WatchedExchange):
    """A chat completion asked for by ``chat.create`` and answered by messages."""

    __slots__ = ("_begun", "_chat_id", "_chats", "_over", "_reader", "_seen", "_usage")

    def __init__(  # noqa: PLR0917 - as its base, whose order this is
        self,
        chats: Chats,
        chat_id: str,
        path: str,
        headers: dict[bytes, bytes],
        body: bytes,
        peer: str,
    ) -> None:
        super().__init__(
            _NO_CONNECTION,
            _nowhere,
            "POST",
            path,
            b"",
            headers,
            body,
            peer,
            keep_alive=True,
            http_1_0=False,
        )
        self.watch(_nobody)
        self._chats = chats
        self._chat_id = chat_id
        self._reader = SseReader()
        self._begun = False
        self._over = False
        self._seen = False
        self._usage: bytes | None = None

    @property
    def started(self) -> bool:
        """Whether an answer was begun, or can no longer be given."""
        return self._begun or self._over

    @property
    def ended(self) -> bool:
        """Whether the answer is complete, or can no longer be."""
        return self._over

    def add_to_head(self, lines: bytes) -> None:
        """Keep the request's id; a message has no head for the rest."""
        for line in lines.split(b"\r\n"):
            name, _, value = line.partition(b": ")
            self._note([(name, value)])

    def respond(
        self,
        status: int,
        body: bytes,
        headers: Headers = (),
        content_type: bytes = b"application/json",
    ) -> None:
        """Send a whole answer, or the error that it is."""
        if self._over:
            return
        self.status = status
        self._note(headers)
        if not 200 <= status <= 299:
            self._refuse(status, body, headers)
        elif content_type.startswith(_STREAM):
            self._begun = True
            self.end(body)
        else:
            self._hear(body)
            self._whole(body)

    def start(self, status: int, headers: Headers, content_length: int | None) -> None:
        """Begin an answer; what is written next are the events of a stream."""
        del content_length
        self.status = status
        self._begun = True
        self._note(headers)

    def write(self, data: bytes) -> None:
        """Send the events that ``data`` completes."""
        if self._over:
            return
        self._hear(data)
        try:
            events = self._reader.feed(data)
        except EventTooLargeError:
            self._give_up(UpstreamProtocolError("an event of the answer is too large"))
            return
        self._pass_on(events)

    def end(self, data: bytes = b"") -> None:
        """Send what is left, then ``chat.done``."""
        if data:
            self.write(data)
        if not self._over:
            self._pass_on(self._reader.close())
        if not self._over and not self._seen:
            self._give_up(UpstreamProtocolError("the answer has no events"))
        elif not self._over:
            self._done("completed")

    def abort(self) -> None:
        """Tell that the answer failed and there was no way left to say how."""
        if not self._over:
            self._fail(encode_failure(self._chat_id, UpstreamProtocolError(), self.request_id))

    def fail(self, error: MainspringError) -> None:
        """End the chat by an error of ours."""
        if not self._over:
            self._fail(encode_failure(self._chat_id, error, self.request_id))

    def cancel(self) -> None:
        """End the chat because its client asked for that; its upstream stops at once."""
        if not self._over:
            self.client_gone()
            self._chats.send(
                encode_done(self._chat_id, self.request_id, status="cancelled", usage=self._usage)
            )

    def bind_source(self, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """Name what to stop and start again as the client falls behind and catches up."""
        self._pause, self._resume = pause, resume
        if self._chats.behind and not self._over:
            pause()

    def fall_behind(self) -> None:
        """Pause the source."""
        if self._pause is not None and not self._over:
            self._pause()

    def catch_up(self) -> None:
        """Let the source go on."""
        if self._resume is not None and not self._over:
            self._resume()

    def client_gone(self) -> None:
        """Note that nobody waits for the answer any more, and say so once."""
        if self._over:
            return
        self.disconnected = True
        told = self.on_disconnect
        self._close()
        if told is not None:
            told()

    # Within

    def _note(self, headers: Headers) -> None:
        for name, value in headers:
            if name == b"x-request-id":
                self.request_id = value.decode("latin-1")

    def _refuse(self, status: int, body: bytes, headers: Headers) -> None:
        error = error_of_answer(body)
        if error is None:
            self._fail(encode_failure(self._chat_id, UpstreamProtocolError(), self.request_id))
            return
        wait = next((value for name, value in headers if name == b"retry-after-ms"), b"")
        after = int(wait) / 1000 if wait.isdigit() else None
        self._fail(encode_error(self._chat_id, status, error, after))

    def _whole(self, body: bytes) -> None:
        piece = read_piece(body)
        if piece is None:
            self._fail(encode_failure(self._chat_id, UpstreamProtocolError(), self.request_id))
            return
        self._usage = piece.usage
        self._done("completed", body)

    def _pass_on(self, events: list[ServerSentEvent]) -> None:
        for event in events:
            if self._over:
                return
            self._seen = True
            if event.data == _DONE:
                continue
            piece = read_piece(event.data)
            if piece is None:
                self._give_up(UpstreamProtocolError("an event of the answer is no JSON object"))
            else:
                self._tell(event.data, piece)

    def _tell(self, data: bytes, piece: Piece) -> None:
        self._usage = piece.usage or self._usage
        if piece.error is not None:
            self._fail(encode_error(self._chat_id, _FAILED_UPSTREAM, piece.error))
        elif piece.shown or piece.usage is None:
            self._chats.send(encode_chunk(self._chat_id, b"".join(data.splitlines())))

    def _give_up(self, error: MainspringError) -> None:
        """End the chat by an error, and its upstream's work with it."""
        told = self.on_disconnect
        self._fail(encode_failure(self._chat_id, error, self.request_id))
        self.disconnected = True
        if told is not None:
            told()

    def _fail(self, message: bytes) -> None:
        self._close()
        self._chats.send(message)

    def _done(self, status: str, completion: bytes | None = None) -> None:
        self._close()
        self._chats.send(
            encode_done(
                self._chat_id,
                self.request_id,
                status=status,
                usage=self._usage,
                completion=completion,
            )
        )

    def _close(self) -> None:
        self._over = True
        self.on_disconnect = self._pause = self._resume = None
        self._chats.chat_ended(self._chat_id)
        self._finish()


def _nobody(_exchange: WatchedExchange) -> None:
    """Hear of the end of a chat that nothing watches."""


def _nowhere(_data: bytes) -> None:
    """Take what would go to an HTTP connection."""
