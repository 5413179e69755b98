"""Carrying one attempt's answer from the upstream to the client, as bytes.

A relay commits when the first bytes of a success have arrived: until then another attempt may take
its place, afterwards a failure is told within the answer. All of it runs in the read callback.
"""

import time
from typing import ClassVar, Protocol

from mainspring.gateway.http.chunks import body_of
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.pool import Call
from mainspring.gateway.http.sink import UpstreamFailure
from mainspring.gateway.pipeline.failures import (
    UpstreamRefusal,
    error_of,
    read_refusal,
)
from mainspring.gateway.pipeline.route import Attempt
from mainspring.gateway.protocols import Operation
from mainspring.gateway.routing import Destination
from mainspring.kernel.errors import MainspringError, UpstreamProtocolError
from mainspring.wire.openai.stream import usage_from_tail
from mainspring.wire.scan import StreamScanner
from mainspring.wire.usage import Usage

MAX_ERROR_BYTES = 64 * 1024
"""More than this of an upstream's error is not read."""
MAX_WHOLE_BYTES = 1024 * 1024
"""A larger answer is not kept whole but passed on as it comes."""
BYTES_PER_TOKEN = 4
"""For estimates, where no tokenizer is at hand and no usage was told."""
_TAIL_BYTES = 16 * 1024
_JSON = b"application/json"
STREAM_HEADERS = ((b"cache-control", b"no-cache"), (b"x-accel-buffering", b"no"))

Headers = list[tuple[bytes, bytes]]


class RelayedCall(Protocol):
    """The call as its relays know it."""

    exchange: Exchange
    operation: Operation
    request_id: str
    first_byte_at: float | None

    @property
    def closed(self) -> bool:
        """Tell whether the books of the call are closed."""
        ...

    def mark_answer(self) -> None:
        """Put our own headers into the head of the answer to come."""
        ...

    def claim(self, relay: "Relay") -> None:
        """Take note that this attempt is the one that answers; its rival is let go."""
        ...

    def refused(self, relay: "Relay", status: int, headers: Headers) -> bool:
        """Take note of a refusal; tell whether a further attempt is made instead of passing it."""
        ...

    def can_try_elsewhere(self) -> bool:
        """Tell whether a further attempt has somewhere to go."""
        ...

    def try_elsewhere(self, relay: "Relay") -> None:
        """Make another attempt in place of this one."""
        ...

    def failed(self, relay: "Relay", failure: UpstreamFailure) -> None:
        """Take note that the attempt failed before the client saw anything."""
        ...

    def gave_up(self, relay: "Relay", error: MainspringError) -> None:
        """Take note that what the attempt brought is no answer; the client has seen nothing."""
        ...

    def answer_refusal(self, refusal: UpstreamRefusal) -> None:
        """Close the call and pass on the upstream's own refusal."""
        ...

    def complete(
        self, frame: bytes | None, estimated_output: int, usage: Usage | None = None
    ) -> None:
        """Close the call of a complete answer; ``usage`` is what ``frame`` was read as."""
        ...

    def broke_off(self, error: MainspringError, estimated_output: int) -> None:
        """Close the call of an answer that the upstream did not finish."""
        ...


