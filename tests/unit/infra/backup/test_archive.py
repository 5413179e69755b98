"""The file of a backup: whole or refused, and never half there."""

import io
import stat
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mainspring.infra.backup import (
    FORMAT,
    ArchiveReader,
    ArchiveWriter,
    Header,
    Manifest,
    Member,
    TableFacts,
)
from mainspring.kernel.errors import BackupDamagedError

HEADER = Header(format=FORMAT, release="1.2.3", created_at=datetime(2026, 11, 22, tzinfo=UTC))
TABLES = (TableFacts(name="public.api_keys", rows=3, revoked=("DELETE",)),)


def _written(path: Path) -> Manifest:
    with ArchiveWriter(path, HEADER) as writer:
        writer.add("database.dump", io.BytesIO(b"d" * 5000))
        writer.add("blobs/one", io.BytesIO(b""))
        return writer.finish(schema="0023", postgres=180006, tables=TABLES, key_ids=("ab",))


def test_what_was_written_is_verified_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    made = _written(path)
    reader = ArchiveReader(path)
    assert reader.verify() == made
    assert made.tables == TABLES
    assert [member.name for member in made.members] == [
        "header.json",
        "database.dump",
        "blobs/one",
    ]
    assert made.members[2] == Member(
        name="blobs/one",
        size=0,
        sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    )
    found: dict[str, bytes] = {}
    reader.each(lambda name, content: found.update({name: content.read()}))
    assert found["database.dump"] == b"d" * 5000
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_writer_that_does_not_finish_leaves_nothing_and_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    made = _written(path)
    with ArchiveWriter(path, HEADER) as writer:
        writer.add("database.dump", io.BytesIO(b"new"))
    assert list(tmp_path.iterdir()) == [path]
    assert ArchiveReader(path).verify() == made


def test_every_changed_byte_of_the_contents_is_found(tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    _written(path)
    data = path.read_bytes()
    start = data.index(b"d" * 100)
    for place in (start, start + 2500, start + 4999):
        path.write_bytes(data[:place] + b"x" + data[place + 1 :])
        with pytest.raises(BackupDamagedError, match=r"changed: database\.dump"):
            ArchiveReader(path).verify()


@pytest.mark.parametrize("kept", [0, 1, 511, 1536, 4000, 8000])
def test_a_file_that_was_cut_off_is_no_backup(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "backup.tar"
    _written(path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(BackupDamagedError):
        ArchiveReader(path).verify()


def test_members_that_are_missing_or_added_are_named(tmp_path: Path) -> None:
    path, other = tmp_path / "backup.tar", tmp_path / "other.tar"
    _written(path)
    with tarfile.open(path) as whole, tarfile.open(other, "w") as changed:
        for entry in whole:
            if entry.name == "blobs/one":
                entry.name = "blobs/../../etc/passwd"
            changed.addfile(entry, whole.extractfile(entry))
    with pytest.raises(BackupDamagedError) as raised:
        ArchiveReader(other).verify()
    assert raised.value.detail == "missing: blobs/one; unknown: blobs/../../etc/passwd"


def test_links_and_devices_are_no_members(tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    with tarfile.open(path, "w") as tar:
        link = tarfile.TarInfo("header.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BackupDamagedError, match="not a plain file"):
        ArchiveReader(path).verify()


def test_a_format_from_the_future_is_named(tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    future = Header(format=FORMAT + 1, release="9", created_at=HEADER.created_at)
    with ArchiveWriter(path, future) as writer:
        writer.finish(schema="1", postgres=1)
    with pytest.raises(BackupDamagedError, match=f"format {FORMAT + 1}"):
        ArchiveReader(path).verify()
