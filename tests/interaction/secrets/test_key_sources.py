"""Master keys in files, in the environment, and in a real OpenBao.

Requirements: S5
"""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mainspring.infra.secrets import (
    KeyFileError,
    KeyFollower,
    KeySettings,
    KeySource,
    KeySourceError,
    Sealer,
    key_id_of,
    new_master_key,
    open_keys,
)
from mainspring.infra.secrets.sources import encoded_key
from tests.fixtures.openbao import OpenBao, openbao

__all__ = ["openbao"]

Opened = Callable[[Path], KeySource]


def vault(openbao: OpenBao, kind: str, place: str = "mainspring") -> KeySettings:
    return KeySettings(
        key_source="vault-kv" if kind == "vault-kv" else "vault-transit",
        vault_url=openbao.url,
        vault_token_file=openbao.token_file,
        vault_path=place,
    )


@pytest.fixture(params=["file", "vault-kv", "vault-transit"])
def opened(request: pytest.FixtureRequest, openbao: OpenBao, tmp_path: Path) -> Opened:
    """Return what opens a source of each kind; whoever opens it again finds what was kept."""
    kind = str(request.param)
    place = f"keys-{tmp_path.name}" if kind == "vault-kv" else "mainspring"
    settings = KeySettings() if kind == "file" else vault(openbao, kind, place)
    return lambda directory: open_keys(settings, directory / "master.key")


def test_the_first_start_makes_a_key_and_every_later_one_finds_it(
    opened: Opened, tmp_path: Path
) -> None:
    [key] = opened(tmp_path).load()
    assert opened(tmp_path).load() == (key,)


def test_processes_that_start_together_agree_on_one_key(opened: Opened, tmp_path: Path) -> None:
    def start(_number: int) -> tuple[bytes, ...]:
        return opened(tmp_path).load()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(start, range(8)))
    assert len(found) == 1


def test_keys_are_kept_in_their_order_and_not_over_somebody_elses_change(
    opened: Opened, tmp_path: Path
) -> None:
    source, other = opened(tmp_path), opened(tmp_path)
    before = source.load()
    keys = (new_master_key(), *before)
    source.replace(keys, before=before)
    assert other.load() == keys
    with pytest.raises(KeySourceError, match="somebody else"):
        other.replace(before, before=before)
    assert source.load() == keys


def test_a_file_of_wrapped_keys_opens_nothing_by_itself(openbao: OpenBao, tmp_path: Path) -> None:
    source = open_keys(vault(openbao, "vault-transit"), tmp_path / "master.key")
    [key] = source.load()
    content = (tmp_path / "master.key").read_text()
    assert content.startswith("vault:v1:")
    assert encoded_key(key) not in content
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600
    openbao.ask("POST", "transit/keys/mainspring/rotate")
    source.replace([key], before=[key])
    assert (tmp_path / "master.key").read_text().startswith("vault:v2:")
    assert open_keys(vault(openbao, "vault-transit"), tmp_path / "master.key").load() == (key,)


def test_a_key_in_clear_is_not_taken_for_a_wrapped_one(openbao: OpenBao, tmp_path: Path) -> None:
    open_keys(KeySettings(), tmp_path / "master.key").load()
    with pytest.raises(KeySourceError, match="no transit engine"):
        open_keys(vault(openbao, "vault-transit"), tmp_path / "master.key").load()


@pytest.mark.parametrize("kind", ["vault-kv", "vault-transit"])
def test_a_wrong_token_is_an_error_that_shows_no_secret(
    openbao: OpenBao, tmp_path: Path, kind: str
) -> None:
    token = tmp_path / "token"
    token.write_text("s.somebody-elses\n")
    token.chmod(0o600)
    settings = KeySettings(
        key_source=vault(openbao, kind).key_source,
        vault_url=openbao.url,
        vault_token_file=token,
    )
    with pytest.raises(KeySourceError, match="answered 403") as caught:
        open_keys(settings, tmp_path / "master.key").load()
    assert "somebody-elses" not in str(caught.value)
    assert not (tmp_path / "master.key").exists()


def test_a_token_that_others_may_read_is_refused(openbao: OpenBao, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("t\n")
    token.chmod(0o644)
    settings = KeySettings(key_source="vault-kv", vault_url=openbao.url, vault_token_file=token)
    with pytest.raises(KeyFileError, match="chmod 600"):
        open_keys(settings, None).load()


def test_a_vault_that_is_away_ends_a_start_and_not_a_process_that_runs(
    tmp_path: Path, openbao: OpenBao
) -> None:
    with pytest.raises(KeySourceError, match="cannot be asked"):
        open_keys(
            KeySettings(
                key_source="vault-kv",
                vault_url="http://127.0.0.1:1",
                vault_token_file=openbao.token_file,
            ),
            None,
        ).load()


def test_given_keys_are_read_in_their_order_and_never_changed() -> None:
    keys = (new_master_key(), new_master_key())
    settings = KeySettings(key_source="environment", master_keys=",".join(map(encoded_key, keys)))
    source = open_keys(settings, None)
    assert source.load() == keys
    assert not source.is_writable
    with pytest.raises(KeySourceError, match="from outside"):
        source.replace(keys, before=keys)


@pytest.mark.parametrize("text", ["", "c2hvcnQ=", "not base64!"])
def test_given_keys_that_are_none_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(KeySourceError) as caught:
        open_keys(KeySettings(key_source="environment", master_keys=text), None)
    assert not text or text not in str(caught.value)


async def test_a_process_follows_the_keys_and_keeps_its_own_while_they_are_away(
    tmp_path: Path,
) -> None:
    path = tmp_path / "master.key"
    source = open_keys(KeySettings(), path)
    sealer = Sealer.of(source)
    sealed = sealer.seal(b"sk-secret", "c")
    changes: list[str] = []
    follower = KeyFollower(source, sealer, changed=lambda: changes.append(sealer.key_id))
    assert await follower.look()
    assert changes == []
    new = new_master_key()
    source.replace([new, *source.load()], before=source.load())
    assert await follower.look()
    assert changes == [key_id_of(new)]
    assert sealer.unseal(sealed, "c") == b"sk-secret"
    path.chmod(0o644)
    assert not await follower.look()
    assert sealer.unseal(sealer.seal(b"x", "c"), "c") == b"x"