class Relay:
    """What both kinds of answers share: refusals, failures, and the way to another attempt."""

    same_protocol: ClassVar[bool] = True
    """Client and upstream speak one protocol, so that even errors can pass as they are."""

    def __init__(self, call: RelayedCall) -> None:
        self.upstream_call: Call | None = None
        self.destination: Destination | None = None
        """Where the attempt went; ``None`` once its end was noted."""
        self.attempt: Attempt | None = None
        """What the record will tell of it, where something is told."""
        self.started_at = 0.0
        self.probe = False
        self.contested = False
        """Another attempt may answer instead (hedging): claim the call before answering."""
        self._call = call
        self._exchange = call.exchange
        self._status = 0
        self._headers: Headers = []
        self._refusal: bytearray | None = None
        self._elsewhere = False
        self._committed = False

    @property
    def estimated_output(self) -> int:
        """Return roughly how many tokens have passed."""
        raise NotImplementedError

    @property
    def committed(self) -> bool:
        """Tell whether the client has seen something of this answer."""
        return self._committed

    def cancel(self) -> None:
        """Let the upstream go at once; nothing more will be heard of it."""
        if self.upstream_call is not None:
            self.upstream_call.cancel()
            self._part()

    def _part(self) -> None:
        """Let go of the upstream's side, so that nothing of this call refers in a circle."""
        self.upstream_call = None
        if self._committed:
            self._exchange.bind_source(_nothing, _nothing)

    def on_head(self, status: int, headers: Headers) -> None:
        """Take the upstream's status: a success is relayed, the rest is read as a refusal."""
        self._status = status
        self._headers = headers
        if not 200 <= status <= 299:
            self._refusal = bytearray()
            self._elsewhere = self._call.refused(self, status, headers)
        else:
            self.on_success()

    def on_success(self) -> None:
        """Take note that the answer is a success."""

    def on_data(self, data: bytes) -> None:
        """Take a piece of the body."""
        refusal = self._refusal
        if refusal is None:
            self.on_piece(data)
        elif len(refusal) < MAX_ERROR_BYTES:
            refusal += data
        else:
            self.cancel()
            self.on_end()

    def on_piece(self, data: bytes) -> None:
        """Take a piece of a success."""
        raise NotImplementedError

    def on_end(self) -> None:
        """Take the end of the answer."""
        self._part()
        if self._refusal is None:
            self.on_complete()
        elif self._elsewhere:
            self._call.try_elsewhere(self)
        else:
            call = self._call
            call.answer_refusal(
                read_refusal(
                    self._status,
                    self._headers,
                    bytes(self._refusal),
                    same_protocol=self.same_protocol,
                    encode=lambda error: call.operation.error(error, call.request_id),
                )
            )

    def on_complete(self) -> None:
        """Take the end of a success."""
        raise NotImplementedError

    def on_failure(self, error: UpstreamFailure) -> None:
        """Try elsewhere, or tell the client, in whatever way is left."""
        self._part()
        call = self._call
        if call.closed:
            self.finish_closed()
        elif self._elsewhere:
            call.try_elsewhere(self)
        elif self._committed:
            told = error_of(error)
            call.broke_off(told, self.estimated_output)
            self.break_off(told)
        else:
            call.failed(self, error)

    def finish_closed(self) -> None:
        """End an answer whose books are closed already."""

    def break_off(self, error: MainspringError) -> None:
        """Tell the client that an answer that has begun will not end well."""
        raise NotImplementedError

    def _commit(
        self,
        content_length: int | None,
        *more: tuple[bytes, bytes],
        content_type: bytes | None = None,
    ) -> None:
        """Begin the answer to the client: from here on there is no other attempt.

        Without ``content_type`` the upstream's own is passed on, and so is its encoding.
        """
        self._committed = True
        if self.contested:
            self._call.claim(self)
        self._call.first_byte_at = time.monotonic()
        told = content_type or _find(self._headers, b"content-type") or _JSON
        self._call.mark_answer()
        headers = [(b"content-type", told)]
        encoding = _find(self._headers, b"content-encoding")
        if encoding is not None and content_type is None:
            headers.append((b"content-encoding", encoding))
        headers += more
        exchange = self._exchange
        exchange.start(self._status, headers, content_length)
        upstream_call = self.upstream_call
        if upstream_call is not None:
            exchange.bind_source(upstream_call.pause, upstream_call.resume)


