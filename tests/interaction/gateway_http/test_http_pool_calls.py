"""Calls to upstreams that behave well, badly, and not at all."""

import asyncio
import socket
import time

import pytest

from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.pool import Origin, Pool
from mainspring.gateway.http.sink import FailureKind, UpstreamFailure
from tests.interaction.gateway_http.wire import Heard, Script, Stack, Visit, ok, request, until

OK = b"HTTP/1.1 200 OK\r\n"
IMPATIENT = Timeouts(connect_s=0.2, first_byte_s=0.2, idle_s=0.2, total_s=5)


async def forever(visit: Visit) -> None:
    """Answer every request with its body."""
    while True:
        raw = await visit.request()
        visit.say(ok(raw.partition(b"\r\n\r\n")[2] or b"-"))


def saying(*pieces: bytes, then: str = "") -> Script:
    """Make a script that reads a request and answers with these pieces, one by one."""

    async def script(visit: Visit) -> None:
        await visit.request()
        for piece in pieces:
            visit.say(piece)
            await visit.writer.drain()
            await asyncio.sleep(0.005)
        if then == "close":
            return
        if then == "reset":
            visit.writer.transport.abort()
            return
        await visit.until_gone()

    return script


async def call(pool: Pool, raw: bytes | None = None, timeouts: Timeouts | None = None) -> Heard:
    """Make a call and wait for its outcome."""
    heard = Heard()
    pool.send(raw or request(), b"", heard, timeouts)
    return await heard.outcome()


async def test_a_call_sends_head_and_body_and_hears_the_answer(stack: Stack) -> None:
    upstream = await stack.upstream(forever)
    pool = stack.pool(upstream)
    for body in (b"small", b"x" * 300_000):
        heard = Heard()
        head = b"POST /p HTTP/1.1\r\nhost: u\r\ncontent-length: %d\r\n\r\n" % len(body)
        pool.send(head, body, heard)
        assert heard.calls == 0
        await heard.outcome()
        assert (heard.status, heard.body, heard.failure) == (200, body, None)
        assert upstream.requests[-1] == head + body
    assert len(upstream.visits) == 1
    assert (pool.open, pool.idle) == (1, 1)


@pytest.mark.parametrize(
    ("pieces", "then", "body"),
    [
        ([OK + b"content-length: 4\r\n\r\nab", b"cd"], "", b"abcd"),
        ([OK + b"transfer-encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n"], "", b"abcd"),
        ([OK + b"Transfer-Encoding: Chunked\r\n\r\n2\r\nab", b"\r\n0\r\nx: y\r\n\r\n"], "", b"ab"),
        ([OK + b"\r\nab", b"cd"], "close", b"abcd"),
        ([b"HTTP/1.0 200 OK\r\n\r\n"], "close", b""),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], "", b""),
        ([b"HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n"], "", b""),
        ([OK + b"content-length: 0\r\n\r\n"], "", b""),
        (
            [
                b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n",
                b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"content-length: 2\r\n\r\nab",
            ],
            "",
            b"ab",
        ),
    ],
)
async def test_every_framing_of_an_answer_is_understood(
    stack: Stack, pieces: list[bytes], then: str, body: bytes
) -> None:
    for cut in (pieces, [bytes([byte]) for byte in b"".join(pieces)]):
        pool = stack.pool(await stack.upstream(saying(*cut, then=then)))
        heard = await call(pool)
        assert (heard.failure, heard.ended, heard.body) == (None, True, body)
        assert b"x" not in dict(heard.headers)
        assert pool.idle == (0 if then else 1)


async def test_headers_keep_order_and_repeats_and_names_are_lower_case(stack: Stack) -> None:
    raw = ok(b"", b"X-B: 1\r\nSet-Cookie: a\r\nset-cookie: b \r\n")
    pool = stack.pool(await stack.upstream(saying(raw)))
    heard = await call(pool)
    assert heard.headers == [
        (b"x-b", b"1"),
        (b"set-cookie", b"a"),
        (b"set-cookie", b"b"),
        (b"content-length", b"0"),
    ]


