"""Streams of typed events pass by whole, and their usage is read."""

import itertools

from hypothesis import given, settings, strategies as st

from mainspring.wire.scan import TypedEventScanner

START = (
    b'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":3}}}'
)
DELTA = b'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"text":"hi"}}'
LAST = b'event: message_delta\ndata: {"type":"message_delta","usage":{"output_tokens":2}}'
STOP = b'event: message_stop\ndata: {"type":"message_stop"}'


def cut(data: bytes, at: list[int]) -> list[bytes]:
    marks = sorted({min(mark, len(data)) for mark in at} | {0, len(data)})
    return [data[a:b] for a, b in itertools.pairwise(marks)]


@given(
    at=st.lists(st.integers(0, 500), max_size=12),
    end=st.sampled_from([b"\n\n", b"\r\n\r\n", b"\r\r"]),
    complete=st.booleans(),
)
def test_however_a_stream_is_cut_whole_events_pass(
    at: list[int], end: bytes, *, complete: bool
) -> None:
    line = end[: len(end) // 2]
    stream = b"".join(each.replace(b"\n", line) + end for each in (START, DELTA, LAST, STOP))
    if not complete:
        stream = stream.removesuffix(end)
    scanner = TypedEventScanner()
    seen = b""
    for piece in cut(stream, at):
        seen += scanner.feed(piece)
        assert seen in {b"", *(stream[:n] for n in _ends(stream, end))}
        assert not scanner.in_event
    assert seen + scanner.close() == stream
    assert scanner.usage_frame is not None
    assert b'"input_tokens":3' in scanner.usage_frame
    assert b'"output_tokens":2' in scanner.usage_frame
    # The last of two CR may be the first half of CRLF, so that end is seen with what follows.
    assert scanner.done == (complete and end != b"\r\r")


def _ends(stream: bytes, end: bytes) -> list[int]:
    return [n + len(end) for n in range(len(stream)) if stream.startswith(end, n)]


@settings(deadline=None, max_examples=20)
@given(size=st.integers(500, 5000))
def test_a_very_large_event_flows_on(size: int) -> None:
    big = b'event: content_block_delta\ndata: {"text":"%s"}\n\n' % (b"x" * 200_000)
    stream = START + b"\n\n" + big + LAST + b"\n\n"
    scanner = TypedEventScanner()
    waiting = 0
    seen = b""
    for offset in range(0, len(stream), size):
        seen += scanner.feed(stream[offset : offset + size])
        waiting = max(waiting, offset + size - len(seen))
    assert waiting < 75_000
    assert seen + scanner.close() == stream
    assert scanner.usage_frame is not None
