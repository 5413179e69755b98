"""Server and pool together: backpressure, disconnects and failures cross from one to the other."""

import asyncio
import gc
import os
import weakref
from pathlib import Path

import pytest

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import ServerLimits, Timeouts
from tests.interaction.gateway_http.wire import Relay, Stack, Visit, ok, relay, request, until

HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """Frame a piece."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def resident() -> int:
    """Return this process's resident memory in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def test_streams_cross_piece_by_piece(stack: Stack) -> None:
    steps = [asyncio.Event() for _ in range(20)]

    async def script(visit: Visit) -> None:
        await visit.request()
        visit.say(HEAD)
        for number, step in enumerate(steps):
            await step.wait()
            visit.say(chunk(b"data: %d\n\n" % number))
        visit.say(b"0\r\n\r\n")
        await visit.until_gone()

    pool = stack.pool(await stack.upstream(script))
    server = await stack.server(relay(pool))
    client = await stack.client(server.port)
    client.send(request())
    assert (await client.head()).headers["transfer-encoding"] == "chunked"
    for number, step in enumerate(steps):
        step.set()
        assert await client.chunk() == b"data: %d\n\n" % number
    assert await client.chunk() == b""
    assert pool.idle == 1


async def test_a_slow_reader_holds_its_upstream_back_and_memory_stays(stack: Stack) -> None:
    said = 0
    piece = chunk(b"x" * 65_000)

    async def flood(visit: Visit) -> None:
        nonlocal said
        await visit.request()
        visit.say(HEAD)
        for _ in range(3000):  # 195 MB
            visit.say(piece)
            said += 1
            await visit.writer.drain()
        visit.say(b"0\r\n\r\n")
        await visit.until_gone()

    sinks: list[Relay] = []
    pool = stack.pool(await stack.upstream(flood))
    server = await stack.server(relay(pool, sinks))
    client = await stack.client(server.port)
    client.pause()
    before = resident()
    client.send(request())
    await until(lambda: bool(sinks) and sinks[0].paused > 0)
    last = -1
    while last != said:
        last = said
        await asyncio.sleep(0.1)
    # All that is under way sits in the kernel's socket buffers and one write buffer.
    assert said < 1000
    assert resident() - before < 50_000_000
    client.resume()
    await client.head()
    got = 0
    while data := await client.chunk():
        got += len(data)
    assert got == 3000 * 65_000
    assert sinks[0].resumed > 0
    assert resident() - before < 50_000_000


async def good(visit: Visit) -> None:
    """Serve on and on."""
    while True:
        await visit.request()
        visit.say(ok(b"good"))


async def serves(stack: Stack, port: int, count: int) -> None:
    """Prove that so many clients are served at the same time."""
    clients = [await stack.client(port) for _ in range(count)]
    for client in clients:
        client.send(request())
    for client in clients:
        assert (await client.answer()).body == b"good"


@pytest.mark.parametrize("phase", ["connecting", "before the head", "streaming"])
async def test_a_client_that_leaves_takes_its_upstream_call_along(stack: Stack, phase: str) -> None:
    async def hang(visit: Visit) -> None:
        await visit.request()
        if phase == "streaming":
            visit.say(HEAD + chunk(b"x"))
        await visit.until_gone()

    sinks: list[Relay] = []
    upstream = await stack.upstream(hang)
    pool = stack.pool(upstream, max_connections=2)
    server = await stack.server(relay(pool, sinks))
    clients = [await stack.client(server.port) for _ in range(2)]
    for client in clients:
        client.send(request())
    await until(lambda: len(sinks) == 2)
    if phase != "connecting":
        await until(lambda: [len(visit.requests) for visit in upstream.visits] == [1, 1])
    if phase == "streaming":
        assert [await client.head() for client in clients]
    for client in clients:
        client.abort()
    await until(lambda: (server.running, pool.open) == (0, 0))
    await until(lambda: all(visit.gone.is_set() for visit in upstream.visits if visit.requests))
    upstream.script = good
    await serves(stack, server.port, 2)
    assert stack.errors == []


async def test_a_client_that_leaves_the_queue_harms_nobody(stack: Stack) -> None:
    async def slow(visit: Visit) -> None:
        await release.wait()
        await good(visit)

    release = asyncio.Event()
    pool = stack.pool(await stack.upstream(slow), max_connections=2)
    server = await stack.server(relay(pool))
    clients = [await stack.client(server.port) for _ in range(5)]
    for count, client in enumerate(clients, 1):
        client.send(request())
        await until(lambda: server.running == count)  # noqa: B023 - awaited within the iteration
    assert (pool.open, pool.waiting) == (2, 3)
    clients[3].abort()
    await until(lambda: pool.waiting == 2)
    release.set()
    for client in (*clients[:3], clients[4]):
        assert (await client.answer()).body == b"good"
    assert pool.open == 2


