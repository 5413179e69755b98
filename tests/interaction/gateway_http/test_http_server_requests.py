"""What the server understands, in whatever pieces it arrives, and in which order it answers."""

import asyncio
from email.utils import parsedate_to_datetime

import pytest

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import ServerLimits
from tests.interaction.gateway_http.wire import Stack, echo, request, until


async def test_a_connection_serves_one_request_after_the_other(stack: Stack) -> None:
    server = await stack.server(echo)
    client = await stack.client(server.port)
    for number in range(5):
        client.send(request(b"/%d?q=%d" % (number, number), b"body %d" % number))
        answer = await client.answer()
        assert answer.body == b"POST /%d?q=%d body %d" % (number, number, number)
    assert server.connections == 1


async def test_answers_tell_date_type_and_length_and_no_banner(stack: Stack) -> None:
    server = await stack.server(echo)
    client = await stack.client(server.port)
    client.send(request())
    answer = await client.answer()
    assert parsedate_to_datetime(answer.headers.pop("date")).tzinfo is not None
    assert answer.headers == {"content-type": "text/plain", "content-length": "7"}


async def test_pipelined_requests_are_answered_in_order_one_at_a_time(stack: Stack) -> None:
    running = 0
    order: list[str] = []

    async def handle(exchange: Exchange) -> None:
        nonlocal running
        running += 1
        assert running == 1
        order.append(exchange.path)
        # The earlier a request, the longer it takes.
        for _ in range(10 - int(exchange.path[1:])):
            await asyncio.sleep(0)
        running -= 1
        exchange.respond(200, exchange.path.encode())

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(b"".join(request(b"/%d" % n) for n in range(9)) + request(b"/9")[:10])
    client.send(request(b"/9")[10:])
    bodies = [(await client.answer()).body for _ in range(10)]
    assert bodies == [b"/%d" % n for n in range(10)]
    assert order == [f"/{n}" for n in range(10)]
    assert stack.errors == []


async def test_pipelined_requests_to_a_handler_without_tasks_do_not_recurse(stack: Stack) -> None:
    def handle(exchange: Exchange) -> None:
        exchange.respond(200, exchange.path.encode())

    server = await stack.server(handle, ServerLimits(max_pipelined=5000))
    client = await stack.client(server.port)
    client.send(b"".join(request(b"/%d" % n) for n in range(3000)))
    for number in range(3000):
        assert (await client.answer()).body == b"/%d" % number


async def test_more_pipelined_requests_than_the_bound_are_left_to_a_new_connection(
    stack: Stack,
) -> None:
    release = asyncio.Event()

    async def handle(exchange: Exchange) -> None:
        await release.wait()
        exchange.respond(200, exchange.path.encode())

    server = await stack.server(handle, ServerLimits(max_pipelined=4))
    client = await stack.client(server.port)
    client.send(b"".join(request(b"/%d" % n) for n in range(20)))
    release.set()
    answers = [await client.answer() for _ in range(4)]
    assert [answer.body for answer in answers] == [b"/0", b"/1", b"/2", b"/3"]
    assert [answer.headers.get("connection") for answer in answers] == [None, None, None, "close"]
    assert await client.closed()


async def test_input_during_a_request_is_bounded_by_not_reading_it(stack: Stack) -> None:
    release = asyncio.Event()
    bodies: list[int] = []

    async def handle(exchange: Exchange) -> None:
        bodies.append(len(exchange.body))
        await release.wait()
        exchange.respond(200, b"")

    server = await stack.server(handle, ServerLimits(max_held_bytes=10_000))
    client = await stack.client(server.port)
    client.send(request(b"/first"))
    await until(lambda: len(bodies) == 1)
    big = request(b"/second", b"x" * 20_000_000)
    client.send(big)
    # The server stops taking: most of it stays with the client.
    before = -1
    while before != (left := client.unsent):
        before = left
        await asyncio.sleep(0.05)
    assert left > 5_000_000
    release.set()
    assert (await client.answer()).status == 200
    assert (await client.answer()).status == 200
    assert bodies == [0, 20_000_000]


SMALL = {
    "length": request(b"/a?b=c", b"hello"),
    "chunked": (
        b"POST /a?b=c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nhe\r\n3;ext=1\r\nllo\r\n0\r\nTrailer: dropped\r\n\r\n"
    ),
}


@pytest.mark.parametrize("kind", SMALL)
async def test_a_request_may_be_cut_at_any_byte(stack: Stack, kind: str) -> None:
    raw = SMALL[kind]
    server = await stack.server(echo)
    client = await stack.client(server.port)
    for cut in range(1, len(raw)):
        client.send(raw[:cut])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        client.send(raw[cut:])
        assert (await client.answer()).body == b"POST /a?b=c hello"


