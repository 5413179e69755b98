"""Chunks that pass as they came are understood exactly as those that are parsed."""

import asyncio

import pytest
import uvloop
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.interaction.gateway_http.wire import Relay, Stack, Visit, relay, request, until

HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
LAST = b"0\r\n\r\n"

_SPELLINGS = (b"%x\r\n%b\r\n", b"%X\r\n%b\r\n", b"00%x\r\n%b\r\n", b"%x;a=b\r\n%b\r\n")


@st.composite
def an_answer(draw: st.DrawFn) -> list[bytes]:
    """Write the body of an answer, mostly a good one, as the pieces in which it is sent."""
    bodies = st.binary(min_size=1, max_size=40) | st.sampled_from(
        [b"\r\n", b"5\r\nabcde\r\n", b"x" * 300, b"y" * 1100, b"\n\r\n\r\n"]
    )
    pieces: list[bytes] = []
    for body in draw(st.lists(bodies, min_size=1, max_size=8)):
        spelling = draw(st.sampled_from([*_SPELLINGS[:1] * 4, *_SPELLINGS]))
        pieces.append(spelling % (len(body), body))
    wrong = draw(st.sampled_from([None] * 4 + [b"3\r\nabcd\r\n", b"zz\r\n", b"-1\r\n\r\n"]))
    pieces.append(wrong or LAST)
    how = draw(st.sampled_from(["alone", "alone", "together", "cut"]))
    if how == "alone":
        return pieces
    whole = b"".join(pieces)
    size = len(whole) if how == "together" else draw(st.integers(1, 30))
    return [whole[at : at + size] for at in range(0, len(whole), size)]


async def _relayed(pieces: list[bytes], *, takes_chunks: bool) -> tuple[bytes, object]:
    """Relay one answer; return what the client got of its body, and how it ended."""
    stack = Stack()

    async def script(visit: Visit) -> None:
        await visit.request()
        visit.say(HEAD)
        for piece in pieces:
            # Time for the other side, which runs in this very loop, to read it alone.
            for _ in range(6):
                await asyncio.sleep(0)
            visit.say(piece)
        await visit.until_gone()

    try:
        sinks: list[Relay] = []
        pool = stack.pool(await stack.upstream(script))
        server = await stack.server(relay(pool, sinks, takes_chunks=takes_chunks))
        client = await stack.client(server.port)
        client.send(request())
        await client.head()
        body = b""
        try:
            while piece := await client.chunk():
                body += piece
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        await until(sinks[0].done.done)
        failure = sinks[0].failure
        return body, failure and failure.kind
    finally:
        await stack.close()


@pytest.mark.timeout(120)
@settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(pieces=an_answer())
def test_an_answer_is_relayed_alike_whether_chunks_are_taken_as_they_are_or_not(
    pieces: list[bytes],
) -> None:
    async def both() -> None:
        parsed = await _relayed(pieces, takes_chunks=False)
        taken = await _relayed(pieces, takes_chunks=True)
        assert taken[1] == parsed[1]
        # How much of a broken answer gets through before it is found broken is not the same.
        if parsed[1] is None:
            assert taken[0] == parsed[0]

    uvloop.run(both())


async def test_a_chunk_that_comes_alone_is_the_one_that_goes_out(stack: Stack) -> None:
    steps = [asyncio.Event() for _ in range(20)]

    async def script(visit: Visit) -> None:
        await visit.request()
        visit.say(HEAD)
        for number, step in enumerate(steps):
            await step.wait()
            visit.say(b"9\r\ndata: %02d\n\r\n" % number)
        visit.say(LAST)
        await visit.until_gone()

    sinks: list[Relay] = []
    pool = stack.pool(await stack.upstream(script))
    server = await stack.server(relay(pool, sinks, takes_chunks=True))
    client = await stack.client(server.port)
    client.send(request())
    await client.head()
    for number, step in enumerate(steps):
        step.set()
        assert await client.chunk() == b"data: %02d\n" % number
    assert await client.chunk() == b""
    # The first is parsed, to find where chunks begin, and the last, which comes with the end; the
    # connection is used again as any other.
    assert sinks[0].chunks == [b"9\r\ndata: %02d\n\r\n" % number for number in range(1, 19)]
    assert pool.idle == 1
