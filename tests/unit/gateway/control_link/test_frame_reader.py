import pytest
from hypothesis import given, strategies as st

from mainspring.gateway.control_link.backoff import Backoff
from mainspring.gateway.control_link.snapshot_file import read_snapshot_file, write_snapshot_file
from mainspring.gateway.control_link.snapshot_link import FrameReader
from mainspring.snapshot.frame import Frame, SnapshotFormatError


@given(st.lists(st.binary(max_size=40), max_size=6), st.lists(st.integers(0, 300), max_size=8))
def test_frames_come_out_as_they_went_in_however_the_stream_is_cut(
    frames: list[bytes], at: list[int]
) -> None:
    stream = b"".join(len(frame).to_bytes(4, "big") + frame for frame in frames)
    marks = sorted({min(mark, len(stream)) for mark in at} | {0, len(stream)})
    reader = FrameReader()
    seen = [
        frame
        for start, end in zip(marks, [*marks[1:], len(stream)], strict=True)
        for frame in reader.feed(stream[start:end])
    ]
    assert seen == frames


def test_an_absurd_length_is_refused_before_anything_is_kept() -> None:
    with pytest.raises(ValueError, match="a frame of"):
        FrameReader().feed(b"HTTP")


def test_waits_double_up_to_their_bound_and_begin_anew_after_success() -> None:
    backoff = Backoff(1.0, 8.0)
    waits = [backoff.next() for _ in range(6)]
    for wait, ceiling in zip(waits, [1, 2, 4, 8, 8, 8], strict=True):
        assert ceiling / 2 <= wait <= ceiling
    backoff.reset()
    assert backoff.next() <= 1.0


def test_the_snapshot_file_is_whole_private_and_replaced_at_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("gateway") / "deep" / "snapshot.bin"
    assert read_snapshot_file(path) is None
    write_snapshot_file(path, Frame(version=1, entries=[]))
    write_snapshot_file(path, Frame(version=2, entries=[]))
    assert read_snapshot_file(path) == Frame(version=2, entries=[])
    assert [each.name for each in path.parent.iterdir()] == ["snapshot.bin"]
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"torn")
    with pytest.raises(SnapshotFormatError):
        read_snapshot_file(path)
