"""Sealing of secrets with AES-256-GCM."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mainspring.infra.secrets.keyfile import KEY_BYTES, load_keys, load_or_create_key
from mainspring.snapshot.resources import Sealed

_NONCE_BYTES = 12


class UnsealError(ValueError):
    """The sealed bytes are damaged, of another context, or of a key that is not held here."""


class Sealer:
    """Seals with the newest key and unseals with any that it holds.

    ``context`` is authenticated and not stored: a secret sealed for one upstream cannot be
    unsealed as that of another, even by someone who can write to the database.
    """

    def __init__(self, master_key: bytes, *, retired: Sequence[bytes] = ()) -> None:
        """Hold ``master_key``, which seals, and ``retired`` ones, which only unseal.

        Raises:
            ValueError: if a key is not 32 bytes long.
        """
        self._ciphers: dict[str, AESGCM] = {}
        for key in (master_key, *retired):
            if len(key) != KEY_BYTES:
                raise ValueError(f"a master key has {KEY_BYTES} bytes, this one has {len(key)}")
            self._ciphers.setdefault(key_id_of(key), AESGCM(key))
        self._newest = key_id_of(master_key)

    @classmethod
    def from_file(cls, path: Path) -> "Sealer":
        """Hold the keys of the file at ``path``, creating it if there is none.

        Raises:
            KeyFileError: if the file cannot be used.
        """
        load_or_create_key(path)
        newest, *retired = load_keys(path)
        return cls(newest, retired=retired)

    @property
    def key_id(self) -> str:
        """Return the id of the key that seals now."""
        return self._newest

    def seal(self, plaintext: bytes, context: str) -> Sealed:
        """Return ``plaintext`` encrypted and bound to ``context``."""
        nonce = os.urandom(_NONCE_BYTES)
        ciphertext = self._ciphers[self._newest].encrypt(nonce, plaintext, context.encode())
        return Sealed(self._newest, nonce, ciphertext)

    def unseal(self, sealed: Sealed, context: str) -> bytes:
        """Return the plaintext.

        Raises:
            UnsealError: if it was not sealed for ``context`` by a key that is held here.
        """
        cipher = self._ciphers.get(sealed.key_id)
        if cipher is None:
            raise UnsealError(f"sealed by key {sealed.key_id}, which is not held here")
        try:
            return cipher.decrypt(sealed.nonce, sealed.ciphertext, context.encode())
        except InvalidTag as error:
            raise UnsealError("damaged, or sealed for another context") from error


def key_id_of(key: bytes) -> str:
    """Return a short public name of ``key``; it tells nothing about it."""
    return hashlib.sha256(b"mainspring master key id\0" + key).hexdigest()[:16]
