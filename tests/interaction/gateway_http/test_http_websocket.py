"""G1: what a WebSocket's silence, idleness and floods lead to, with short deadlines."""

import asyncio
import base64
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import SocketLimits
from mainspring.gateway.http.server import HttpServer
from mainspring.gateway.http.websocket import GOING_AWAY, Offer, SocketHost, WebSocket
from tests.fixtures.gateway import until


class Echo:
    """Says back what it hears."""

    def __init__(self) -> None:
        self.socket: WebSocket
        self.busy = False
        self.behind: list[bool] = []
        self.closed: list[tuple[int, str]] = []

    def on_open(self, socket: WebSocket) -> None:
        self.socket = socket

    def on_message(self, data: bytes, *, text: bool) -> None:
        self.socket.send(data, text=text)

    def on_behind(self, *, behind: bool) -> None:
        self.behind.append(behind)

    def on_drain(self) -> None:
        self.socket.close(GOING_AWAY, "drain")

    def on_closed(self, code: int, reason: str) -> None:
        self.closed.append((code, reason))


class Room:
    """A server of echoes."""

    def __init__(self, limits: SocketLimits) -> None:
        self.host = SocketHost(limits, Sweeper(0.01))
        self.server = HttpServer(sweeper=self.host.sweeper)
        self.echoes: list[Echo] = []
        self.busy = False

    def answer(self, exchange: Exchange) -> None:
        """Take a WebSocket."""
        echo = Echo()
        echo.busy = self.busy
        self.echoes.append(echo)
        Offer(exchange, self.host, ("echo",)).accept(echo)

    @property
    def url(self) -> str:
        """Return the address."""
        return f"ws://127.0.0.1:{self.server.port}/"


@asynccontextmanager
async def room(limits: SocketLimits | None = None) -> AsyncGenerator[Room]:
    """Run a server of echoes."""
    made = Room(limits or SocketLimits())
    await made.server.start(made.answer, "127.0.0.1", 0)
    yield made
    await made.server.drain(1.0)
    assert (made.host.open, made.host.buffered) == (0, 0)


async def raw_client(made: Room) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return a connection behind its handshake, which answers no ping."""
    reader, writer = await asyncio.open_connection("127.0.0.1", made.server.port)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        f"sec-websocket-version: 13\r\nsec-websocket-key: {key}\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def test_a_silent_peer_is_asked_and_then_dropped() -> None:
    async with room(SocketLimits(ping_s=0.1, pong_s=0.1)) as made:
        reader, writer = await raw_client(made)
        async with asyncio.timeout(5):
            assert await reader.read() == b"\x89\x00"  # one ping, then the end
        await until(lambda: bool(made.echoes[0].closed))
        assert made.echoes[0].closed == [(1006, "")]
        writer.close()


async def test_a_peer_that_gives_signs_of_life_stays() -> None:
    async with (
        room(SocketLimits(ping_s=0.05, pong_s=0.1)) as made,
        connect(made.url, proxy=None) as client,
    ):
        for _ in range(4):
            await asyncio.sleep(0.1)  # twice the time after which it is asked
            await client.send("still here")
            assert await client.recv() == "still here"
        assert made.echoes[0].closed == []


async def test_an_idle_connection_is_closed_and_a_busy_one_is_not() -> None:
    async with room(SocketLimits(ping_s=0.05, pong_s=0.5, idle_s=0.2)) as made:
        made.busy = True
        async with connect(made.url, proxy=None) as busy:
            await until(lambda: bool(made.echoes))
            made.busy = False
            async with connect(made.url, proxy=None) as idle:
                async with asyncio.timeout(5):
                    with pytest.raises(ConnectionClosed):
                        await idle.recv()
                assert idle.close_code == 1000
            await busy.send("still here")
            assert await busy.recv() == "still here"


async def test_a_peer_that_does_not_say_goodbye_is_not_waited_for() -> None:
    async with room(SocketLimits(close_s=0.1)) as made:
        reader, writer = await raw_client(made)
        await until(lambda: bool(made.echoes))
        made.echoes[0].socket.close(1000, "go")
        async with asyncio.timeout(5):
            assert await reader.read() == b"\x88\x04\x03\xe8go"
        await until(lambda: bool(made.echoes[0].closed))
        writer.close()


async def test_large_messages_survive_both_ways_and_fill_no_memory() -> None:
    async with room() as made, connect(made.url, proxy=None, max_size=None) as client:
        sent = os.urandom(5_000_000)
        await client.send(sent)
        assert await client.recv() == sent
        await client.send("ü" * 100_000)
        assert await client.recv() == "ü" * 100_000
        assert made.host.buffered == 0


async def test_incomplete_messages_have_a_bound_over_all_connections() -> None:
    async with room(SocketLimits(max_buffered_bytes=100_000)) as made:
        async with connect(made.url, proxy=None) as client:
            await client.send([b"x" * 60_000] * 3)
            with pytest.raises(ConnectionClosed):
                await client.recv()
            assert client.close_code == 1013
        await until(lambda: made.host.buffered == 0)


async def test_pings_that_are_not_taken_back_end_the_connection() -> None:
    async with room(SocketLimits(max_pings_behind=10)) as made:
        reader, writer = await raw_client(made)
        await until(lambda: bool(made.echoes))
        socket = made.echoes[0].socket
        async with asyncio.timeout(10):
            while not socket.behind:
                socket.send(b"x" * 1_000_000)
                await asyncio.sleep(0)
        writer.write(b"\x89\x80\x00\x00\x00\x00" * 20)
        await until(lambda: bool(made.echoes[0].closed))
        del reader
        writer.transport.abort()
