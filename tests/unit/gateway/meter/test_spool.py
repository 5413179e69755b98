import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from mainspring.gateway.meter.spool import Position, Segment, Spool, SpoolError, SpoolLimits

SMALL = SpoolLimits(segment_bytes=4096, total_bytes=64 * 1024)


def read_all(spool: Spool) -> list[bytes]:
    records: list[bytes] = []
    position = spool.acknowledged
    while True:
        batch, position = spool.read(position, 7)
        if not batch:
            return records
        records.extend(batch)


def numbered(count: int, size: int = 100) -> list[bytes]:
    return [b"%06d" % number + b"." * size for number in range(count)]


def test_records_come_back_in_order_across_segments(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SMALL)
    records = numbered(200)
    for record in records:
        spool.append(record)
    assert read_all(spool) == records
    assert len(list(tmp_path.glob("segment-*"))) > 1
    assert spool.waiting_bytes == sum(len(record) + 8 for record in records)
    spool.close()


def test_a_new_process_finds_what_was_not_acknowledged(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SMALL)
    records = numbered(200)
    for record in records:
        spool.append(record)
    _, position = spool.read(spool.acknowledged, 150)
    spool.acknowledge(position)
    spool.close()

    again = Spool(tmp_path, SMALL)
    assert again.recovered_bytes == sum(len(record) + 8 for record in records[150:])
    again.append(b"later")
    assert read_all(again) == [*records[150:], b"later"]
    again.close()


def test_acknowledged_segments_leave_the_disk(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SMALL)
    for record in numbered(200):
        spool.append(record)
    position = spool.acknowledged
    while True:
        batch, position = spool.read(position, 50)
        if not batch:
            break
        spool.acknowledge(position)
    assert spool.waiting_bytes == 0
    assert len(list(tmp_path.glob("segment-*"))) == 1
    spool.close()


def test_a_spool_that_is_full_says_so_and_recovers_with_the_receipt(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolLimits(segment_bytes=4096, total_bytes=2048))
    while not spool.full:
        spool.append(b"x" * 100)
    spool.append(b"a call that was already running")
    _, position = spool.read(spool.acknowledged, 1000)
    spool.acknowledge(position)
    assert not spool.full
    spool.close()


def test_a_full_disk_closes_the_spool_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path, SMALL)
    records = numbered(100)

    def no_room(descriptor: int, offset: int, length: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", no_room)
    for record in records:
        spool.append(record)
    assert spool.full
    assert spool.lost == 0
    monkeypatch.undo()
    spool.drain_overflow()
    assert not spool.full
    assert read_all(spool) == records
    spool.close()


def test_a_directory_has_one_owner(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SMALL)
    with pytest.raises(SpoolError, match="another process"):
        Spool(tmp_path, SMALL)
    spool.close()
    Spool(tmp_path, SMALL).close()


def test_a_spare_segment_is_used_by_the_next_rotation(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SMALL)
    records = numbered(60)
    for record in records[:20]:
        spool.append(record)
    assert spool.wants_spare
    spool.take_spare(spool.make_spare())
    assert not spool.wants_spare
    for record in records[20:]:
        spool.append(record)
    assert not (tmp_path / "spare.spool").exists()
    assert read_all(spool) == records
    spool.close()


@pytest.mark.parametrize("size", [0, 4096])
def test_a_record_that_can_never_fit_is_an_error(tmp_path: Path, size: int) -> None:
    spool = Spool(tmp_path, SMALL)
    with pytest.raises(ValueError, match="does not fit"):
        spool.append(b"x" * size)
    spool.close()


def test_a_segment_closed_during_its_sync_is_released_afterwards(tmp_path: Path) -> None:
    segment = Segment.create(tmp_path / "s", 4096)
    segment.append(b"x")
    segment.sync()
    assert segment.is_synced
    segment.delete()
    segment.sync()
    assert not (tmp_path / "s").exists()


def test_a_torn_cursor_only_repeats_the_delivery(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SMALL)
    records = numbered(10)
    for record in records:
        spool.append(record)
    _, position = spool.read(spool.acknowledged, 5)
    spool.acknowledge(position)
    spool.close()
    (tmp_path / "cursor").write_bytes(b"\x01" * 20)
    again = Spool(tmp_path, SMALL)
    assert again.acknowledged == Position(0, 0)
    assert read_all(again) == records
    again.close()


@settings(max_examples=60)
@given(st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=8), st.data())
def test_a_torn_write_costs_at_most_the_record_that_was_being_written(
    tmp_path_factory: pytest.TempPathFactory, records: list[bytes], data: st.DataObject
) -> None:
    directory = tmp_path_factory.mktemp("spool")
    spool = Spool(directory, SMALL)
    for record in records:
        spool.append(record)
    spool.close()
    path = directory / "segment-000000000001.spool"
    content = bytearray(path.read_bytes())
    end = sum(len(record) + 8 for record in records)
    start = end - len(records[-1]) - 8
    torn_at = data.draw(st.integers(start, end - 1))
    content[torn_at:end] = bytes(end - torn_at)
    path.write_bytes(content)
    again = Spool(directory, SMALL)
    # A record that ended in zero bytes may be whole even so.
    assert read_all(again) in (records[:-1], records)
    again.close()


WRITER = """
import sys
from pathlib import Path
from mainspring.gateway.meter.spool import Spool, SpoolLimits
spool = Spool(Path(sys.argv[1]), SpoolLimits(segment_bytes=65536))
number = 0
while True:
    spool.append(b"%d" % number)
    print(number, flush=True)
    number += 1
"""


def test_a_segment_that_was_only_just_made_when_the_process_died_is_no_hindrance(
    tmp_path: Path,
) -> None:
    spool = Spool(tmp_path, SpoolLimits(segment_bytes=65536))
    spool.append(b"1")
    spool.close()
    [segment] = tmp_path.glob("segment-*.spool")
    number = int(segment.stem.partition("-")[2])
    width = len(segment.stem.partition("-")[2])
    (tmp_path / f"segment-{number + 1:0{width}}.spool").touch()
    spool = Spool(tmp_path, SpoolLimits(segment_bytes=65536))
    spool.append(b"2")
    assert read_all(spool) == [b"1", b"2"]
    spool.close()


def test_what_was_appended_survives_kill_9(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as writer:
        assert writer.stdout is not None
        told = -1
        while told < 20_000:
            told = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split(b"\n")
        complete = [line for line in rest[:-1] if line]
        told = int(complete[-1]) if complete else told
    spool = Spool(tmp_path, SpoolLimits(segment_bytes=65536))
    found = [int(record) for record in read_all(spool)]
    assert found == list(range(len(found)))
    assert len(found) > told
    spool.close()
