import pytest

from mainspring.infra.secrets import Sealer, UnsealError
from mainspring.snapshot.resources import Sealed

OLD = bytes(32)
NEW = b"\x01" * 32


def test_a_secret_comes_back_only_for_its_own_context() -> None:
    sealer = Sealer(OLD)
    sealed = sealer.seal(b"sk-secret", "upstream/a")
    assert sealer.unseal(sealed, "upstream/a") == b"sk-secret"
    assert b"sk-secret" not in sealed.ciphertext
    with pytest.raises(UnsealError):
        sealer.unseal(sealed, "upstream/b")


def test_sealing_twice_gives_different_bytes() -> None:
    sealer = Sealer(OLD)
    assert sealer.seal(b"x", "c") != sealer.seal(b"x", "c")


def test_after_rotation_the_newest_key_seals_and_the_old_one_still_unseals() -> None:
    before = Sealer(OLD)
    sealed = before.seal(b"x", "c")
    after = Sealer(NEW, retired=[OLD])
    assert after.unseal(sealed, "c") == b"x"
    assert after.seal(b"x", "c").key_id == after.key_id != before.key_id
    with pytest.raises(UnsealError, match="not held here"):
        Sealer(NEW).unseal(sealed, "c")


def test_damaged_bytes_are_refused() -> None:
    sealer = Sealer(OLD)
    sealed = sealer.seal(b"x", "c")
    damaged = Sealed(
        sealed.key_id, sealed.nonce, bytes([sealed.ciphertext[0] ^ 1]) + sealed.ciphertext[1:]
    )
    with pytest.raises(UnsealError):
        sealer.unseal(damaged, "c")


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(b"short")
