"""The load generator counts what was sent, however the bytes are torn apart."""

import asyncio
import itertools

import pytest
from hypothesis import given, strategies as st

from benchmarks.load import Listener, Tally, request_bytes
from mainspring.testing.upstream import Reply, ScriptedUpstream

STREAM = b"data: {}\n\n" * 7 + b"data: [DONE]\n\n"


@given(st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_events_are_counted_over_any_split(cuts: list[int]) -> None:
    tally = Tally()
    listener = Listener(tally, b"", b"")
    marks = [0, *sorted(cuts), len(STREAM)]
    for start, end in itertools.pairwise(marks):
        listener.on_body(STREAM[start:end])
    assert tally.events == 8


def test_percentiles_are_those_of_every_single_latency() -> None:
    tally = Tally()
    tally.latencies.extend(value / 1000 for value in range(100, 0, -1))
    assert tally.percentiles() == {
        "p50": 51.0,
        "p90": 90.0,
        "p99": 99.0,
        "p999": 100.0,
        "max": 100.0,
    }


@pytest.mark.parametrize("prompt_bytes", [1000, 32_000])
def test_a_prompt_has_the_asked_size(prompt_bytes: int) -> None:
    request = request_bytes(host="h", key="k", model="m", prompt_bytes=prompt_bytes, stream=(5, 20))
    head, _, body = request.partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head
    assert prompt_bytes < len(body) < prompt_bytes + 300
    assert b"pace-20ms" in body


async def test_statuses_other_than_200_are_errors_and_not_requests() -> None:
    async with ScriptedUpstream(Reply.failure(500)) as upstream:
        tally = Tally()
        request = request_bytes(host="h", key="k", model="m", prompt_bytes=10, stream=(5, 20))
        loop = asyncio.get_running_loop()
        _, listener = await loop.create_connection(
            lambda: Listener(tally, request, request), "127.0.0.1", upstream.port
        )
        await upstream.received(3)
        tally.stopping = True
        listener.close()
    assert tally.errors >= 2
    assert tally.requests == 0
    assert tally.first_error is not None
    assert "status 500" in tally.first_error
