import pytest
from hypothesis import given, strategies as st

from mainspring.snapshot.frame import (
    Entry,
    Frame,
    SnapshotFormatError,
    decode_frame,
    decode_resource,
    encode_frame,
    encode_resource,
)
from mainspring.snapshot.resources import Organization

FRAME = Frame(
    version=7,
    entries=[
        Entry("organization", "o", 7, encode_resource(Organization(id="o", name="n"))),
        Entry("model", "m", 6, None),
    ],
    since=5,
)


def test_a_frame_comes_back_as_it_was() -> None:
    assert decode_frame(encode_frame(FRAME)) == FRAME


@given(st.integers(0, len(encode_frame(FRAME)) - 1), st.integers(1, 255))
def test_no_flipped_byte_goes_unnoticed(at: int, flip: int) -> None:
    data = bytearray(encode_frame(FRAME))
    data[at] ^= flip
    with pytest.raises(SnapshotFormatError):
        decode_frame(bytes(data))


@given(st.integers(0, len(encode_frame(FRAME)) - 1))
def test_a_torn_file_is_noticed(length: int) -> None:
    with pytest.raises(SnapshotFormatError):
        decode_frame(encode_frame(FRAME)[:length])


def test_a_format_of_the_future_is_refused() -> None:
    with pytest.raises(SnapshotFormatError, match="format 2"):
        decode_frame(encode_frame(Frame(version=1, entries=[], format=2)))


def test_a_kind_of_the_future_is_skipped_and_a_broken_known_one_is_not() -> None:
    assert decode_resource("quantum_model", b"\x80") is None
    with pytest.raises(SnapshotFormatError, match="organization"):
        decode_resource("organization", b"\x80")