async def test_the_answer_to_head_has_no_body_and_keeps_the_connection(stack: Stack) -> None:
    async def script(visit: Visit) -> None:
        while True:
            raw = await visit.request()
            visit.say(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n")
            if not raw.startswith(b"HEAD"):
                visit.say(b"12345")

    upstream = await stack.upstream(script)
    pool = stack.pool(upstream)
    for method, body in ((b"HEAD", b""), (b"GET", b"12345"), (b"HEAD", b"")):
        heard = await call(pool, request(method=method))
        assert (heard.failure, heard.ended, heard.body) == (None, True, body)
    assert len(upstream.visits) == 1


async def test_pieces_that_arrive_together_are_delivered_together(stack: Stack) -> None:
    chunks = b"".join(b"5\r\n%05d\r\n" % number for number in range(20))
    raw = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    pool = stack.pool(await stack.upstream(saying(raw)))
    heard = await call(pool)
    assert len(heard.data) == 1
    assert heard.body == b"".join(b"%05d" % number for number in range(20))


async def test_the_last_piece_is_known_as_such(stack: Stack) -> None:
    pool = stack.pool(
        await stack.upstream(saying(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab", b"cd"))
    )
    known: list[bool] = []

    class Watching(Heard):
        def on_data(self, data: bytes) -> None:
            super().on_data(data)
            known.append(sent.complete)

    heard = Watching()
    sent = pool.send(request(), b"", heard)
    await heard.outcome()
    assert known == [False, True]


FAILURES: dict[str, tuple[Script, UpstreamFailure]] = {
    "closes without a word": (
        saying(then="close"),
        UpstreamFailure(FailureKind.RESET, before_first_byte=True, request_sent=True),
    ),
    "resets without a word": (
        saying(then="reset"),
        UpstreamFailure(FailureKind.RESET, before_first_byte=True, request_sent=True),
    ),
    "closes inside the head": (
        saying(b"HTTP/1.1 200 OK\r\ncontent-", then="close"),
        UpstreamFailure(FailureKind.RESET, before_first_byte=True, request_sent=True),
    ),
    "closes inside a counted body": (
        saying(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab", then="close"),
        UpstreamFailure(FailureKind.RESET, before_first_byte=False, request_sent=True),
    ),
    "resets between chunks": (
        saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n", then="reset"),
        UpstreamFailure(FailureKind.RESET, before_first_byte=False, request_sent=True),
    ),
    "closes inside a chunk": (
        saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab", then="close"),
        UpstreamFailure(FailureKind.RESET, before_first_byte=False, request_sent=True),
    ),
    "stalls before the head": (
        saying(),
        UpstreamFailure(FailureKind.FIRST_BYTE_TIMEOUT, before_first_byte=True, request_sent=True),
    ),
    "stalls inside the head": (
        saying(b"HTTP/1.1 200 OK\r\ncontent-le"),
        UpstreamFailure(FailureKind.FIRST_BYTE_TIMEOUT, before_first_byte=True, request_sent=True),
    ),
    "stalls between chunks": (
        saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n"),
        UpstreamFailure(FailureKind.IDLE_TIMEOUT, before_first_byte=False, request_sent=True),
    ),
    "stalls before the body": (
        saying(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"),
        UpstreamFailure(FailureKind.IDLE_TIMEOUT, before_first_byte=False, request_sent=True),
    ),
    "speaks garbage": (
        saying(b"220 mail.example ESMTP\r\n"),
        UpstreamFailure(FailureKind.PROTOCOL, before_first_byte=True, request_sent=True),
    ),
    "speaks garbage inside the body": (
        saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n", b"zz\r\n"),
        UpstreamFailure(FailureKind.PROTOCOL, before_first_byte=False, request_sent=True),
    ),
    "frames twice": (
        saying(
            b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        UpstreamFailure(FailureKind.PROTOCOL, before_first_byte=True, request_sent=True),
    ),
    "uses an unknown coding": (
        saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nab"),
        UpstreamFailure(FailureKind.PROTOCOL, before_first_byte=True, request_sent=True),
    ),
    "switches protocols": (
        saying(b"HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nab"),
        UpstreamFailure(FailureKind.PROTOCOL, before_first_byte=True, request_sent=True),
    ),
    "switches without a word": (
        saying(b"HTTP/1.1 101 Switching\r\n\r\nab"),
        UpstreamFailure(FailureKind.PROTOCOL, before_first_byte=True, request_sent=True),
    ),
    "sends an endless head": (
        saying(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 50_000),
        UpstreamFailure(FailureKind.PROTOCOL, before_first_byte=True, request_sent=True),
    ),
    "sends a huge head": (
        saying(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\na: " + b"b" * 100_000 + b"\r\n\r\n"),
        UpstreamFailure(FailureKind.PROTOCOL, before_first_byte=True, request_sent=True),
    ),
    "sends interim answers for ever": (
        saying(b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000),
        UpstreamFailure(FailureKind.PROTOCOL, before_first_byte=True, request_sent=True),
    ),
    "sends an endless trailer": (
        saying(
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n",
            b"a: b\r\n" * 50_000,
        ),
        UpstreamFailure(FailureKind.PROTOCOL, before_first_byte=False, request_sent=True),
    ),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_every_failure_is_named_for_what_it_is(stack: Stack, name: str) -> None:
    script, expected = FAILURES[name]
    upstream = await stack.upstream(script)
    pool = stack.pool(upstream, max_connections=1)
    heard = await call(pool, timeouts=IMPATIENT if "stalls" in name else None)
    failure = heard.failure
    assert failure is not None
    assert failure.detail
    assert (failure.kind, failure.before_first_byte, failure.request_sent) == (
        expected.kind,
        expected.before_first_byte,
        expected.request_sent,
    )
    assert (heard.status == 0) == failure.before_first_byte
    assert pool.open == 0
    # The place is free: a good upstream would be served on it.
    upstream.script = forever
    assert (await call(pool)).body == b"-"
    assert len(upstream.visits) == 2


async def test_an_upstream_that_refuses_is_reported(stack: Stack) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        pool = stack.pool(sock.getsockname()[1], max_connections=1)
        for _ in range(3):
            failure = (await call(pool)).failure
            assert failure is not None
            assert (failure.kind, failure.before_first_byte, failure.request_sent) == (
                FailureKind.REFUSED,
                True,
                False,
            )
            assert pool.open == 0


async def test_an_upstream_that_has_no_address_is_reported(stack: Stack) -> None:
    pool = Pool(Origin("http", "no-such-host.invalid", 80), timeouts=Timeouts(connect_s=4))
    heard = await call(pool)
    assert heard.failure is not None
    assert heard.failure.kind in (FailureKind.REFUSED, FailureKind.CONNECT_TIMEOUT)
    await pool.close()


async def test_a_connect_that_hangs_is_given_up(stack: Stack) -> None:
    # A listener whose queue is full takes no further connection.
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        pool = stack.pool(full.getsockname()[1], timeouts=IMPATIENT, max_connections=1)
        began = time.monotonic()
        heard = await call(pool)
        assert heard.failure is not None
        assert heard.failure.kind == FailureKind.CONNECT_TIMEOUT
        assert not heard.failure.request_sent
        assert 0.15 < time.monotonic() - began < 2
        assert pool.open == 0
        for filler in fillers:
            filler.close()


async def test_a_drip_may_go_on_but_not_for_ever(stack: Stack) -> None:
    async def drip(visit: Visit) -> None:
        await visit.request()
        visit.say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while not visit.writer.is_closing():
            visit.say(b"1\r\nx\r\n")
            await asyncio.sleep(0.05)

    timeouts = Timeouts(connect_s=2, first_byte_s=2, idle_s=0.5, total_s=0.8)
    pool = stack.pool(await stack.upstream(drip), timeouts=timeouts)
    began = time.monotonic()
    heard = await call(pool)
    assert heard.failure is not None
    assert heard.failure.kind == FailureKind.TOTAL_TIMEOUT
    assert not heard.failure.before_first_byte
    assert len(heard.body) > 5
    assert 0.75 < time.monotonic() - began < 2


async def test_a_call_may_bring_its_own_timeouts(stack: Stack) -> None:
    pool = stack.pool(await stack.upstream(saying()))
    heard = Heard()
    pool.send(request(), b"", heard, IMPATIENT)
    await heard.outcome()
    assert heard.failure is not None
    assert heard.failure.kind == FailureKind.FIRST_BYTE_TIMEOUT


async def test_silence_while_we_hold_the_upstream_back_is_not_its_fault(stack: Stack) -> None:
    async def script(visit: Visit) -> None:
        await visit.request()
        visit.say(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab")
        await visit.writer.drain()
        await resumed.wait()
        visit.say(b"cd")
        await forever(visit)

    resumed = asyncio.Event()
    upstream = await stack.upstream(script)
    pool = stack.pool(upstream, timeouts=Timeouts(idle_s=0.2))
    heard = Heard()
    sent = pool.send(request(), b"", heard)
    sent.pause()
    await asyncio.sleep(0.1)
    assert heard.calls == 0
    sent.resume()
    await until(lambda: heard.status == 200)
    sent.pause()
    await asyncio.sleep(0.5)  # more than twice the idle limit
    assert heard.failure is None
    sent.resume()
    resumed.set()
    assert (await heard.outcome()).body == b"abcd"
    # What was paused serves on.
    assert (await call(pool)).body == b"-"
    assert len(upstream.visits) == 1


async def test_a_sink_that_fails_loses_its_connection_and_harms_nobody(stack: Stack) -> None:
    class Broken(Heard):
        def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
            super().on_head(status, headers)
            raise LookupError("a mistake in a sink")

    stack.complaints_allowed = True
    upstream = await stack.upstream(forever)
    pool = stack.pool(upstream, max_connections=1)
    heard = Broken()
    pool.send(request(), b"", heard)
    await heard.outcome()
    assert heard.failure is not None
    assert heard.failure.kind == FailureKind.RESET
    assert (await call(pool)).body == b"-"


async def test_a_sink_that_fails_at_the_very_end_hears_that_its_call_failed(stack: Stack) -> None:
    class Broken(Heard):
        def on_end(self) -> None:
            raise LookupError("a mistake in a sink")

    stack.complaints_allowed = True
    upstream = await stack.upstream(forever)
    pool = stack.pool(upstream, max_connections=1)
    heard = Broken()
    pool.send(request(), b"", heard)
    await heard.outcome()
    assert heard.failure is not None
    assert (heard.failure.kind, heard.failure.before_first_byte) == (FailureKind.PROTOCOL, False)
    assert (await call(pool)).body == b"-"


async def test_an_early_answer_to_a_large_request_is_heard_and_the_connection_given_up(
    stack: Stack,
) -> None:
    async def script(visit: Visit) -> None:
        await visit.reader.readuntil(b"\r\n\r\n")
        visit.say(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
        await visit.reader.read(-1)

    upstream = await stack.upstream(script)
    pool = stack.pool(upstream)
    heard = Heard()
    head = b"POST / HTTP/1.1\r\nhost: u\r\ncontent-length: 30000000\r\n\r\n"
    pool.send(head, b"x" * 30_000_000, heard)
    await heard.outcome()
    assert heard.status == 413
    assert pool.idle == 0


@pytest.mark.parametrize(
    "extra",
    [b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", b"garbage", b"HTTP/1.1 20"],
)
async def test_an_answer_too_many_reaches_nobody(stack: Stack, extra: bytes) -> None:
    async def script(visit: Visit) -> None:
        await visit.request()
        visit.say(ok(b"good") + extra)
        await visit.until_gone()

    upstream = await stack.upstream(script)
    pool = stack.pool(upstream, max_connections=1)
    first = await call(pool)
    assert (first.failure, first.body) == (None, b"good")
    second = await call(pool)
    assert (second.failure, second.body) == (None, b"good")
    assert len(upstream.visits) == 2


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
async def test_an_answer_without_a_body_and_one_too_many_is_heard_as_it_is(
    stack: Stack, method: bytes
) -> None:
    empty = OK + b"content-length: 0\r\n\r\n"
    extra = OK + b"content-length: 4\r\n\r\nevil"
    pool = stack.pool(await stack.upstream(saying(empty + extra)))
    heard = await call(pool, request(method=method))
    assert (heard.status, heard.body, heard.failure) == (200, b"", None)
    await until(lambda: pool.idle == 0)


async def test_an_answer_that_nobody_asked_for_reaches_nobody(stack: Stack) -> None:
    async def script(visit: Visit) -> None:
        await visit.request()
        visit.say(ok(b"good"))
        if visit.number == 0:
            await until(lambda: pool.idle == 1)
            visit.say(ok(b"evil"))
        await visit.until_gone()

    upstream = await stack.upstream(script)
    pool = stack.pool(upstream, max_connections=1)
    assert (await call(pool)).body == b"good"
    await until(lambda: pool.open == 0)
    assert (await call(pool)).body == b"good"
