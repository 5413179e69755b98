"""Every snapshot that was ever released stays readable."""

from pathlib import Path

import msgspec
import pytest

from mainspring.snapshot.frame import decode_frame, decode_resource
from mainspring.snapshot.resources import RESOURCE_TYPES
from mainspring.snapshot.table import SnapshotTable
from tests.golden.write_snapshot import FULL

FILES = sorted((Path(__file__).parent / "snapshot").glob("*.bin"))


class Expected(msgspec.Struct):
    """One resource, as the release that wrote it saw it."""

    kind: str
    value: msgspec.Raw


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_released_snapshot_reads_as_it_was_written(path: Path) -> None:
    frame = decode_frame(path.read_bytes())
    expected = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=list[Expected])
    seen = [decode_resource(entry.kind, entry.data or b"") for entry in frame.entries]
    assert seen == [
        msgspec.json.decode(each.value, type=RESOURCE_TYPES[each.kind]) for each in expected
    ]
    table = SnapshotTable()
    table.apply(frame)
    assert len(table) == len(expected)


def test_there_is_a_golden_file_and_it_has_every_kind_and_field() -> None:
    assert FILES
    assert {each.kind for each in FULL} == set(RESOURCE_TYPES)
    for kind, shape in RESOURCE_TYPES.items():
        described = [each for each in FULL if each.kind == kind]
        for field in msgspec.structs.fields(shape):
            if field.required or field.name == "protocol":  # one protocol has been released
                continue
            values = [getattr(each, field.name) for each in described]
            assert any(value != field.default for value in values), f"{kind}.{field.name}"
