"""Connections to one upstream origin, owned in one place."""

import asyncio
import ssl as tls
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

from mainspring.gateway.http.call import Call, StreamedCall
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.known_heads import KnownHeads
from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.reach import connect
from mainspring.gateway.http.sink import FailureKind, ResponseSink
from mainspring.gateway.http.upstream_connection import ResponseHead, UpstreamConnection
from mainspring.kernel.tasks import TaskOwner

_KNOWN_HEADS = 64
_FAREWELL_S = 1.0
"""How long upstreams may take to close their ends of idle connections, as TLS asks of them."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an upstream listens: scheme (``http`` or ``https``), host and port.

    With ``unix_path`` the connection is made to that socket, and host and port only name it.
    """

    scheme: str
    host: str
    port: int
    unix_path: str | None = None


class Pool:
    """At most ``max_connections`` to one origin, and a bounded, first-come queue for them.

    The connection that was used last is used first, so that a pool shrinks to what it needs.
    ``timeouts`` may be replaced per call. ``ssl`` is used for ``https`` (default: the system's
    trust store). ``sweeper`` may be shared with other pools and servers of the same loop. The pool
    belongs to the event loop in which it is first used. A ``guarded`` pool makes no connection to
    link-local addresses and those of a cloud's own services.
    """

    def __init__(
        self,
        origin: Origin,
        *,
        timeouts: Timeouts | None = None,
        max_connections: int = 256,
        max_waiting: int = 1024,
        ssl: tls.SSLContext | None = None,
        sweeper: Sweeper | None = None,
        guarded: bool = False,
    ) -> None:
        if origin.scheme not in ("http", "https"):
            raise ValueError(f"an origin's scheme is http or https, not {origin.scheme}")
        if max_connections < 1 or max_waiting < 0:
            raise ValueError("a pool needs room for a connection")
        self.origin = origin
        self._guarded = guarded
        self._timeouts = timeouts or Timeouts()
        self._max_connections = max_connections
        self._max_waiting = max_waiting
        self._ssl = ssl
        if origin.scheme == "https" and ssl is None:
            self._ssl = tls.create_default_context()
        self._sweeper = sweeper or Sweeper()
        self.heads = KnownHeads[ResponseHead](_KNOWN_HEADS)
        self._connections: set[UpstreamConnection] = set()
        self._sockets: set[UpstreamConnection] = set()
        self._idle: list[UpstreamConnection] = []
        self._waiting: OrderedDict[Call, None] = OrderedDict()
        self._tasks: TaskOwner | None = None
        self._connecting: dict[UpstreamConnection, asyncio.Task[None]] = {}
        self._closing = False
        self._changed = asyncio.Event()

    @property
    def guarded(self) -> bool:
        """Tell whether some addresses are not connected to."""
        return self._guarded

    @property
    def open(self) -> int:
        """Connections made or being made."""
        return len(self._connections)

    @property
    def idle(self) -> int:
        """Connections that carry no call."""
        return len(self._idle)

    @property
    def waiting(self) -> int:
        """Calls that wait for a connection."""
        return len(self._waiting)

    def send(
        self, head: bytes, body: bytes, sink: ResponseSink, timeouts: Timeouts | None = None
    ) -> Call:
        """Send a request and have its answer delivered to ``sink``.

        ``head`` is the complete request head with its closing empty line; its framing headers must
        fit ``body``. Every failure, a full pool included, arrives at the sink after this returns.
        """
        call = Call(self, head, body, sink, timeouts or self._timeouts)
        now = self._sweeper.wake()
        call.total_deadline = now + call.timeouts.total_s
        idle = self._idle
        while idle:
            connection = idle.pop()
            if connection.usable:
                call.attach(connection)
                connection.start(call)
                return call
            connection.close()
        self._enqueue(call, now)
        return call

    def stream(
        self, head: bytes, sink: ResponseSink, timeouts: Timeouts | None = None, *, chunked: bool
    ) -> StreamedCall:
        """Send a request whose body follows; otherwise as :meth:`send`."""
        call = StreamedCall(self, head, sink, timeouts or self._timeouts, chunked=chunked)
        now = self._sweeper.wake()
        call.total_deadline = now + call.timeouts.total_s
        if self._idle and len(self._connections) >= self._max_connections:
            self._idle.pop(0).close()
        self._enqueue(call, now)
        return call

    def _enqueue(self, call: Call, now: float) -> None:
        if self._closing:
            self._fail_soon(call, "the pool is closing")
        elif len(self._connections) < self._max_connections:
            self._connect(call)
        elif len(self._waiting) < self._max_waiting:
            self._waiting[call] = None
            call.wait_deadline = min(now + call.timeouts.connect_s, call.total_deadline)
            self._sweeper.watch(call, call.wait_deadline)
        else:
            self._fail_soon(call, "every connection is busy and the queue is full")

    async def close(self, drain_s: float = 0.0) -> None:
        """Take no more calls, let running ones end for up to ``drain_s``, then cut them off.

        Calls that still wait for a connection fail at once. Everything is closed even when this
        is itself cancelled.
        """
        self._closing = True
        try:
            for connection in list(self._idle):
                connection.close()
            while self._waiting:
                call, _ = self._waiting.popitem(last=False)
                self._sweeper.forget(call)
                call.fail(FailureKind.POOL_FULL, "the pool is closing")
            async with asyncio.timeout(drain_s):
                await self._until_empty(self._connections)
        except TimeoutError:
            pass
        finally:
            for connection in list(self._connections):
                connection.cut_off("the pool was closed")
            for task in self._connecting.values():
                task.cancel()
        if self._tasks is not None:
            await self._tasks.close()
        try:
            async with asyncio.timeout(_FAREWELL_S):
                await self._until_empty(self._sockets)
        except TimeoutError:
            for connection in list(self._sockets):
                if connection.transport is not None:
                    connection.transport.abort()

    async def _until_empty(self, what: set[UpstreamConnection]) -> None:
        while what:
            self._changed.clear()
            await self._changed.wait()

    def _fail_soon(self, call: Call, detail: str) -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(call.fail, FailureKind.POOL_FULL, detail)

    # --- making connections

    def _connect(self, call: Call) -> None:
        connection = UpstreamConnection(self, self._sweeper)
        self._connections.add(connection)
        self._sockets.add(connection)
        call.attach(connection)
        connection.expect(call)
        if self._tasks is None:
            self._tasks = TaskOwner(self._connect_broke)
        task = self._tasks.start(
            self._make(connection), name=f"connect to {self.origin.host}:{self.origin.port}"
        )
        self._connecting[connection] = task
        task.add_done_callback(partial(self._made, connection))

    async def _make(self, connection: UpstreamConnection) -> None:
        origin = self.origin
        try:
            if origin.unix_path is not None:
                await asyncio.get_running_loop().create_unix_connection(
                    lambda: connection,
                    origin.unix_path,
                    ssl=self._ssl,
                    server_hostname=origin.host if self._ssl is not None else None,
                )
            else:
                await connect(
                    lambda: connection,
                    origin.host,
                    origin.port,
                    ssl=self._ssl,
                    guarded=self._guarded,
                )
        except (OSError, ValueError) as error:  # TLS failures are OSErrors too
            connection.connect_failed(FailureKind.REFUSED, f"{type(error).__name__}: {error}")

    def _made(self, connection: UpstreamConnection, task: asyncio.Task[None]) -> None:
        self._connecting.pop(connection, None)
        # uvloop closes what a cancelled connect had made without calling connection_lost.
        if connection.transport is None or task.cancelled():
            self.gone(connection)

    def _connect_broke(self, name: str, error: BaseException) -> None:
        asyncio.get_running_loop().call_exception_handler(
            {"message": f"the task '{name}' failed", "exception": error}
        )

    # --- what connections and calls report

    def released(self, connection: UpstreamConnection) -> None:
        """Give a free connection to the call that waits longest, or keep it."""
        if self._waiting:
            call, _ = self._waiting.popitem(last=False)
            self._sweeper.forget(call)
            call.attach(connection)
            connection.start(call)
        elif self._closing:
            connection.close()
        else:
            self._idle.append(connection)

    def lost(self, connection: UpstreamConnection) -> None:
        """Free the place of a connection, and make a new one if a call waits for it."""
        self._connections.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        task = self._connecting.get(connection)
        if task is not None and task is not asyncio.current_task():
            task.cancel()
        if self._waiting and len(self._connections) < self._max_connections and not self._closing:
            call, _ = self._waiting.popitem(last=False)
            self._sweeper.forget(call)
            self._connect(call)
        self._changed.set()

    def gone(self, connection: UpstreamConnection) -> None:
        """Forget a closed socket."""
        self._sockets.discard(connection)
        self._changed.set()

    def send_again(self, call: Call) -> None:
        """Send a call on a fresh connection after a used one died under it."""
        self._connect(call)

    def withdraw(self, call: Call) -> None:
        """Take a call out of the queue."""
        self._waiting.pop(call, None)
        self._sweeper.forget(call)


__all__ = ["Call", "Origin", "Pool"]