async def test_an_upstream_that_breaks_off_breaks_the_answer_visibly(stack: Stack) -> None:
    async def script(visit: Visit) -> None:
        await visit.request()
        visit.say(HEAD + chunk(b"x"))
        await visit.writer.drain()

    pool = stack.pool(await stack.upstream(script))
    server = await stack.server(relay(pool))
    client = await stack.client(server.port)
    client.send(request())
    await client.head()
    assert await client.until_broken() == b"x"


@pytest.mark.parametrize(
    ("said", "kind"), [(b"garbage", b"protocol"), (b"", b"first_byte_timeout")]
)
async def test_an_upstream_that_fails_early_leaves_room_for_an_answer(
    stack: Stack, said: bytes, kind: bytes
) -> None:
    async def script(visit: Visit) -> None:
        await visit.request()
        visit.say(said)
        await visit.until_gone()

    timeouts = Timeouts(first_byte_s=0.5)
    pool = stack.pool(await stack.upstream(script), timeouts=timeouts)
    server = await stack.server(relay(pool))
    client = await stack.client(server.port)
    client.send(request() + request())
    for _ in range(2):
        answer = await client.answer()
        assert (answer.status, answer.body) == (502, kind)


async def test_a_drain_lets_a_relayed_stream_end(stack: Stack) -> None:
    finish = asyncio.Event()

    async def script(visit: Visit) -> None:
        await visit.request()
        visit.say(HEAD + chunk(b"first"))
        await finish.wait()
        visit.say(chunk(b"last") + b"0\r\n\r\n")
        await visit.until_gone()

    pool = stack.pool(await stack.upstream(script))
    server = await stack.server(relay(pool))
    client = await stack.client(server.port)
    client.send(request())
    await client.head()
    assert await client.chunk() == b"first"
    async with asyncio.TaskGroup() as group:
        draining = group.create_task(server.drain(5))
        await asyncio.sleep(0)
        assert not draining.done()
        finish.set()
        assert [await client.chunk(), await client.chunk()] == [b"last", b""]
    assert await client.closed()


async def test_many_clients_share_few_connections_fairly(stack: Stack) -> None:
    async def script(visit: Visit) -> None:
        while True:
            raw = await visit.request()
            visit.say(ok(raw.split(b" ")[1]))

    upstream = await stack.upstream(script)
    pool = stack.pool(upstream, max_connections=3)
    server = await stack.server(relay(pool))

    async def client(number: int) -> None:
        connection = await stack.client(server.port)
        for turn in range(10):
            target = b"/%d/%d" % (number, turn)
            connection.send(request(target))
            assert (await connection.answer()).body == target

    async with asyncio.TaskGroup() as group:
        for number in range(30):
            group.create_task(client(number))
    assert len(upstream.visits) == 3
    assert (pool.open, pool.idle, pool.waiting) == (3, 3, 0)


async def test_head_is_relayed_as_head(stack: Stack) -> None:
    async def script(visit: Visit) -> None:
        while True:
            await visit.request()
            visit.say(b"HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n")

    pool = stack.pool(await stack.upstream(script))
    server = await stack.server(relay(pool), ServerLimits())
    client = await stack.client(server.port)
    for _ in range(2):
        client.send(request(method=b"HEAD"))
        answer = await client.answer(to_head=True)
        assert answer.headers["content-length"] == "1234"
    assert pool.open == 1


async def test_what_is_over_is_freed_without_the_garbage_collector(stack: Stack) -> None:
    # A collector that has to find every request costs more than serving it.
    async def script(visit: Visit) -> None:
        while True:
            raw = await visit.request()
            if raw.startswith(b"GET /broken"):
                return
            if raw.startswith(b"GET /stream"):
                visit.say(HEAD + chunk(b"x") + b"0\r\n\r\n")
            else:
                visit.say(ok(b"x"))

    freed: list[weakref.ref[Relay]] = []
    pool = stack.pool(await stack.upstream(script))

    async def handle(exchange: Exchange) -> None:
        sink = Relay(exchange)
        freed.append(weakref.ref(sink))
        await sink.through(pool)

    server = await stack.server(handle)
    gc.collect()
    gc.disable()
    try:
        client = await stack.client(server.port)
        for target, status in ((b"/whole", 200), (b"/stream", 200), (b"/broken", 502)):
            client.send(request(target))
            assert (await client.answer()).status == status
        client.send(request(b"/last"))
        assert (await client.answer()).status == 200
        await until(lambda: server.running == 0)
        assert len(freed) == 4
        await until(lambda: [each() for each in freed] == [None] * 4)
    finally:
        gc.enable()
