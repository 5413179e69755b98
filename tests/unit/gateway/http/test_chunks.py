"""Chunks are told by their length alone, and only those that are one whole chunk."""

import itertools

import httptools
import pytest
from hypothesis import given, strategies as st

from mainspring.gateway.http.chunks import (
    FRAMING,
    MAX_PLAIN_BYTES,
    OPENINGS,
    body_of,
    ends_with_chunk,
    framed,
)


@pytest.mark.parametrize("spelling", ["%x", "%X"])
def test_every_chunk_below_the_bound_is_known_by_its_size(spelling: str) -> None:
    known = 0
    for length in range(1, MAX_PLAIN_BYTES):
        body = b"\n" * length
        chunk = f"{spelling}\r\n".encode() % length + body + b"\r\n"
        if len(chunk) < MAX_PLAIN_BYTES:
            known += 1
            assert chunk.startswith(OPENINGS[len(chunk)])
            assert FRAMING[len(chunk)] == len(chunk) - length
            assert body_of(chunk) == body
    assert known > MAX_PLAIN_BYTES - 10


@pytest.mark.parametrize(
    "data",
    [b"", b"\r\n", b"0\r\n\r\n", b"1\r\n\r\n", b"3\r\nab\r\n", b"02\r\nab\r\n", b"2;a\r\nab\r\n"],
)
def test_what_is_no_plain_chunk_is_not_taken_for_one(data: bytes) -> None:
    assert not data.startswith(OPENINGS[len(data)])


_HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


class _Pieces:
    """What a parser finds."""

    def __init__(self) -> None:
        self.found: list[bytes] = []

    def on_body(self, piece: bytes) -> None:
        self.found.append(piece)


_BODY = st.one_of(
    st.binary(min_size=1, max_size=20),
    st.lists(
        st.sampled_from([b"\r\n", b"2\r\n", b"a", b"3\r\n\n\r\n\r\n"]), min_size=1, max_size=5
    ).map(b"".join),
)


@given(bodies=st.lists(_BODY, min_size=1, max_size=4), cut=st.integers(0, 200))
def test_the_end_of_a_chunk_is_seen_exactly_where_it_is(bodies: list[bytes], cut: int) -> None:
    chunks = [framed(body) for body in bodies]
    stream = b"".join(chunks)
    cut %= len(stream)
    ends = list(itertools.accumulate(map(len, chunks)))
    for end in range(cut + 1, len(stream) + 1):
        # What came earlier, then the rest up to ``end`` in one go.
        pieces = _Pieces()
        parser = httptools.HttpResponseParser(pieces)
        parser.feed_data(_HEAD + stream[:cut])
        pieces.found.clear()
        data = stream[cut:end]
        parser.feed_data(data)
        told = bool(pieces.found) and ends_with_chunk(data, pieces.found[-1])
        begins = [each - len(chunk) for each, chunk in zip(ends, chunks, strict=True)]
        if end not in ends:
            assert not told
        elif begins[ends.index(end)] == cut or begins[ends.index(end)] >= cut + 2:
            assert told
