"""Both ends of the wire, byte by byte: a client that reads answers, an upstream that is scripted.

Written on plain streams, so that nothing of what is tested is used to test it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import cast

from mainspring.gateway.http.chunks import body_of
from mainspring.gateway.http.exchange import Exchange, Handler
from mainspring.gateway.http.limits import ServerLimits, Timeouts
from mainspring.gateway.http.pool import Origin, Pool
from mainspring.gateway.http.server import Entrance, HttpServer
from mainspring.gateway.http.sink import UpstreamFailure

PATIENCE_S = 5.0
"""How long anything that must happen may take."""


async def until(condition: Callable[[], bool], what: str = "") -> None:
    """Wait for a condition that other tasks bring about."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_S
    while not condition():
        assert loop.time() < deadline, f"did not come true: {what or condition}"
        await asyncio.sleep(0.002)


@dataclass
class Answer:
    """What a client read."""

    status: int
    headers: dict[str, str]
    body: bytes
    pieces: list[bytes] = field(default_factory=list[bytes])


class Client:
    """One client connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)

    async def head(self) -> Answer:
        """Read status line and headers."""
        async with asyncio.timeout(PATIENCE_S):
            head = await self.reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].decode("latin-1").split("\r\n")
        version, status, *_ = first.split(" ")
        assert version == "HTTP/1.1"
        pairs = [line.split(": ", 1) for line in lines]
        assert all(len(pair) == 2 for pair in pairs), head
        return Answer(int(status), {name.lower(): value for name, value in pairs}, b"")

    async def chunk(self) -> bytes:
        """Read one chunk of a chunked body, ``b""`` for the last."""
        async with asyncio.timeout(PATIENCE_S):
            size = int(await self.reader.readuntil(b"\r\n"), 16)
            data = await self.reader.readexactly(size + 2)
        assert data.endswith(b"\r\n")
        return data[:-2]

    async def answer(self, *, to_head: bool = False) -> Answer:
        """Read a whole answer."""
        answer = await self.head()
        if to_head or answer.status in (204, 304) or answer.status < 200:
            return answer
        if answer.headers.get("transfer-encoding") == "chunked":
            while piece := await self.chunk():
                answer.pieces.append(piece)
            answer.body = b"".join(answer.pieces)
        elif "content-length" in answer.headers:
            async with asyncio.timeout(PATIENCE_S):
                answer.body = await self.reader.readexactly(int(answer.headers["content-length"]))
        else:
            answer.body = await self.rest()
        return answer

    async def until_broken(self) -> bytes:
        """Read chunks until the connection breaks; fails if the body comes to its end instead."""
        got = b""
        while True:
            try:
                piece = await self.chunk()
            except (asyncio.IncompleteReadError, ConnectionError):
                return got
            assert piece, "the body ended as if it were complete"
            got += piece

    @property
    def unsent(self) -> int:
        """How many bytes the server has not taken yet."""
        return self.writer.transport.get_write_buffer_size()

    def pause(self) -> None:
        """Take nothing of what the server sends."""
        cast("asyncio.ReadTransport", self.writer.transport).pause_reading()

    def resume(self) -> None:
        """Take it again."""
        cast("asyncio.ReadTransport", self.writer.transport).resume_reading()

    async def rest(self) -> bytes:
        """Read until the server closes."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.reader.read(-1)

    async def closed(self) -> bool:
        """Wait for the server's close; whether nothing came before it."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                return await self.reader.read(1) == b""
            except ConnectionError:
                return True

    async def close(self) -> None:
        """Hang up."""
        self.writer.close()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.writer.wait_closed()
        except ConnectionError:
            pass
        except TimeoutError:  # what it still had to say is taken by nobody
            self.abort()

    def abort(self) -> None:
        """Hang up without a good-bye."""
        self.writer.transport.abort()


@dataclass
class Visit:
    """One connection to the scripted upstream, seen from its side."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    number: int
    requests: list[bytes] = field(default_factory=list[bytes])
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def request(self) -> bytes:
        """Read one request with a Content-Length body, or none; raises when the peer hangs up."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        body = b""
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                body = await self.reader.readexactly(int(line.partition(b":")[2]))
        self.requests.append(head + body)
        return head + body

    def say(self, data: bytes) -> None:
        """Send bytes as they are; ends the script if the peer has hung up."""
        if self.writer.transport.is_closing():
            raise ConnectionResetError
        self.writer.write(data)

    async def until_gone(self) -> None:
        """Wait until the peer has hung up; fails if it sends more instead."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                assert await self.reader.read(1) == b""
        except ConnectionError:
            pass
        self.gone.set()