@pytest.mark.parametrize("kind", SMALL)
async def test_a_request_may_arrive_byte_by_byte(stack: Stack, kind: str) -> None:
    raw = SMALL[kind]
    server = await stack.server(echo)
    client = await stack.client(server.port)
    for byte in raw + raw:
        client.send(bytes([byte]))
        await asyncio.sleep(0)
    for _ in range(2):
        assert (await client.answer()).body == b"POST /a?b=c hello"


async def test_repeated_harmless_headers_keep_the_last_and_names_ignore_case(stack: Stack) -> None:
    seen: list[dict[bytes, bytes]] = []

    async def handle(exchange: Exchange) -> None:
        seen.append(exchange.headers)
        exchange.respond(204, b"")

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(b"GET / HTTP/1.1\r\nHOST: x\r\nX-A: 1\r\nx-a:  2 \t\r\nEmpty:\r\n\r\n")
    answer = await client.answer()
    assert "content-length" not in answer.headers
    assert seen == [{b"host": b"x", b"x-a": b"2", b"empty": b""}]


async def test_trailers_never_become_headers_of_the_next_request(stack: Stack) -> None:
    seen: list[dict[bytes, bytes]] = []

    async def handle(exchange: Exchange) -> None:
        seen.append(exchange.headers)
        exchange.respond(200, b"")

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"1\r\na\r\n0\r\nX-Admin: yes\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    assert (await client.answer()).status == 200
    assert (await client.answer()).status == 200
    assert [b"x-admin" in headers for headers in seen] == [False, False]


