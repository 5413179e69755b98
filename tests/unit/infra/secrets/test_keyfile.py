import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mainspring.infra.secrets import (
    KeyFileError,
    Sealer,
    load_keys,
    load_or_create_key,
    load_or_create_token,
    new_master_key,
)
from mainspring.infra.secrets.keyfile import write_keys


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "master.key"
    key = load_or_create_key(path)
    assert load_or_create_key(path) == key
    assert (mode_of(path), mode_of(path.parent)) == (0o600, 0o700)
    assert [each.name for each in path.parent.iterdir()] == ["master.key"]


def test_racing_creators_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "master.key"
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(load_or_create_key, [path] * 32))) == 1


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "internal.token"
    load_or_create_token(path)
    path.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_or_create_token(path)


@pytest.mark.parametrize("content", [b"", b"not base64!\n", b"c2hvcnQ=\n"])
def test_a_damaged_key_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError):
        load_or_create_key(path)
    assert path.read_bytes() == content


def test_an_added_key_seals_and_the_file_still_opens_what_was_sealed(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    sealed = Sealer.from_file(path).seal(b"x", "c")
    added = new_master_key()
    write_keys(path, [added, *load_keys(path)])
    assert load_keys(path)[0] == added
    assert mode_of(path) == 0o600
    rotated = Sealer.from_file(path)
    assert rotated.unseal(sealed, "c") == b"x"
    assert rotated.key_id != sealed.key_id


def test_the_internal_token_is_stable(tmp_path: Path) -> None:
    path = tmp_path / "internal.token"
    token = load_or_create_token(path)
    assert token.startswith("mst-")
    assert load_or_create_token(path) == token