Script = Callable[[Visit], Awaitable[None]]


class Upstream:
    """Accepts connections and plays a script on each."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.visits: list[Visit] = []
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self, port: int = 0) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._visited, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def requests(self) -> list[bytes]:
        """Every request that was read completely."""
        return [request for visit in self.visits for request in visit.requests]

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        visit = Visit(reader, writer, len(self.visits))
        self.visits.append(visit)
        try:
            await self.script(visit)
        except (asyncio.IncompleteReadError, ConnectionError):
            visit.gone.set()
        except asyncio.CancelledError:
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def close(self) -> None:
        """Stop listening and end every script."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks))


class Heard:
    """A sink that remembers, and can be awaited."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.data: list[bytes] = []
        self.ended = False
        self.failure: UpstreamFailure | None = None
        self.over = asyncio.Event()
        self.calls = 0

    @property
    def body(self) -> bytes:
        """Everything that came."""
        return b"".join(self.data)

    def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Remember."""
        self.calls += 1
        assert not self.status
        self.status = status
        self.headers = headers

    def on_data(self, data: bytes) -> None:
        """Remember."""
        self.calls += 1
        assert self.status
        assert data
        assert not self.over.is_set()
        self.data.append(data)

    def on_end(self) -> None:
        """Remember."""
        self.calls += 1
        assert self.status
        assert not self.over.is_set()
        self.ended = True
        self.over.set()

    def on_failure(self, error: UpstreamFailure) -> None:
        """Remember."""
        self.calls += 1
        assert not self.over.is_set()
        self.failure = error
        self.over.set()

    async def outcome(self) -> "Heard":
        """Wait for the end, good or bad."""
        async with asyncio.timeout(PATIENCE_S):
            await self.over.wait()
        return self


