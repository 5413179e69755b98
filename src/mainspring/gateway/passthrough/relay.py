"""Carrying the answer of a call that is passed through: any status, piece by piece."""

import time
from typing import Protocol

from mainspring.gateway.passthrough.headers import HeaderRules
from mainspring.gateway.pipeline.relay import Relay, RelayedCall
from mainspring.kernel.errors import MainspringError
from mainspring.wire.foreign_usage import ForeignBody, ForeignStream

_STREAM = b"text/event-stream"
_JSON = b"json"


class PassedCall(RelayedCall, Protocol):
    """The call as its relay knows it."""

    def begins(self, status: int, *, streams: bool) -> None:
        """Take note of the answer's status, and whether it is a stream of events."""
        ...


class PassthroughRelay(Relay):
    """Passes on what comes, and reads usage as it goes by.

    A status speaks to the caller, but for two kinds: 401, 403 and 407 are about the platform's
    credential, and a redirection would lead the caller past us.
    """

    def __init__(self, call: PassedCall, rules: HeaderRules) -> None:
        super().__init__(call)
        self._passed = call
        self._rules = rules
        self._meter: ForeignBody | ForeignStream | None = None

    @property
    def estimated_output(self) -> int:
        """Return 0: nothing is guessed of an answer that nobody here reads."""
        return 0

    @property
    def frame(self) -> bytes | None:
        """Return the raw usage object, as far as it has been seen."""
        return None if self._meter is None else self._meter.frame

    def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Begin the answer."""
        redirects = 300 <= status <= 399 and status != 304
        if status < 200 or status > 599 or redirects or status in (401, 403, 407):
            super().on_head(status, headers)
            return
        self._status = status
        self._headers = headers
        if status >= 400:
            self._call.refused(self, status, headers)
        length: int | None = None
        media_type = b""
        for name, value in headers:
            if name == b"content-length" and value.isdigit():
                length = int(value)
            elif name == b"content-type":
                media_type = value.partition(b";")[0].strip().lower()
        if media_type == _STREAM:
            self._meter = ForeignStream()
        elif media_type.endswith(_JSON):
            self._meter = ForeignBody()
        self._passed.begins(status, streams=media_type == _STREAM)
        self._committed = True
        call = self._call
        call.first_byte_at = time.monotonic()
        call.mark_answer()
        exchange = self._exchange
        exchange.start(status, self._rules.answer(headers), length)
        if self.upstream_call is not None:
            exchange.bind_source(self.upstream_call.pause, self.upstream_call.resume)

    def on_piece(self, data: bytes) -> None:
        """Pass a piece on; close the books before the client sees the last one."""
        if self._meter is not None:
            self._meter.feed(data)
        upstream_call = self.upstream_call
        if upstream_call is not None and upstream_call.complete and not self._call.closed:
            self._call.complete(self.frame, 0)
        self._exchange.write(data)

    def on_complete(self) -> None:
        """Close the books, and end the answer."""
        if not self._call.closed:
            self._call.complete(self.frame, 0)
        self._exchange.end()

    def finish_closed(self) -> None:
        """End an answer that was complete but for its framing."""
        if self._committed:
            self._exchange.end()

    def break_off(self, error: MainspringError) -> None:
        """Cut the connection: no event of ours belongs into an answer of theirs."""
        del error
        self._exchange.abort()
