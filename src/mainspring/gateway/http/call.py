"""One request to an upstream, from the moment it is sent or queued to its end."""

import asyncio
from collections.abc import Callable
from math import inf
from typing import ClassVar, Final, Protocol

from mainspring.gateway.http.chunks import framed
from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.sink import FailureKind, ResponseSink, UpstreamFailure

OnChunk = Callable[[bytes], None]
"""Takes one whole chunk of a chunked body, framing and all."""


class Line(Protocol):
    """The connection that carries a call."""

    def cancel(self) -> None:
        """Abort so that the upstream sees it at once; the call hears nothing more."""
        ...

    def pause(self) -> None:
        """Read nothing until :meth:`resume`."""
        ...

    def resume(self) -> None:
        """Read on."""
        ...


class Queue(Protocol):
    """Where a call waits for a connection."""

    def withdraw(self, call: "Call") -> None:
        """Take a call out."""
        ...


class _Nobody:
    """Hears what is said to calls that are over, which is nothing."""

    def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        pass

    def on_data(self, data: bytes) -> None:
        pass

    def on_end(self) -> None:
        pass

    def on_failure(self, error: UpstreamFailure) -> None:
        pass


NOBODY: Final[ResponseSink] = _Nobody()


class Call:
    """One request in progress. It outlives neither its answer nor its pool."""

    __slots__ = (
        "_line",
        "_queue",
        "body",
        "complete",
        "due",
        "head",
        "on_chunk",
        "over",
        "paused",
        "sent_again",
        "sink",
        "timeouts",
        "total_deadline",
        "wait_deadline",
    )

    streamed: ClassVar[bool] = False
    """The body follows piece by piece (see :class:`StreamedCall`)."""

    def __init__(
        self, queue: Queue, head: bytes, body: bytes, sink: ResponseSink, timeouts: Timeouts
    ) -> None:
        self.head = head
        self.body = body
        self.sink = sink
        self.timeouts = timeouts
        self.total_deadline = inf
        self.wait_deadline = inf
        self.paused = False
        self.sent_again = False
        self.complete = False
        """The answer has arrived whole: the piece that ``on_data`` gets now is its last."""
        self.over = False
        """The sink hears nothing more."""
        self.on_chunk: OnChunk | None = None
        """Takes, where the sink has set it, the chunks that came alone and whole; ``on_data`` takes
        what is in all others."""
        self.due = inf
        self._queue = queue
        self._line: Line | None = None

    def cancel(self) -> None:
        """End the call at once, in whatever phase; its sink hears nothing more.

        A connection that carries it is aborted, so that the upstream stops its work. Does nothing
        if the call has ended.
        """
        if self.over:
            return
        self.over = True
        self.sink = NOBODY
        self.on_chunk = None
        if self._line is not None:
            self._line.cancel()
        else:
            self._queue.withdraw(self)

    def pause(self) -> None:
        """Stop reading from the upstream until :meth:`resume`; the idle deadline waits too."""
        self.paused = True
        if self._line is not None:
            self._line.pause()

    def resume(self) -> None:
        """Read on."""
        self.paused = False
        if self._line is not None:
            self._line.resume()

    # What follows is called by the pool and its connections.

    def attach(self, line: Line) -> None:
        """Note which connection carries the call."""
        self._line = line

    def ended(self) -> None:
        """Note that the connection is done with the call."""
        self._line = None
        self.over = True
        # The sink usually knows its call: without this there is no cycle, and both are freed at
        # once instead of by the garbage collector.
        self.sink = NOBODY
        self.on_chunk = None

    def fail(self, kind: FailureKind, detail: str) -> None:
        """Tell the sink, unless the call was cancelled meanwhile."""
        if not self.over:
            sink = self.sink
            self.ended()
            sink.on_failure(UpstreamFailure(kind, True, False, detail))

    def on_due(self, now: float) -> float:
        """Give up waiting for a connection."""
        if self.over or self._line is not None:
            return inf
        if now < self.wait_deadline:
            return self.wait_deadline
        self._queue.withdraw(self)
        if now >= self.total_deadline:
            self.fail(FailureKind.TOTAL_TIMEOUT, "the call took too long as a whole")
        else:
            self.fail(FailureKind.POOL_FULL, "no connection became free in time")
        return inf


class StreamedCall(Call):
    """A request whose body follows its head, piece by piece.

    It is sent on a connection of its own making: one that was used before might be dead, and what
    has been sent cannot be sent again from here.
    """

    __slots__ = ("_chunked", "_free", "_transport", "blocked_at", "sent_at", "unfinished")

    streamed: ClassVar[bool] = True

    def __init__(
        self, queue: Queue, head: bytes, sink: ResponseSink, timeouts: Timeouts, *, chunked: bool
    ) -> None:
        """``head`` announces the body's length, or that it is ``chunked``."""
        super().__init__(queue, head, b"", sink, timeouts)
        self._chunked = chunked
        self._free = asyncio.Event()
        self._transport: asyncio.Transport | None = None
        self.blocked_at = inf
        """Since when the upstream has taken nothing; ``inf`` while it does."""
        self.sent_at = 0.0
        """When the last of the body was sent."""
        self.unfinished = True

    async def ready(self) -> bool:
        """Wait until more can be sent; tell whether the call still wants it."""
        if not self.over:
            await self._free.wait()
        return not self.over

    def write(self, data: bytes) -> None:
        """Send a piece of the body; only after :meth:`ready`."""
        if self._transport is not None and not self.over and data:
            self._transport.write(framed(data) if self._chunked else data)

    def finish(self, now: float) -> None:
        """Take note that the body was sent as a whole."""
        if self._transport is not None and not self.over:
            self.unfinished = False
            self.sent_at = now
            if self._chunked:
                self._transport.write(b"0\r\n\r\n")

    def ended(self) -> None:
        """Note that the connection is done with the call."""
        super().ended()
        self._transport = None
        self._free.set()

    def cancel(self) -> None:
        """End the call at once."""
        super().cancel()
        self._free.set()

    # What follows is called by its connection.

    def begin(self, transport: asyncio.Transport) -> None:
        """Note that the head was sent."""
        self._transport = transport
        self._free.set()

    def block(self, now: float) -> None:
        """Note that the upstream takes no more for now."""
        self.blocked_at = now
        self._free.clear()

    def unblock(self) -> None:
        """Note that it does again."""
        self.blocked_at = inf
        self._free.set()
