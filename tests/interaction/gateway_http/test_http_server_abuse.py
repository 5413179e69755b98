"""Requests that another server might read differently are refused, and limits hold."""

import asyncio
import tomllib
from pathlib import Path
from typing import TypedDict

import pytest
import uvloop
from hypothesis import HealthCheck, given, settings, strategies as st

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import ServerLimits
from mainspring.gateway.http.server import HttpServer
from tests.interaction.gateway_http.wire import Stack, echo, request, until


class Case(TypedDict):
    """A refused request."""

    name: str
    raw: str
    status: int


CORPUS: list[Case] = tomllib.loads(
    (Path(__file__).parent / "abuse.toml").read_text(encoding="utf-8")
)["refused"]


def test_the_corpus_names_each_case_once() -> None:
    assert len({case["name"] for case in CORPUS}) == len(CORPUS) > 60


@pytest.mark.parametrize("case", CORPUS, ids=[case["name"] for case in CORPUS])
async def test_ambiguous_requests_are_refused_and_nothing_hides_behind_them(
    stack: Stack, case: Case
) -> None:
    paths: list[str] = []

    async def handle(exchange: Exchange) -> None:
        paths.append(exchange.path)
        await echo(exchange)

    server = await stack.server(handle)
    raw = case["raw"].encode("latin-1")
    # Whole, behind a good request, and byte by byte: the outcome is the same.
    for prefix, step in ((b"", len(raw)), (request(b"/good"), len(raw)), (b"", 1)):
        client = await stack.client(server.port)
        paths.clear()
        client.send(prefix)
        for start in range(0, len(raw), step):
            client.send(raw[start : start + step])
            await asyncio.sleep(0)
        if prefix:
            assert (await client.answer()).status == 200
        answer = await client.answer(to_head=True)
        assert answer.status == case["status"]
        assert answer.headers["connection"] == "close"
        assert answer.headers["content-type"] == "application/json"
        assert len(await client.rest()) == int(answer.headers["content-length"])
        assert paths == (["/good"] if prefix else [])
        client.abort()


async def test_the_refusals_shape_is_injected(stack: Stack) -> None:
    server = HttpServer(refuse=lambda status, code, text: f"{status} {code} {bool(text)}".encode())
    await server.start(echo, "127.0.0.1", 0)
    client = await stack.client(server.port)
    client.send(b"nonsense\r\n\r\n")
    assert (await client.answer()).body == b"400 malformed_request True"
    await server.drain(1)


LIMITS = ServerLimits(
    max_url_bytes=100, max_header_bytes=1000, max_headers=10, max_body_bytes=5000, linger_s=0.3
)

