"""Built snapshots are what a gateway's table reads, version by version."""

from pathlib import Path

from mainspring.snapshot.frame import decode_frame
from mainspring.snapshot.table import SnapshotTable
from mainspring.testing.snapshots import SnapshotBuilder


def test_a_built_base_lets_a_key_find_its_model() -> None:
    builder = SnapshotBuilder()
    secret = builder.add_key()
    upstream = builder.add_upstream("http://127.0.0.1:9")
    model = builder.add_model("m", upstream, upstream_model="theirs")
    table = SnapshotTable()
    table.apply(builder.frame())
    key = table.find_key(secret)
    assert key is not None
    assert table.find_model("m", key.org_id) == model
    assert model.targets[0].upstream_model == "theirs"
    assert key.project_id in table.projects


def test_keys_share_the_default_project() -> None:
    builder = SnapshotBuilder()
    secrets = [builder.add_key(), builder.add_key()]
    table = SnapshotTable()
    table.apply(builder.frame())
    found = [table.find_key(secret) for secret in secrets]
    assert len({key.project_id for key in found if key}) == 1


def test_a_delta_holds_what_changed_and_what_went() -> None:
    builder = SnapshotBuilder()
    upstream = builder.add_upstream("http://127.0.0.1:9")
    gone = builder.add_model("gone", upstream)
    table = SnapshotTable()
    table.apply(builder.frame())
    builder.delete(gone)
    builder.add_model("new", upstream)
    changed = table.apply(builder.frame(since=table.version))
    assert sorted(kind for kind, _ in changed) == ["model", "model"]
    assert [model.name for model in table.visible_models("any")] == ["new"]


def test_a_written_file_is_a_base_frame(tmp_path: Path) -> None:
    builder = SnapshotBuilder()
    builder.add_key()
    builder.write(tmp_path / "snapshot.bin")
    frame = decode_frame((tmp_path / "snapshot.bin").read_bytes())
    assert frame == builder.frame()
    loaded = SnapshotBuilder.load(tmp_path / "snapshot.bin")
    assert loaded.frame() == frame
    loaded.add_key()
    assert loaded.version == frame.version + 3
