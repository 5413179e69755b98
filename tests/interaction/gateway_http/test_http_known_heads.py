"""Messages whose head was read before are understood exactly as those that were not."""

import asyncio
from collections.abc import Sequence

import pytest
import uvloop
from hypothesis import HealthCheck, given, settings, strategies as st

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import ServerLimits
from tests.interaction.gateway_http.test_http_server_abuse import CORPUS, Case
from tests.interaction.gateway_http.wire import Heard, Stack, Upstream, Visit, echo, request

LINES = (
    b"host: a",
    b"Host: b",
    b"content-type: application/json",
    b"connection: keep-alive",
    b"connection: close",
    b"x-twice: 1",
    b"x-twice: 2",
    b"authorization: Bearer one",
    b"authorization: Bearer other",
    b"expect: 100-continue",
    b"upgrade: h2c",
    b"transfer-encoding: chunked",
    b"content-length: 3",
)


@st.composite
def a_request(draw: st.DrawFn) -> bytes:
    """Write a request, mostly a good one, of few heads, so that many of them are the same."""
    first = draw(st.sampled_from((b"POST /a?b=c HTTP/1.1", b"POST / HTTP/1.0", b"GET / HTTP/1.1")))
    lines = draw(st.lists(st.sampled_from(LINES), max_size=2))
    body = draw(st.sampled_from((b"", b"abc", b"x" * 30, b"y" * 2000)))
    length = draw(st.sampled_from((b"content-length: %d", b"Content-Length: %d"))) % len(body)
    return b"\r\n".join((first, b"host: x", *lines, length)) + b"\r\n\r\n" + body


async def _understood(raw: Sequence[bytes], *, together: bool) -> list[object]:
    """Send each request on a connection, twice, and return what the server made of them."""
    stack = Stack()
    seen: list[object] = []

    def handle(exchange: Exchange) -> None:
        seen.append((exchange.method, exchange.path, exchange.query, exchange.headers.items()))
        seen.append((exchange.body, exchange.keep_alive))
        exchange.respond(200, b"")

    server = await stack.server(handle, ServerLimits(max_body_bytes=1000, linger_s=0.05))
    try:
        for each in raw:
            client = await stack.client(server.port)
            for _ in range(2):
                step = len(each) if together else 7
                for start in range(0, len(each), step):
                    client.send(each[start : start + step])
                    if not together:
                        await asyncio.sleep(0)
                try:
                    answer = await client.head()
                    if answer.status == 100:
                        answer = await client.head()
                except (asyncio.IncompleteReadError, ConnectionError):
                    seen.append("closed")
                    break
                seen.append(answer.status)
                if answer.headers.get("connection") == "close":
                    break
            client.abort()
    finally:
        await stack.close()
    return seen


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(a_request(), min_size=1, max_size=6))
def test_a_known_head_is_understood_as_in_pieces(raw: list[bytes]) -> None:
    whole = uvloop.run(_understood(raw, together=True))
    assert [str(each) for each in whole] == [
        str(each) for each in uvloop.run(_understood(raw, together=False))
    ]


@pytest.mark.parametrize("case", CORPUS, ids=[case["name"] for case in CORPUS])
async def test_what_is_refused_is_refused_behind_known_heads_as_well(
    stack: Stack, case: Case
) -> None:
    paths: list[str] = []

    async def handle(exchange: Exchange) -> None:
        paths.append(exchange.path)
        await echo(exchange)

    server = await stack.server(handle)
    raw = case["raw"].encode("latin-1")
    client = await stack.client(server.port)
    for body in (b"", b"a", b"ab"):
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert (await client.answer()).status == 200
    paths.clear()
    client.send(raw)
    answer = await client.answer(to_head=True)
    assert (answer.status, answer.headers["connection"]) == (case["status"], "close")
    assert paths == []
    client.abort()


async def test_the_bound_of_bodies_holds_behind_a_known_head(stack: Stack) -> None:
    server = await stack.server(echo, ServerLimits(max_body_bytes=100, linger_s=0.3))
    client = await stack.client(server.port)
    for size in (10, 100):
        client.send(request(b"/", b"x" * size))
        assert (await client.answer()).status == 200
    client.send(request(b"/", b"x" * 101))
    assert (await client.answer()).status == 413


ANSWERS = (
    b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
    b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 2\r\n\r\nno",
    b"HTTP/1.1 200 OK\r\nkeep-alive: timeout=5\r\ncontent-length: 2\r\n\r\nhi",
    b"HTTP/1.1 200 OK\r\nset-cookie: a\r\nset-cookie: b\r\ncontent-length: 2\r\n\r\nhi",
    b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    (
        b"HTTP/1.1 103 Early Hints\r\ncontent-length: 38\r\n\r\n"
        b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
    ),
    b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nhi",
    b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhigh",
    b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhi",
)


async def _heard(
    answers: Sequence[bytes], methods: Sequence[bytes], *, together: bool
) -> list[str]:
    stack = Stack()
    left = list(answers)

    async def script(visit: Visit) -> None:
        while left:
            await visit.request()
            raw = left.pop(0)
            step = len(raw) if together else 5
            for start in range(0, len(raw), step):
                visit.say(raw[start : start + step])
                await asyncio.sleep(0)
            if raw.endswith(b"4\r\n\r\nhi"):
                return  # it hangs up in the middle

    outcomes: list[str] = []
    try:
        upstream: Upstream = await stack.upstream(script)
        pool = stack.pool(upstream)
        for method in methods:
            heard = Heard()
            pool.send(request(b"/", b"", method), b"", heard)
            await heard.outcome()
            kind = None if heard.failure is None else heard.failure.kind
            whole = heard.failure is None
            outcomes.append(f"{heard.status} {heard.headers} {heard.body if whole else ''} {kind}")
    finally:
        await stack.close()
    return outcomes


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(ANSWERS[:10]), st.sampled_from((b"POST", b"GET"))),
        min_size=2,
        max_size=12,
    )
)
def test_an_answer_with_a_known_head_is_heard_as_in_pieces(
    calls: list[tuple[bytes, bytes]],
) -> None:
    answers, methods = zip(*calls, strict=True)
    whole = uvloop.run(_heard(answers, methods, together=True))
    assert whole == uvloop.run(_heard(answers, methods, together=False))


@pytest.mark.parametrize("odd", ANSWERS[10:])
async def test_an_odd_answer_is_heard_alike_the_first_time_and_the_third(odd: bytes) -> None:
    good = ANSWERS[0]
    first = await _heard([odd], [b"POST"], together=True)
    third = await _heard([good, good, odd], [b"POST"] * 3, together=True)
    assert third[2:] == first
