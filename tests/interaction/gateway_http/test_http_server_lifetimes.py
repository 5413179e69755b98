"""How long the server waits for whom, what it does about clients that leave, and how it stops."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import ServerLimits
from mainspring.gateway.http.server import Entrance, HttpServer
from tests.interaction.gateway_http.wire import Client, Stack, echo, request, until

IMPATIENT = ServerLimits(
    header_timeout_s=0.2,
    body_timeout_s=0.2,
    body_min_bytes_per_s=1000,
    keep_alive_s=0.5,
    write_stall_s=0.3,
    linger_s=0.2,
)


async def test_an_idle_connection_is_closed_without_a_word(stack: Stack) -> None:
    server = await stack.server(echo, IMPATIENT)
    unused = await stack.client(server.port)
    used = await stack.client(server.port)
    used.send(request())
    assert (await used.answer()).status == 200
    began = time.monotonic()
    assert await unused.closed()
    assert await used.closed()
    assert 0.45 < time.monotonic() - began < 3


async def test_use_keeps_a_connection_open(stack: Stack) -> None:
    server = await stack.server(echo, IMPATIENT)
    client = await stack.client(server.port)
    for _ in range(6):
        await asyncio.sleep(0.1)  # a fifth of what is allowed
        client.send(request())
        assert (await client.answer()).status == 200


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (b"GET /", "head"),
        (b"GET / HTTP/1.1\r\nhost: x\r\nx-drip: ", "head"),
        (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n", "body"),
        (b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n", "body"),
    ],
)
async def test_a_client_that_drips_is_refused_in_time(stack: Stack, raw: bytes, part: str) -> None:
    server = await stack.server(echo, IMPATIENT)
    client = await stack.client(server.port)
    began = time.monotonic()

    async def drip() -> None:
        with contextlib.suppress(ConnectionError):
            for byte in raw:
                client.send(bytes([byte]))
                await asyncio.sleep(0)
            while True:
                client.send(b"1" if part == "head" else b"")
                await asyncio.sleep(0.02)

    async with asyncio.TaskGroup() as group:
        dripping = group.create_task(drip())
        answer = await client.answer()
        dripping.cancel()
    assert answer.status == 408
    assert part.encode() in answer.body
    assert 0.15 < time.monotonic() - began < 2


async def test_an_upload_may_take_as_long_as_it_is_fast_enough(stack: Stack) -> None:
    server = await stack.server(echo, IMPATIENT)
    client = await stack.client(server.port)
    client.send(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n")
    for _ in range(10):  # longer than the fixed time, faster than the slowest rate
        client.send(b"x" * 100)
        await asyncio.sleep(0.03)
    assert (await client.answer()).status == 200


async def test_a_running_request_has_no_deadline_of_the_server(stack: Stack) -> None:
    async def handle(exchange: Exchange) -> None:
        await asyncio.sleep(0.8)  # longer than every limit
        exchange.respond(200, b"slow")

    server = await stack.server(handle, IMPATIENT)
    client = await stack.client(server.port)
    client.send(request())
    assert (await client.answer()).body == b"slow"


async def test_a_client_that_takes_nothing_is_dropped_in_time(stack: Stack) -> None:
    gone: list[float] = []
    left = asyncio.Event()

    async def handle(exchange: Exchange) -> None:
        def leave() -> None:
            gone.append(time.monotonic())
            left.set()

        exchange.on_disconnect = leave
        exchange.start(200, [], None)
        for _ in range(200):
            exchange.write(b"x" * 100_000)
        await left.wait()

    server = await stack.server(handle, IMPATIENT)
    client = await stack.client(server.port)
    client.send(request())
    began = time.monotonic()
    await until(lambda: server.connections == 0)
    assert len(gone) == 1
    assert 0.25 < gone[0] - began < 2


async def test_a_client_that_does_not_take_its_last_answer_is_dropped_in_time(stack: Stack) -> None:
    async def handle(exchange: Exchange) -> None:
        exchange.respond(200, b"x" * 20_000_000)

    server = await stack.server(handle, IMPATIENT)
    for extra in (b"", b"connection: close\r\n"):
        client = await stack.client(server.port)
        client.send(b"GET / HTTP/1.1\r\nhost: x\r\n%b\r\n" % extra)
        await until(lambda: server.connections == 1)
        await until(lambda: server.connections == 0)
        client.abort()


async def test_a_slow_but_steady_reader_is_served(stack: Stack) -> None:
    body = b"x" * 20_000_000

    async def handle(exchange: Exchange) -> None:
        exchange.respond(200, body)

    server = await stack.server(handle, IMPATIENT)
    sock = socket.create_connection(("127.0.0.1", server.port))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 262_144)
    reader, writer = await asyncio.open_connection(sock=sock, limit=65_536)
    client = Client(reader, writer)
    client.send(request())
    await client.head()
    got = 0
    began = time.monotonic()
    while got < len(body):
        piece = await reader.read(200_000)
        assert piece, "it was dropped"
        got += len(piece)
        if time.monotonic() - began < 0.9:  # three times what a stalled one is given
            await asyncio.sleep(0.02)
    await client.close()
    assert got == len(body)


async def test_the_next_request_waits_until_the_last_answer_is_taken(stack: Stack) -> None:
    handled: list[str] = []

    async def handle(exchange: Exchange) -> None:
        handled.append(exchange.path)
        exchange.respond(200, b"x" * 10_000_000)

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(request(b"/1") + request(b"/2"))
    await until(lambda: handled == ["/1"])
    client.send(request(b"/3"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert handled == ["/1"]
    for _ in range(3):
        assert len((await client.answer()).body) == 10_000_000
    assert handled == ["/1", "/2", "/3"]


@pytest.mark.parametrize("how", ["close", "abort", "half"])
async def test_a_client_that_leaves_is_noticed_once_and_at_once(stack: Stack, how: str) -> None:
    seen: list[Exchange] = []
    told = 0

    async def handle(exchange: Exchange) -> None:
        def gone() -> None:
            nonlocal told
            told += 1
            release.set()

        release = asyncio.Event()
        exchange.on_disconnect = gone
        seen.append(exchange)
        if exchange.path == "/streaming":
            exchange.start(200, [], None)
            exchange.write(b"x")
        await release.wait()
        # All of these are too late, and harmless.
        exchange.write(b"y")
        exchange.end()
        exchange.respond(200, b"")
        exchange.abort()

    server = await stack.server(handle)
    for count, path in enumerate((b"/waiting", b"/streaming"), 1):
        client = await stack.client(server.port)
        client.send(request(path) + request(b"/never"))
        await until(lambda: len(seen) == count)  # noqa: B023 - awaited within the iteration
        if how == "close":
            client.writer.close()
        elif how == "abort":
            client.abort()
        else:
            client.writer.write_eof()
        await until(lambda: told == count)  # noqa: B023 - awaited within the iteration
        assert seen[-1].disconnected
        await until(lambda: server.connections == 0)
    assert told == 2
    assert [exchange.path for exchange in seen] == ["/waiting", "/streaming"]
    assert stack.errors == []


async def test_a_client_that_leaves_after_its_answer_is_no_news(stack: Stack) -> None:
    told: list[str] = []

    async def handle(exchange: Exchange) -> None:
        exchange.on_disconnect = lambda: told.append(exchange.path)
        exchange.respond(200, b"")

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(request())
    await client.answer()
    client.abort()
    await until(lambda: server.connections == 0)
    assert told == []


async def test_an_aborted_answer_ends_in_a_reset_and_not_in_a_disconnect(stack: Stack) -> None:
    told: list[str] = []

    async def handle(exchange: Exchange) -> None:
        exchange.on_disconnect = lambda: told.append(exchange.path)
        exchange.start(200, [], None)
        exchange.write(b"x")
        await asyncio.sleep(0)
        exchange.abort()
        assert exchange.ended

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(request())
    await client.head()
    assert await client.until_broken() in (b"", b"x")
    await until(lambda: server.running == 0)
    assert told == []
    assert stack.errors == []


async def test_drain_lets_running_answers_end_and_closes_what_is_idle(stack: Stack) -> None:
    finish = asyncio.Event()
    begun: list[str] = []

    async def handle(exchange: Exchange) -> None:
        begun.append(exchange.path)
        if exchange.path == "/streaming":
            exchange.start(200, [], None)
            exchange.write(b"first")
            await finish.wait()
            exchange.write(b"last")
            exchange.end()
        else:
            await finish.wait()
            exchange.respond(200, b"whole")

    server = await stack.server(handle)
    idle = await stack.client(server.port)
    streaming = await stack.client(server.port)
    waiting = await stack.client(server.port)
    sending = await stack.client(server.port)
    streaming.send(request(b"/streaming"))
    waiting.send(request(b"/waiting"))
    raw = request(b"/sending", b"body")
    sending.send(raw[:30])
    await until(lambda: len(begun) == 2)
    assert (await streaming.head()).status == 200
    async with asyncio.TaskGroup() as group:
        draining = group.create_task(server.drain(5))
        assert await idle.closed()
        with pytest.raises(OSError, match="Connect"):
            await stack.client(server.port)
        sending.send(raw[30:])
        await until(lambda: len(begun) == 3)
        assert not draining.done()
        finish.set()
        for client in (waiting, sending):
            answer = await client.answer()
            assert (answer.body, answer.headers["connection"]) == (b"whole", "close")
            assert await client.closed()
        assert [await streaming.chunk() for _ in range(3)] == [b"first", b"last", b""]
        assert await streaming.closed()
    assert (server.connections, server.running) == (0, 0)


async def test_drain_cuts_off_what_outlasts_its_deadline(stack: Stack) -> None:
    told: list[str] = []
    cancelled: list[str] = []

    async def handle(exchange: Exchange) -> None:
        exchange.on_disconnect = lambda: told.append(exchange.path)
        exchange.start(200, [], None)
        exchange.write(b"x")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(exchange.path)
            raise

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(request(b"/endless"))
    await client.head()
    began = time.monotonic()
    await server.drain(0.2)
    assert 0.15 < time.monotonic() - began < 2
    assert (told, cancelled) == (["/endless"], ["/endless"])
    assert (server.connections, server.running) == (0, 0)
    assert stack.errors == []


async def test_drain_waits_for_ever_for_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("mainspring.gateway.http.server._LETS_GO_S", 0.3)
    begun, release = asyncio.Event(), asyncio.Event()

    async def stubborn(exchange: Exchange) -> None:
        begun.set()
        while not release.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await release.wait()

    server = HttpServer()
    await server.start(stubborn, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request())
    await begun.wait()
    async with asyncio.timeout(5):
        await server.drain(0.1)
    assert await reader.read() == b""
    [told] = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert "0 connections and 1 handlers do not end" in told
    assert "_run" in told
    release.set()
    await until(lambda: server.running == 0)
    writer.close()


async def test_a_handler_that_is_cut_off_before_it_began_holds_up_nothing(stack: Stack) -> None:
    ended: list[str] = []

    async def handle(exchange: Exchange) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(exchange.path)

    def handle_at_the_end(exchange: Exchange) -> Coroutine[Any, Any, None]:
        draining.cancel()  # its turn comes before the first of the task that is about to be made
        return handle(exchange)

    server = await stack.server(handle_at_the_end)
    client = await stack.client(server.port)
    raw = request(b"/late")
    client.send(raw[:10])
    await until(lambda: server.connections == 1)
    draining = asyncio.get_running_loop().create_task(server.drain(5))
    for _ in range(5):
        await asyncio.sleep(0)
    client.send(raw[10:])
    async with asyncio.timeout(3):
        with pytest.raises(asyncio.CancelledError):
            await draining
        await until(lambda: server.running == 0)
    assert ended == ["/late"]


async def test_two_servers_share_a_port(stack: Stack) -> None:
    first = await stack.server(echo, entrance=Entrance(reuse_port=True))
    second = HttpServer()
    await second.start(echo, "127.0.0.1", first.port, entrance=Entrance(reuse_port=True))
    assert second.port == first.port
    for _ in range(20):
        client = await stack.client(first.port)
        client.send(request())
        assert (await client.answer()).status == 200
    await second.drain(1)


async def test_a_server_starts_once(stack: Stack) -> None:
    server = await stack.server(echo)
    with pytest.raises(RuntimeError):
        await server.start(echo, "127.0.0.1", 0)
