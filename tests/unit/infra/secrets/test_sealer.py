import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mainspring.infra.secrets import Sealer, UnsealError, key_id_of
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


def test_a_secret_of_the_first_form_is_read_and_becomes_the_present_one() -> None:
    nonce = bytes(12)
    old = Sealed(key_id_of(OLD), nonce, AESGCM(OLD).encrypt(nonce, b"sk-secret", b"c"))
    sealer = Sealer(OLD)
    assert sealer.unseal(old, "c") == b"sk-secret"
    assert not sealer.is_current(old)
    new = sealer.reseal(old, "c")
    assert sealer.is_current(new)
    assert sealer.unseal(new, "c") == b"sk-secret"


def test_to_seal_anew_changes_what_wraps_the_data_key_and_not_the_secrets_own_bytes() -> None:
    sealed = Sealer(OLD).seal(b"sk-secret", "c")
    both = Sealer(NEW, retired=[OLD])
    again = both.reseal(sealed, "c")
    assert again.key_id == key_id_of(NEW)
    assert again.ciphertext[48:] == sealed.ciphertext[48:]
    assert again.ciphertext[:48] != sealed.ciphertext[:48]
    assert Sealer(NEW).unseal(again, "c") == b"sk-secret"
    with pytest.raises(UnsealError):
        both.reseal(sealed, "another context")


def test_keys_change_while_a_process_runs() -> None:
    sealer = Sealer(OLD)
    sealed = sealer.seal(b"x", "c")
    assert sealer.hold([OLD, NEW])
    assert sealer.key_ids == (key_id_of(OLD), key_id_of(NEW))
    assert sealer.key_id == key_id_of(OLD)
    assert sealer.hold([NEW, OLD])
    assert not sealer.hold([NEW, OLD])
    assert sealer.seal(b"x", "c").key_id == key_id_of(NEW)
    assert sealer.unseal(sealed, "c") == b"x"
    with pytest.raises(ValueError, match="must be a master key"):
        sealer.hold([])
    assert sealer.unseal(sealed, "c") == b"x"


@pytest.mark.parametrize("length", [0, 11, 13, 23, 25, 48])
def test_a_nonce_of_no_known_form_is_refused(length: int) -> None:
    sealed = Sealer(OLD).seal(b"x", "c")
    with pytest.raises(UnsealError):
        Sealer(OLD).unseal(Sealed(sealed.key_id, bytes(length), sealed.ciphertext), "c")