async def test_expect_continue_is_answered_before_the_body(stack: Stack) -> None:
    server = await stack.server(echo)
    client = await stack.client(server.port)
    client.send(b"PUT /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    assert (await client.head()).status == 100
    client.send(b"abc")
    assert (await client.answer()).body == b"PUT /x? abc"
    # Whoever does not wait gets no useless interim answer.
    client.send(
        b"PUT /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"
    )
    assert (await client.answer()).status == 200


async def test_expect_continue_for_too_large_a_body_is_refused_without_reading_it(
    stack: Stack,
) -> None:
    server = await stack.server(echo, ServerLimits(max_body_bytes=10))
    client = await stack.client(server.port)
    client.send(b"PUT /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n")
    assert (await client.answer()).status == 413
    assert await client.closed()


async def test_head_gets_the_head_alone(stack: Stack) -> None:
    async def handle(exchange: Exchange) -> None:
        if exchange.path == "/whole":
            exchange.respond(200, b"12345")
        else:
            exchange.start(200, [], 5 if exchange.path == "/counted" else None)
            exchange.write(b"12345")
            exchange.end()

    server = await stack.server(handle)
    client = await stack.client(server.port)
    for path, told in ((b"/whole", "5"), (b"/counted", "5"), (b"/chunked", None)):
        client.send(request(path, method=b"HEAD"))
        answer = await client.answer(to_head=True)
        assert (answer.status, answer.headers.get("content-length")) == (200, told)
    client.send(request(b"/whole"))
    assert (await client.answer()).body == b"12345"


async def test_http_1_0_gets_bodies_without_chunks(stack: Stack) -> None:
    async def handle(exchange: Exchange) -> None:
        if exchange.path == "/whole":
            exchange.respond(200, b"whole")
            return
        exchange.start(200, [], None)
        exchange.write(b"in ")
        exchange.write(b"pieces")
        exchange.end()

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(b"GET /whole HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    answer = await client.answer()
    assert (answer.body, answer.headers["connection"]) == (b"whole", "keep-alive")
    client.send(b"GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    answer = await client.answer()
    assert (answer.body, answer.headers["connection"]) == (b"in pieces", "close")
    client = await stack.client(server.port)
    client.send(b"GET /whole HTTP/1.0\r\n\r\n")
    answer = await client.answer()
    assert (answer.body, answer.headers["connection"]) == (b"whole", "close")
    assert await client.closed()


async def test_connection_close_is_honoured_and_what_follows_is_ignored(stack: Stack) -> None:
    server = await stack.server(echo)
    client = await stack.client(server.port)
    client.send(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + request(b"/ignored"))
    answer = await client.answer()
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert await client.closed()


async def test_absolute_and_asterisk_targets_are_understood(stack: Stack) -> None:
    server = await stack.server(echo)
    client = await stack.client(server.port)
    for target, understood in (
        (b"http://other:81/v1/x?y=z", b"GET /v1/x?y=z "),
        (b"http://other", b"GET /? "),
        (b"*", b"OPTIONS *? "),
        (b"/a?b?c", b"GET /a?b?c "),
        (b"/%41//../x", b"GET /%41//../x? "),
    ):
        verb = b"OPTIONS" if target == b"*" else b"GET"
        client.send(request(target, method=verb))
        assert (await client.answer()).body == understood


async def test_an_offered_upgrade_is_ignored_and_the_request_served(stack: Stack) -> None:
    # Java's client offers h2c with every plain request, bodies included.
    server = await stack.server(echo)
    client = await stack.client(server.port)
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n"
    counted = b"POST /1 HTTP/1.1\r\nHost: x\r\n" + offer + b"Content-Length: 3\r\n\r\nabc"
    chunked = (
        b"POST /2 HTTP/1.1\r\nHost: x\r\n" + offer + b"Transfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n0\r\n\r\n"
    )
    client.send(counted + chunked + request(b"/3"))
    assert [(await client.answer()).body for _ in range(3)] == [
        b"POST /1? abc",
        b"POST /2? abc",
        b"GET /3? ",
    ]
    for byte in counted:
        client.send(bytes([byte]))
        await asyncio.sleep(0)
    assert (await client.answer()).body == b"POST /1? abc"


async def test_stray_line_ends_between_requests_are_forgiven(stack: Stack) -> None:
    server = await stack.server(echo, ServerLimits(header_timeout_s=0.1))
    client = await stack.client(server.port)
    client.send(request(b"/1", b"x") + b"\r\n")
    assert (await client.answer()).status == 200
    await asyncio.sleep(0.3)  # longer than a begun request would be given
    client.send(b"\r\n" + request(b"/2"))
    assert (await client.answer()).body == b"GET /2? "


async def test_large_bodies_both_ways(stack: Stack) -> None:
    server = await stack.server(echo)
    client = await stack.client(server.port)
    body = bytes(range(256)) * 20_000
    client.send(request(b"/", body))
    assert (await client.answer()).body == b"POST /? " + body
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [body[:7], body[7:]])
    client.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    client.send(b"0\r\n\r\n")
    assert (await client.answer()).body == b"POST /? " + body


async def test_streamed_answers_arrive_piece_by_piece(stack: Stack) -> None:
    steps: list[asyncio.Event] = [asyncio.Event() for _ in range(3)]

    async def handle(exchange: Exchange) -> None:
        exchange.start(200, [(b"x-kind", b"stream")], None)
        for number, step in enumerate(steps):
            await step.wait()
            exchange.write(b"piece %d" % number)
            exchange.write(b"")
        exchange.end()

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(request())
    head = await client.head()
    assert (head.headers["x-kind"], head.headers["transfer-encoding"]) == ("stream", "chunked")
    for number, step in enumerate(steps):
        step.set()
        assert await client.chunk() == b"piece %d" % number
    assert await client.chunk() == b""


async def test_an_answer_shorter_than_announced_is_cut_visibly(stack: Stack) -> None:
    async def handle(exchange: Exchange) -> None:
        exchange.start(200, [], 10)
        exchange.write(b"only")
        with pytest.raises(ValueError, match="longer"):
            exchange.write(b"far too much")
        exchange.end()

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(request())
    assert (await client.head()).headers["content-length"] == "10"
    assert await client.rest() in (b"only", b"")


async def test_a_failing_handler_is_answered_and_reported(stack: Stack) -> None:
    async def handle(exchange: Exchange) -> None:
        if exchange.path == "/before":
            raise LookupError("before")
        if exchange.path == "/silent":
            return
        exchange.start(200, [], None)
        exchange.write(b"x")
        raise LookupError("after")

    server = await stack.server(handle)
    client = await stack.client(server.port)
    for path in (b"/before", b"/silent"):
        client.send(request(path))
        assert (await client.answer()).status == 500
    client.send(request(b"/after"))
    assert (await client.head()).status == 200
    assert await client.until_broken() in (b"", b"x")
    assert [str(error) for error in stack.errors] == [
        "before",
        "the handler returned before its answer had ended",
        "after",
    ]


async def test_a_failing_handler_without_a_task_is_answered_and_reported(stack: Stack) -> None:
    def handle(exchange: Exchange) -> None:
        raise LookupError(exchange.path)

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(request(b"/1") + request(b"/2"))
    assert [(await client.answer()).status for _ in range(2)] == [500, 500]
    assert len(stack.errors) == 2


async def test_a_handler_that_is_cancelled_from_within_frees_its_client(stack: Stack) -> None:
    async def handle(exchange: Exchange) -> None:
        future = asyncio.get_running_loop().create_future()
        future.cancel()
        await future

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(request())
    assert await client.closed()


async def test_headers_that_would_forge_an_answer_are_refused(stack: Stack) -> None:
    async def handle(exchange: Exchange) -> None:
        with pytest.raises(ValueError, match="line break"):
            exchange.respond(200, b"", [(b"x", b"1\r\nset-cookie: a=b")])
        with pytest.raises(ValueError, match="line break"):
            exchange.start(200, [(b"x", b"1\n2")], None)
        exchange.respond(200, b"clean")
        with pytest.raises(RuntimeError):
            exchange.respond(200, b"again")
        with pytest.raises(RuntimeError):
            exchange.write(b"more")

    server = await stack.server(handle)
    client = await stack.client(server.port)
    client.send(request())
    assert (await client.answer()).body == b"clean"
    await until(lambda: server.running == 0)
    assert stack.errors == []
