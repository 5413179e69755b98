"""Carrying an answer from an upstream of one protocol to a client of another.

The events of :mod:`mainspring.wire.events` stand between the two. As with relayed bytes, a stream
commits when the first bytes for the client exist, and the books are closed before its last ones.
"""

import time
from collections.abc import Callable, Iterable

from mainspring.gateway.pipeline.relay import (
    BYTES_PER_TOKEN,
    MAX_WHOLE_BYTES,
    STREAM_HEADERS,
    Relay,
    RelayedCall,
)
from mainspring.kernel.errors import MainspringError, UpstreamError, UpstreamProtocolError
from mainspring.wire.events.answer import whole_answer_failure
from mainspring.wire.events.dialect import ClientDialect, UpstreamDialect
from mainspring.wire.events.request import ChatRequest, WrittenRequest
from mainspring.wire.events.stream import Event, Failed, Started, UsageReported

_JSON = b"application/json"


class Translation:
    """One request between two protocols: read once, written anew for every attempt."""

    __slots__ = ("client", "request")

    def __init__(self, client: ClientDialect, body: bytes) -> None:
        """Read ``body`` as the client's protocol has it.

        Raises:
            InvalidRequestError: if it does not fit.
        """
        self.client = client
        self.request: ChatRequest = client.read_request(body)

    def written(self, upstream: UpstreamDialect, model: str) -> WrittenRequest:
        """Return the request for an upstream.

        Raises:
            InvalidRequestError: if the upstream's protocol cannot express what is needed.
        """
        return upstream.write_request(self.request, model)


class TranslatedStream(Relay):
    """A stream that is read into events and written from them."""

    same_protocol = False

    def __init__(
        self, call: RelayedCall, translation: Translation, upstream: UpstreamDialect
    ) -> None:
        super().__init__(call)
        self._reader = upstream.stream_reader()
        self._writer = translation.client.stream_writer(translation.request)
        self._media_type = translation.client.stream_media_type.encode()
        self._usage: UsageReported | None = None
        self._events = 0
        self._failed = False

    @property
    def estimated_output(self) -> int:
        """Return the number of content events: of most servers one for each token."""
        return self._events

    def on_piece(self, data: bytes) -> None:
        """Translate a chunk."""
        self._translate(lambda: self._reader.feed(data))

    def on_complete(self) -> None:
        """Translate what is left, close the books, and end the stream."""
        self._translate(self._reader.close)
        call = self._call
        if call.closed or self._failed:
            return  # what was left said that it failed: another attempt may be under way
        if not self._committed:
            call.gave_up(self, UpstreamProtocolError("the upstream's stream is empty"))
            return
        usage = self._usage
        if usage is None:
            call.complete(None, self._events)
        else:
            call.complete(usage.frame, self._events, usage.usage)
        self._exchange.write(self._writer.close())
        self._exchange.end()

    def break_off(self, error: MainspringError) -> None:
        """Send the error as the stream's last event."""
        self._exchange.write(self._writer.error(error, self._call.request_id))
        self._exchange.end()

    def _translate(self, read: Callable[[], list[Event]]) -> None:
        if self._call.closed:
            return
        try:
            self._pass_on(read())
        except MainspringError as error:
            self._fail(error)

    def _pass_on(self, events: list[Event]) -> None:
        pieces: list[bytes] = []
        failed: Failed | None = None
        for event in events:
            if isinstance(event, Failed):
                failed = event
                break
            if isinstance(event, UsageReported):
                self._usage = event
            elif not isinstance(event, Started):
                self._events += 1
            pieces.append(self._writer.write(event))
        seen = b"".join(pieces)
        # Words that came together with a failure are not begun with: another attempt may do better.
        if seen and (failed is None or self._committed):
            if not self._committed:
                self._commit(None, *STREAM_HEADERS, content_type=self._media_type)
            self._exchange.write(seen)
        if failed is not None:
            self._fail(UpstreamError(failed.message))

    def _fail(self, error: MainspringError) -> None:
        """Let the upstream go and tell the client in whatever way is left."""
        self._failed = True
        self.cancel()
        if self._committed:
            self._call.broke_off(error, self._events)
            self.break_off(error)
        elif self._call.can_try_elsewhere():
            self._call.try_elsewhere(self)
        else:
            self._call.gave_up(self, error)


class TranslatedWhole(Relay):
    """An answer in one piece, read into events and written from them."""

    same_protocol = False

    def __init__(
        self, call: RelayedCall, translation: Translation, upstream: UpstreamDialect
    ) -> None:
        super().__init__(call)
        self._translation = translation
        self._upstream = upstream
        self._body = bytearray()

    @property
    def estimated_output(self) -> int:
        """Return the size in tokens, if it were all text."""
        return len(self._body) // BYTES_PER_TOKEN

    def on_piece(self, data: bytes) -> None:
        """Keep the piece; an answer beyond the bound is no chat answer."""
        self._body += data
        if len(self._body) > 16 * MAX_WHOLE_BYTES:
            self.cancel()
            self._call.gave_up(self, UpstreamProtocolError("the upstream's answer is too large"))

    def on_complete(self) -> None:
        """Translate, close the books, answer."""
        call = self._call
        if call.closed:
            return
        translation = self._translation
        try:
            events = list(self._upstream.read_answer(bytes(self._body)))
            failure = whole_answer_failure(events)
            if failure is not None:
                raise UpstreamError(failure.message)
            body = translation.client.write_answer(events, translation.request)
        except MainspringError as error:
            call.gave_up(self, error)
            return
        if self.contested:
            call.claim(self)
        call.first_byte_at = time.monotonic()
        usage = last_usage(events)
        if usage is None:
            call.complete(None, self.estimated_output)
        else:
            call.complete(usage.frame, self.estimated_output, usage.usage)
        call.mark_answer()
        self._exchange.respond(self._status, body, content_type=_JSON)

    def break_off(self, error: MainspringError) -> None:
        """Never needed: nothing is sent before the answer is whole."""
        del error
        self._exchange.abort()


def last_usage(events: Iterable[Event]) -> UsageReported | None:
    """Return the usage that counts: the last one."""
    found: UsageReported | None = None
    for event in events:
        if isinstance(event, UsageReported):
            found = event
    return found
