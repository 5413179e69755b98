"""Requests at a fixed rate: each is due at its moment, and waits from then."""

import asyncio

import pytest

from benchmarks.load import request_bytes
from benchmarks.paced import Metronome, PacedCallers
from mainspring.testing.upstream import Reply, ScriptedUpstream

REQUEST = request_bytes(host="h", key="k", model="m", prompt_bytes=10, stream=None)


async def test_beats_that_were_missed_are_made_good() -> None:
    loop = asyncio.get_running_loop()
    enough = asyncio.Event()
    beats = 0

    def due(count: int) -> None:
        nonlocal beats
        beats += count
        if beats >= 100:
            enough.set()

    begun = loop.time()
    metronome = Metronome(2000, due)
    try:
        async with asyncio.timeout(10):
            await enough.wait()
        took_s = loop.time() - begun
    finally:
        metronome.stop()
        metronome.stop()
    assert took_s >= 0.045
    assert beats <= took_s * 2000 + 1


async def test_a_request_waits_from_the_moment_that_it_was_due() -> None:
    waits: list[float] = []
    statuses: set[int] = set()
    enough = asyncio.Event()

    def answered(status: int, took_s: float) -> None:
        statuses.add(status)
        waits.append(took_s)
        if len(waits) >= 6:
            enough.set()

    # One connection, an answer each 50 ms, a request each 10 ms: they queue, longer and longer.
    async with ScriptedUpstream(Reply(delay_s=0.05)) as upstream:
        callers = PacedCallers(100, REQUEST, answered)
        await callers.open("127.0.0.1", upstream.port, 1)
        try:
            async with asyncio.timeout(10):
                await enough.wait()
        finally:
            callers.close()
    assert statuses == {200}
    assert waits[0] >= 0.05
    assert waits[5] >= waits[0] + 5 * 0.035
    assert callers.lost == 0


@pytest.mark.parametrize("connections", [1, 3])
async def test_a_connection_that_is_lost_is_counted(connections: int) -> None:
    async with ScriptedUpstream(Reply()) as upstream:
        callers = PacedCallers(1, REQUEST, lambda _status, _took: None)
        await callers.open("127.0.0.1", upstream.port, connections)
    async with asyncio.timeout(10):
        while callers.lost < connections:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
    callers.close()
