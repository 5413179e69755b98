"""Who gets a connection, when it is used again, and that none is ever lost."""

import asyncio
import gc
import socket
from pathlib import Path

import pytest

from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.pool import Call, Origin, Pool
from mainspring.gateway.http.sink import FailureKind
from tests.interaction.gateway_http.wire import Heard, Script, Stack, Visit, ok, request, until


class Gate:
    """An upstream that answers when told to."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.order: list[bytes] = []

    async def script(self, visit: Visit) -> None:
        """Answer each request once the gate is open."""
        while True:
            raw = await visit.request()
            self.order.append(raw.split(b" ")[1])
            await self.open.wait()
            visit.say(ok(b"x"))


def send(pool: Pool, target: bytes = b"/") -> tuple[Call, Heard]:
    """Make a call."""
    heard = Heard()
    return pool.send(request(target), b"", heard), heard


async def served(pool: Pool, count: int) -> None:
    """Prove that a pool serves so many calls at the same time."""
    calls = [send(pool)[1] for _ in range(count)]
    for heard in calls:
        await heard.outcome()
        assert heard.failure is None
        assert heard.status == 200


async def test_calls_beyond_the_connections_wait_in_order(stack: Stack) -> None:
    gate = Gate()
    upstream = await stack.upstream(gate.script)
    pool = stack.pool(upstream, max_connections=2, max_waiting=10)
    calls = [send(pool, b"/%d" % number) for number in range(8)]
    await until(lambda: len(gate.order) == 2)
    assert (pool.open, pool.waiting) == (2, 6)
    calls[4][0].cancel()
    assert pool.waiting == 5
    gate.open.set()
    for number, (_, heard) in enumerate(calls):
        if number != 4:
            assert (await heard.outcome()).failure is None
    assert calls[4][1].calls == 0
    assert set(gate.order[:2]) == {b"/0", b"/1"}
    assert sorted(gate.order) == [b"/%d" % n for n in (0, 1, 2, 3, 5, 6, 7)]
    assert [int(path[1:]) // 2 for path in gate.order] == sorted(
        int(path[1:]) // 2 for path in gate.order
    )
    assert len(upstream.visits) == 2
    assert (pool.open, pool.idle, pool.waiting) == (2, 2, 0)


async def test_one_connection_serves_in_strict_order(stack: Stack) -> None:
    gate = Gate()
    pool = stack.pool(await stack.upstream(gate.script), max_connections=1, max_waiting=100)
    calls = [send(pool, b"/%d" % number)[1] for number in range(50)]
    gate.open.set()
    for heard in calls:
        await heard.outcome()
    assert gate.order == [b"/%d" % number for number in range(50)]


async def test_a_full_queue_refuses_after_send_returned(stack: Stack) -> None:
    gate = Gate()
    pool = stack.pool(await stack.upstream(gate.script), max_connections=1, max_waiting=1)
    send(pool)
    _, waiting = send(pool)
    _, refused = send(pool)
    cancelled, unheard = send(pool)
    cancelled.cancel()
    assert refused.calls == 0
    await refused.outcome()
    assert refused.failure is not None
    assert refused.failure.kind == FailureKind.POOL_FULL
    assert (refused.failure.before_first_byte, refused.failure.request_sent) == (True, False)
    assert unheard.calls == 0
    gate.open.set()
    assert (await waiting.outcome()).failure is None


async def test_waiting_too_long_is_given_up(stack: Stack) -> None:
    gate = Gate()
    upstream = await stack.upstream(gate.script)
    timeouts = Timeouts(connect_s=0.5, first_byte_s=5, idle_s=5, total_s=10)
    pool = stack.pool(upstream, max_connections=1, timeouts=timeouts)
    _, first = send(pool)
    _, second = send(pool)
    await second.outcome()
    assert second.failure is not None
    assert second.failure.kind == FailureKind.POOL_FULL
    assert pool.waiting == 0
    gate.open.set()
    assert (await first.outcome()).failure is None
    await served(pool, 3)


PHASES: dict[str, tuple[list[bytes], int]] = {
    # What the upstream has said, and how much the sink has heard, when the call is cancelled.
    "before the head": ([], 0),
    "inside the head": ([b"HTTP/1.1 200 OK\r\ncontent-le"], 0),
    "after the head": ([b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"], 1),
    "inside the body": ([b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n"], 2),
}


@pytest.mark.parametrize("phase", PHASES)
async def test_cancelling_shows_at_once_upstream_and_frees_the_place(
    stack: Stack, phase: str
) -> None:
    pieces, heard_calls = PHASES[phase]

    async def hang(visit: Visit) -> None:
        await visit.request()
        for piece in pieces:
            visit.say(piece)
        await visit.until_gone()

    upstream = await stack.upstream(hang)
    pool = stack.pool(upstream, max_connections=2)
    calls = [send(pool) for _ in range(2)]
    _, waiting = send(pool)
    await until(lambda: [len(visit.requests) for visit in upstream.visits] == [1, 1])
    await until(lambda: all(heard.calls == heard_calls for _, heard in calls))
    for _ in range(10):
        await asyncio.sleep(0)
    assert pool.waiting == 1

    async def good(visit: Visit) -> None:
        while True:
            await visit.request()
            visit.say(ok(b"x"))

    upstream.script = good
    for call, _ in calls:
        call.cancel()
        call.cancel()
    assert pool.waiting == 0
    for visit in upstream.visits[:2]:
        async with asyncio.timeout(1):
            await visit.gone.wait()
    assert (await waiting.outcome()).failure is None
    assert all(heard.calls == heard_calls for _, heard in calls)
    await served(pool, 2)
    assert pool.open <= 2


async def test_a_call_that_waited_can_be_cancelled_like_any_other(stack: Stack) -> None:
    gate = Gate()
    upstream = await stack.upstream(gate.script)
    timeouts = Timeouts(connect_s=0.5, first_byte_s=5, idle_s=5, total_s=10)
    pool = stack.pool(upstream, max_connections=1, timeouts=timeouts)
    send(pool)[0].cancel()
    _, first = send(pool)
    second, unheard = send(pool)
    _, third = send(pool)
    await until(lambda: len(gate.order) == 1)
    gate.open.set()
    await first.outcome()
    gate.open.clear()
    await until(lambda: len(gate.order) == 2)
    second.cancel()
    await until(lambda: len(gate.order) == 3)
    assert unheard.calls == 0
    await asyncio.sleep(0.7)  # longer than a call may wait: this one waits no more
    gate.open.set()
    assert (await third.outcome()).failure is None


async def test_cancelling_from_within_a_callback_stops_the_callbacks(stack: Stack) -> None:
    async def good(visit: Visit) -> None:
        while True:
            await visit.request()
            visit.say(ok(b"x"))

    upstream = await stack.upstream(good)
    pool = stack.pool(upstream, max_connections=2)

    class AtHead(Heard):
        def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
            super().on_head(status, headers)
            calls[self].cancel()

    class AtData(Heard):
        def on_data(self, data: bytes) -> None:
            super().on_data(data)
            calls[self].cancel()

    class AtEnd(Heard):
        def on_end(self) -> None:
            super().on_end()
            calls[self].cancel()

    calls: dict[Heard, Call] = {}
    for kind, count in ((AtHead, 1), (AtData, 2), (AtEnd, 3)):
        for _ in range(3):
            heard = kind()
            calls[heard] = pool.send(request(), b"", heard)
            await until(lambda: heard.calls == count)  # noqa: B023 - awaited within the iteration
            for _ in range(5):
                await asyncio.sleep(0)
            assert heard.calls == count
    await served(pool, 2)


async def test_cancelling_while_connecting_frees_the_place(stack: Stack) -> None:
    gate = Gate()
    gate.open.set()
    upstream = await stack.upstream(gate.script)
    pool = stack.pool(upstream, max_connections=2)
    for ticks in range(8):
        calls = [send(pool) for _ in range(2)]
        for _ in range(ticks):
            await asyncio.sleep(0)
        for call, heard in calls:
            if not heard.over.is_set():
                call.cancel()
                assert call.over
        await served(pool, 2)
    assert pool.open == 2


async def test_cancelling_a_connect_that_hangs_frees_the_place_and_the_socket(
    stack: Stack,
) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        pool = stack.pool(full.getsockname()[1], max_connections=2)
        before = 0
        for turn in range(20):
            if turn == 1:  # the first turn opens what the loop itself keeps
                before = open_files()
            calls = [send(pool) for _ in range(3)]
            await asyncio.sleep(0.002)
            assert (pool.open, pool.waiting) == (2, 1)
            for call, _ in reversed(calls):
                call.cancel()
            assert (pool.open, pool.waiting) == (0, 0)
        await until(lambda: open_files() <= before)
        for filler in fillers:
            filler.close()


def open_files() -> int:
    """Count this process's open files."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_many_cancelled_and_failed_calls_leave_no_file_open(stack: Stack) -> None:
    async def moody(visit: Visit) -> None:
        for number in range(100):
            await visit.request()
            if (visit.number + number) % 3 == 0:
                return
            if (visit.number + number) % 3 == 1:
                visit.say(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab")
                return
            visit.say(ok(b"x"))

    pool = stack.pool(await stack.upstream(moody), max_connections=4, max_waiting=1000)
    before = open_files()
    calls = [send(pool) for _ in range(300)]
    for number, (call, heard) in enumerate(calls):
        if number % 5 == 0:
            call.cancel()
        else:
            await heard.outcome()
    await pool.close()
    gc.collect()
    await until(lambda: open_files() <= before)


async def test_the_connection_used_last_is_used_first(stack: Stack) -> None:
    gate = Gate()
    upstream = await stack.upstream(gate.script)
    pool = stack.pool(upstream)
    gate.open.set()
    await served(pool, 3)
    assert pool.idle == 3
    before = [len(visit.requests) for visit in upstream.visits]
    for _ in range(6):
        await served(pool, 1)
    after = [len(visit.requests) for visit in upstream.visits]
    assert sorted(b - a for a, b in zip(before, after, strict=True)) == [0, 0, 6]


@pytest.mark.parametrize(
    "farewell",
    [b"connection: close\r\n", b"keep-alive: timeout=0\r\n", b""],
    ids=["says close", "says no time", "keeps"],
)
async def test_a_connection_is_kept_as_long_as_both_sides_wish(
    stack: Stack, farewell: bytes
) -> None:
    async def script(visit: Visit) -> None:
        while True:
            await visit.request()
            visit.say(ok(b"x", farewell))

    upstream = await stack.upstream(script)
    timeouts = Timeouts(keep_alive_s=0.7)
    pool = stack.pool(upstream, timeouts=timeouts)
    await served(pool, 1)
    if farewell:
        await until(lambda: pool.open == 0)
    else:
        await served(pool, 1)
        assert (pool.idle, len(upstream.visits)) == (1, 1)
        await until(lambda: pool.open == 0, "idle connections expire")
    await until(lambda: all(visit.gone.is_set() for visit in upstream.visits))
    await served(pool, 1)
    assert len(upstream.visits) == 2


async def test_idle_connections_that_the_upstream_closed_are_noticed(stack: Stack) -> None:
    async def once(visit: Visit) -> None:
        await visit.request()
        visit.say(ok(b"x"))

    upstream = await stack.upstream(once)
    pool = stack.pool(upstream)
    for _ in range(3):
        await served(pool, 1)
        await until(lambda: pool.open == 0)


def racing(how: str) -> Script:
    """Make a script that closes a used connection just as the next request arrives."""

    async def script(visit: Visit) -> None:
        await visit.request()
        visit.say(ok(b"x"))
        if visit.number > 0:
            await visit.request()
            visit.say(ok(b"x"))
            return
        # The request has arrived when the connection goes, by an orderly close or by a reset.
        if how == "close":
            await visit.reader.readuntil(b"\r\n\r\n")
        else:
            assert await visit.reader.read(1)
            visit.writer.transport.abort()

    return script


@pytest.mark.parametrize("how", ["close", "reset"])
async def test_the_keep_alive_race_is_invisible(stack: Stack, how: str) -> None:
    upstream = await stack.upstream(racing(how))
    pool = stack.pool(upstream, max_connections=1)
    await served(pool, 1)
    assert pool.idle == 1
    _, raced = send(pool, b"/raced")
    _, waiting = send(pool, b"/behind")
    assert (await raced.outcome()).failure is None
    assert (await waiting.outcome()).failure is None
    assert [visit.requests[0].split(b" ")[1] for visit in upstream.visits] == [b"/", b"/raced"]


async def test_a_call_is_sent_again_only_once_and_says_that_it_was_sent(stack: Stack) -> None:
    async def once(visit: Visit) -> None:
        await visit.request()
        if visit.number == 0:
            visit.say(ok(b"x"))
            await visit.request()

    upstream = await stack.upstream(once)
    pool = stack.pool(upstream)
    await served(pool, 1)
    _, heard = send(pool)
    await heard.outcome()
    assert heard.failure is not None
    assert (heard.failure.kind, heard.failure.request_sent) == (FailureKind.RESET, True)
    assert len(upstream.visits) == 2


async def test_a_fresh_connection_that_dies_is_not_tried_again(stack: Stack) -> None:
    async def once(visit: Visit) -> None:
        await visit.request()

    upstream = await stack.upstream(once)
    pool = stack.pool(upstream)
    _, heard = send(pool)
    await heard.outcome()
    assert heard.failure is not None
    assert len(upstream.visits) == 1


async def test_a_death_long_after_sending_is_no_race(stack: Stack) -> None:
    # The upstream may have worked on the request: sending it again could bill it twice.
    async def late(visit: Visit) -> None:
        await visit.request()
        visit.say(ok(b"x"))
        await visit.request()
        await asyncio.sleep(1.3)

    upstream = await stack.upstream(late)
    pool = stack.pool(upstream)
    await served(pool, 1)
    _, heard = send(pool)
    await heard.outcome()
    assert heard.failure is not None
    assert (heard.failure.kind, heard.failure.request_sent) == (FailureKind.RESET, True)
    assert len(upstream.visits) == 1


async def test_an_answer_begun_on_a_used_connection_is_no_race(stack: Stack) -> None:
    async def script(visit: Visit) -> None:
        await visit.request()
        visit.say(ok(b"x"))
        await visit.request()
        visit.say(b"HTTP/1.1 2")
        await visit.writer.drain()

    upstream = await stack.upstream(script)
    pool = stack.pool(upstream)
    await served(pool, 1)
    _, heard = send(pool)
    await heard.outcome()
    assert heard.failure is not None
    assert heard.failure.before_first_byte
    assert len(upstream.visits) == 1


async def test_closing_lets_running_calls_end_and_refuses_new_ones(stack: Stack) -> None:
    gate = Gate()
    upstream = await stack.upstream(gate.script)
    pool = stack.pool(upstream, max_connections=1)
    _, running = send(pool)
    _, waiting = send(pool)
    await until(lambda: len(gate.order) == 1)
    async with asyncio.TaskGroup() as group:
        closing = group.create_task(pool.close(drain_s=5))
        await waiting.outcome()
        assert waiting.failure is not None
        assert waiting.failure.kind == FailureKind.POOL_FULL
        _, late = send(pool)
        await late.outcome()
        assert late.failure is not None
        assert not closing.done()
        gate.open.set()
        assert (await running.outcome()).failure is None
    assert pool.open == 0


async def test_closing_cuts_off_what_outlasts_the_deadline(stack: Stack) -> None:
    gate = Gate()
    upstream = await stack.upstream(gate.script)
    pool = stack.pool(upstream, max_connections=2)
    calls = [send(pool)[1] for _ in range(2)]
    await until(lambda: len(gate.order) == 2)
    await pool.close(drain_s=0.1)
    for heard in calls:
        assert heard.failure is not None
        assert heard.failure.kind == FailureKind.RESET
    for visit in upstream.visits:
        await until(lambda: isinstance(visit.reader.exception(), ConnectionResetError))  # noqa: B023 - awaited within the iteration


async def test_a_cancelled_close_closes_all_the_same(stack: Stack) -> None:
    gate = Gate()
    upstream = await stack.upstream(gate.script)
    pool = stack.pool(upstream)
    _, heard = send(pool)
    await until(lambda: len(gate.order) == 1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await pool.close(drain_s=60)
    assert heard.failure is not None
    assert pool.open == 0


async def test_closing_while_connecting_ends_the_call(stack: Stack) -> None:
    gate = Gate()
    pool = stack.pool(await stack.upstream(gate.script))
    _, heard = send(pool)
    await pool.close()
    assert heard.failure is not None
    assert pool.open == 0


async def test_an_unused_pool_closes(stack: Stack) -> None:
    await Pool(Origin("http", "127.0.0.1", 1)).close()


async def test_a_unix_socket_is_an_origin_too(stack: Stack, tmp_path: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ok(b"local", b"connection: close\r\n"))
        writer.close()

    path = tmp_path / "socket"
    server = await asyncio.start_unix_server(serve, path)
    pool = Pool(Origin("http", "local", 80, unix_path=str(path)))
    _, heard = send(pool)
    assert (await heard.outcome()).body == b"local"
    await pool.close()
    server.close()


def test_nonsense_is_refused_when_the_pool_is_made() -> None:
    with pytest.raises(ValueError, match="scheme"):
        Pool(Origin("ftp", "x", 1))
    with pytest.raises(ValueError, match="room"):
        Pool(Origin("http", "x", 1), max_connections=0)