class Stack:
    """What one test runs."""

    def __init__(self) -> None:
        self._servers: list[HttpServer] = []
        self._pools: list[Pool] = []
        self._upstreams: list[Upstream] = []
        self._clients: list[Client] = []
        self.errors: list[BaseException] = []
        """What servers reported of their handlers."""
        self.complaints_allowed = False
        """Whether the loop may have had to report an exception that nobody handled."""

    async def server(
        self,
        handler: Handler,
        limits: ServerLimits | None = None,
        entrance: Entrance = Entrance(),  # noqa: B008 - immutable
    ) -> HttpServer:
        """Start a server on a free port."""
        server = HttpServer(on_error=lambda _exchange, error: self.errors.append(error))
        await server.start(handler, "127.0.0.1", 0, limits, entrance)
        self._servers.append(server)
        return server

    async def client(self, port: int, *, ssl: SSLContext | None = None) -> Client:
        """Connect a client."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=ssl)
        client = Client(reader, writer)
        self._clients.append(client)
        return client

    async def upstream(self, script: Script) -> Upstream:
        """Start a scripted upstream on a free port."""
        upstream = Upstream(script)
        await upstream.start()
        self._upstreams.append(upstream)
        return upstream

    def pool(
        self,
        upstream: Upstream | int,
        *,
        timeouts: Timeouts = Timeouts(connect_s=2, first_byte_s=2, idle_s=2, total_s=10),  # noqa: B008 - immutable
        max_connections: int = 100,
        max_waiting: int = 1000,
    ) -> Pool:
        """Make a pool to an upstream."""
        port = upstream if isinstance(upstream, int) else upstream.port
        pool = Pool(
            Origin("http", "127.0.0.1", port),
            timeouts=timeouts,
            max_connections=max_connections,
            max_waiting=max_waiting,
        )
        self._pools.append(pool)
        return pool

    async def close(self) -> None:
        """Stop everything; nothing may be left."""
        for pool in self._pools:
            await pool.close()
            assert pool.open == 0
        for client in self._clients:
            await client.close()
        for server in self._servers:
            await server.drain(1)
            assert (server.connections, server.running) == (0, 0)
        for upstream in self._upstreams:
            await upstream.close()


def relay(pool: Pool, sinks: list["Relay"] | None = None, *, takes_chunks: bool = False) -> Handler:
    """Make a handler that relays every request to a pool, as the pipeline does."""

    async def handle(exchange: Exchange) -> None:
        sink = Relay(exchange, takes_chunks=takes_chunks)
        if sinks is not None:
            sinks.append(sink)
        await sink.through(pool)

    return handle


class Relay:
    """Relays one answer as it comes; with ``takes_chunks`` whole chunks as they are."""

    def __init__(self, exchange: Exchange, *, takes_chunks: bool = False) -> None:
        self.exchange = exchange
        self.chunks: list[bytes] | None = [] if takes_chunks else None
        self.received = 0
        self.paused = 0
        self.resumed = 0
        self.failure: UpstreamFailure | None = None
        self.done = asyncio.get_running_loop().create_future()

    async def through(self, pool: Pool) -> None:
        """Send the request on and wait for the end of its answer."""
        exchange = self.exchange
        target = exchange.path.encode() + (b"?" + exchange.query if exchange.query else b"")
        call = pool.send(request(target, exchange.body, exchange.method.encode()), b"", self)
        self.call = call

        def pause() -> None:
            self.paused += 1
            call.pause()

        def resume() -> None:
            self.resumed += 1
            call.resume()

        def gone() -> None:
            call.cancel()
            self._finish()

        exchange.on_disconnect = gone
        exchange.bind_source(pause, resume)
        await self.done

    def _finish(self) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Begin."""
        length = dict(headers).get(b"content-length")
        self.exchange.start(status, [], None if length is None else int(length))
        if self.chunks is not None:
            self.call.on_chunk = self._on_chunk

    def on_data(self, data: bytes) -> None:
        """Go on."""
        self.received += len(data)
        self.exchange.write(data)

    def _on_chunk(self, chunk: bytes) -> None:
        assert self.chunks is not None
        self.chunks.append(chunk)
        self.received += len(body_of(chunk))
        self.exchange.write_chunk(chunk)

    def on_end(self) -> None:
        """End."""
        self.exchange.end()
        self._finish()

    def on_failure(self, error: UpstreamFailure) -> None:
        """Say so if that is still possible."""
        self.failure = error
        if self.exchange.started:
            self.exchange.abort()
        else:
            self.exchange.respond(502, error.kind.encode())
        self._finish()


def request(target: bytes = b"/", body: bytes = b"", method: bytes | None = None) -> bytes:
    """Make a plain request."""
    verb = method or (b"POST" if body else b"GET")
    length = b"content-length: %d\r\n" % len(body) if body or verb == b"POST" else b""
    return b"%b %b HTTP/1.1\r\nhost: here\r\n%b\r\n%b" % (verb, target, length, body)


def ok(body: bytes, extra: bytes = b"") -> bytes:
    """Make a plain answer."""
    return b"HTTP/1.1 200 OK\r\n%bcontent-length: %d\r\n\r\n%b" % (extra, len(body), body)


async def echo(exchange: Exchange) -> None:
    """Answer with what was understood of the request."""
    exchange.respond(
        200,
        b"%b %b?%b %b"
        % (exchange.method.encode(), exchange.path.encode(), exchange.query, exchange.body),
        content_type=b"text/plain",
    )