class StreamRelay(Relay):
    """A stream of server-sent events, passed on chunk by chunk."""

    def __init__(self, call: RelayedCall, scanner: StreamScanner) -> None:
        super().__init__(call)
        self._scanner = scanner

    @property
    def estimated_output(self) -> int:
        """Return the number of events: of most servers one for each token."""
        return self._scanner.events

    def on_data(self, data: bytes) -> None:
        """Pass a chunk on; close the books before the client sees the end of the stream."""
        if self._refusal is not None:
            super().on_data(data)
            return
        scanner = self._scanner
        seen = scanner.feed(data)
        if not self._committed:
            self._commit(None, *STREAM_HEADERS)
            if self.upstream_call is not None:
                self.upstream_call.on_chunk = self.on_chunk
        if scanner.done and not self._call.closed:
            self._call.complete(scanner.usage_frame, scanner.events)
        if seen:
            self._exchange.write(seen)

    def on_chunk(self, chunk: bytes) -> None:
        """Pass on a chunk as it came, if there is nothing in it for us."""
        if self._scanner.passes(chunk):
            self._exchange.write_chunk(chunk)
        else:
            self.on_data(body_of(chunk))

    def on_complete(self) -> None:
        """Close the books if no ``[DONE]`` did, and end the answer."""
        if not self._committed:
            self._call.gave_up(self, UpstreamProtocolError("the upstream's stream is empty"))
            return
        scanner = self._scanner
        rest = scanner.close()
        if not self._call.closed:
            self._call.complete(scanner.usage_frame, scanner.events)
        if rest:
            self._exchange.write(rest)
        self._exchange.end()

    def finish_closed(self) -> None:
        """End a stream that was complete but for its framing."""
        if self._committed:
            self._exchange.end()

    def break_off(self, error: MainspringError) -> None:
        """Send the error as the stream's last event."""
        call = self._call
        event = call.operation.stream_error(error, call.request_id)
        self._exchange.write(b"\n\n" + event if self._scanner.in_event else event)
        self._exchange.end()


class WholeRelay(Relay):
    """An answer in one piece; only one too large to keep is passed on as it comes."""

    def __init__(self, call: RelayedCall, keep: int = MAX_WHOLE_BYTES) -> None:
        """Keep up to ``keep`` bytes; with 0 everything is passed on as it comes."""
        super().__init__(call)
        self._keep = keep
        self._pieces: list[bytes] = []
        self._size = 0
        self._tail = b""

    @property
    def estimated_output(self) -> int:
        """Return the size in tokens, if it were all text."""
        return self._size // BYTES_PER_TOKEN if self._call.operation.generates else 0

    def on_success(self) -> None:
        """Begin at once where the announced length is too large to keep."""
        length = _content_length(self._headers)
        if length is not None and length > self._keep:
            self._commit(length)

    def on_piece(self, data: bytes) -> None:
        """Keep the piece, or pass it on."""
        self._size += len(data)
        if self._committed:
            self._tail = (self._tail + data)[-_TAIL_BYTES:]
            self._close_if_last()
            self._exchange.write(data)
            return
        self._pieces.append(data)
        if self._size > self._keep:
            self._commit(None)
            kept = b"".join(self._pieces)
            self._pieces.clear()
            self._tail = kept[-_TAIL_BYTES:]
            self._close_if_last()
            self._exchange.write(kept)

    def on_complete(self) -> None:
        """Close the books, then send the answer, or its end."""
        call = self._call
        if self._committed:
            if not call.closed:
                call.complete(usage_from_tail(self._tail), self.estimated_output)
            self._exchange.end()
            return
        pieces = self._pieces
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if self.contested:
            call.claim(self)
        call.first_byte_at = time.monotonic()
        call.complete(call.operation.find_usage(body), self.estimated_output)
        call.mark_answer()
        headers: Headers = []
        content_type = _JSON
        for name, value in self._headers:
            if name == b"content-type":
                content_type = value
            elif name == b"content-encoding":
                headers.append((name, value))
        self._exchange.respond(self._status, body, headers, content_type)

    def break_off(self, error: MainspringError) -> None:
        """Cut the connection: a truncated body must not look complete."""
        del error
        self._exchange.abort()

    def finish_closed(self) -> None:
        """End an answer that was complete but for its framing."""
        if self._committed:
            self._exchange.end()

    def _close_if_last(self) -> None:
        """Close the books before the client sees the end of an answer of announced length."""
        upstream_call = self.upstream_call
        if upstream_call is not None and upstream_call.complete and not self._call.closed:
            self._call.complete(usage_from_tail(self._tail), self.estimated_output)


def _nothing() -> None:
    """Stand for the pausing of a source that has ended."""


def _find(headers: Headers, name: bytes) -> bytes | None:
    for key, value in headers:
        if key == name:
            return value
    return None


def _content_length(headers: Headers) -> int | None:
    value = _find(headers, b"content-length")
    return int(value) if value is not None and value.isdigit() else None