TOO_MUCH = {
    "long url": (request(b"/" + b"x" * 100), 414),
    "endless url": (b"GET /" + b"x" * 5000, 414),
    "many headers": (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 10 + b"\r\n", 431),
    "repeated header": (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 100, 431),
    "large header": (b"GET / HTTP/1.1\r\nhost: x\r\na: " + b"b" * 1000 + b"\r\n\r\n", 431),
    "endless header": (b"GET / HTTP/1.1\r\nhost: x\r\na: " + b"b" * 100_000, 431),
    "endless name": (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"b" * 100_000, 431),
    "large body": (request(b"/", b"x" * 5001), 413),
    "announced body": (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5001\r\n\r\n", 413),
    "chunked body": (
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
        + b"7d0\r\n%b\r\n" % (b"x" * 2000) * 5,
        413,
    ),
    "chunked body at once": (
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
        b"1388\r\n%b\r\n1\r\nx\r\n0\r\n\r\n" % (b"x" * 5000),
        413,
    ),
    "endless chunk extension": (
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1;" + b"x" * 100_000,
        431,
    ),
    "endless trailer": (
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: "
        + b"x" * 100_000,
        431,
    ),
    "many trailers": (
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
        + b"a: b\r\n" * 100_000,
        431,
    ),
}


@pytest.mark.parametrize("name", TOO_MUCH)
async def test_what_is_too_large_is_refused(stack: Stack, name: str) -> None:
    raw, status = TOO_MUCH[name]
    server = await stack.server(echo, LIMITS)
    for step in (len(raw), 900):
        client = await stack.client(server.port)
        for start in range(0, len(raw), step):
            if client.reader.at_eof():
                break
            client.send(raw[start : start + step])
            await asyncio.sleep(0)
        answer = await client.answer()
        assert (answer.status, answer.headers["connection"]) == (status, "close")
        client.abort()


async def test_what_is_just_small_enough_is_served(stack: Stack) -> None:
    server = await stack.server(echo, LIMITS)
    client = await stack.client(server.port)
    client.send(request(b"/" + b"x" * 99))
    client.send(request(b"/", b"x" * 5000))
    client.send(b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 9 + b"\r\n")
    client.send(b"GET / HTTP/1.1\r\nhost: x\r\na: " + b"b" * 900 + b"\r\n\r\n")
    assert [(await client.answer()).status for _ in range(4)] == [200] * 4


async def test_a_refusal_reaches_a_client_that_is_still_sending(stack: Stack) -> None:
    server = await stack.server(echo, ServerLimits(max_body_bytes=1000))
    client = await stack.client(server.port)
    client.send(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3000000\r\n\r\n")
    for _ in range(30):
        client.send(b"x" * 100_000)
        await asyncio.sleep(0)
    assert (await client.answer()).status == 413
    await client.close()
    await until(lambda: server.connections == 0, "the connection is let go")


async def test_incomplete_bodies_are_bounded_over_all_connections(stack: Stack) -> None:
    server = await stack.server(echo, ServerLimits(max_buffered_bytes=150_000))
    first = await stack.client(server.port)
    second = await stack.client(server.port)
    announced = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n"
    first.send(announced + b"x" * 90_000)
    await until(lambda: server.buffered == 90_000)
    second.send(announced + b"x" * 90_000)
    answers = {(await second.answer()).status}
    assert answers == {503}
    first.send(b"x" * 10_000)
    assert (await first.answer()).status == 200
    # Refused, served or broken off: nothing stays counted.
    third = await stack.client(server.port)
    third.send(announced + b"x" * 90_000)
    await until(lambda: server.buffered == 90_000)
    third.abort()
    await until(lambda: server.buffered == 0)


async def test_connections_beyond_the_limit_are_told_so(stack: Stack) -> None:
    server = await stack.server(echo, ServerLimits(max_connections=2))
    first = await stack.client(server.port)
    second = await stack.client(server.port)
    for client in (first, second):
        client.send(request())
        assert (await client.answer()).status == 200
    third = await stack.client(server.port)
    assert (await third.answer()).status == 503
    assert await third.closed()
    await third.close()
    await first.close()
    await until(lambda: server.connections == 1)
    fourth = await stack.client(server.port)
    fourth.send(request())
    assert (await fourth.answer()).status == 200


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    bodies=st.lists(st.binary(max_size=40), min_size=1, max_size=4),
    chunked=st.booleans(),
    cuts=st.lists(st.integers(min_value=1, max_value=60), max_size=20),
)
def test_bodies_survive_any_cutting(bodies: list[bytes], chunked: bool, cuts: list[int]) -> None:
    async def run() -> None:
        stack = Stack()
        server = await stack.server(echo)
        client = await stack.client(server.port)
        raw = b""
        for body in bodies:
            if chunked:
                pieces = [body[:3], body[3:]]
                coded = b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in pieces if p) + b"0\r\n\r\n"
                raw += b"PUT /x HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n" + coded
            else:
                raw += request(b"/x", body, b"PUT") if body else request(b"/x", method=b"PUT")
        rest = raw
        for cut in cuts:
            client.send(rest[:cut])
            rest = rest[cut:]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        client.send(rest)
        answers = [(await client.answer()).body for _ in bodies]
        assert answers == [b"PUT /x? " + body for body in bodies]
        await stack.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


@settings(max_examples=60, deadline=None)
@given(noise=st.lists(st.binary(max_size=80), min_size=1, max_size=5), behind=st.booleans())
def test_noise_never_breaks_the_server(noise: list[bytes], behind: bool) -> None:
    async def run() -> None:
        stack = Stack()
        complaints: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, c: complaints.append(c))
        server = await stack.server(echo)
        client = await stack.client(server.port)
        if behind:
            client.send(b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n")
        for piece in noise:
            client.send(piece)
            await asyncio.sleep(0)
        client.abort()
        good = await stack.client(server.port)
        good.send(request(b"/still"))
        assert (await good.answer()).body == b"GET /still? "
        await stack.close()
        assert complaints == []
        assert stack.errors == []

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
