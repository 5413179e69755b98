"""Sealing of secrets: each by a data key of its own, which a master key wraps (AES-256-GCM).

To change the master key is therefore to wrap data keys again: short, and without any secret in
clear. Both parts travel in one :class:`~mainspring.snapshot.resources.Sealed`: its nonce holds the
one of the wrapping and the one of the secret, its ciphertext the wrapped data key and the secret.
A nonce of 12 bytes is of the first form, where the master key sealed the secret itself; it is read
for ever, and becomes the present form when it is sealed anew.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mainspring.infra.secrets.keyfile import KEY_BYTES, load_keys, load_or_create_key
from mainspring.infra.secrets.sources import KeySource
from mainspring.snapshot.resources import Sealed

_NONCE_BYTES = 12
_TAG_BYTES = 16
_WRAPPED_BYTES = KEY_BYTES + _TAG_BYTES
_WRAPPING = b"mainspring data key"


class UnsealError(ValueError):
    """The sealed bytes are damaged, of another context, or of a key that is not held here."""


class _Ring(msgspec.Struct, frozen=True):
    """The master keys at one moment; the first seals."""

    ciphers: dict[str, AESGCM]
    sealing: str


class Sealer:
    """Seals by the first of its master keys and unseals by any that it holds.

    ``context`` is authenticated and not stored: a secret sealed for one upstream cannot be
    unsealed as that of another, even by someone who can write to the database.
    """

    def __init__(self, master_key: bytes, *, retired: Sequence[bytes] = ()) -> None:
        """Hold ``master_key``, which seals, and further ones, which only unseal.

        Raises:
            ValueError: if a key is not 32 bytes long.
        """
        self._ring = _ring((master_key, *retired))

    @classmethod
    def from_file(cls, path: Path) -> "Sealer":
        """Hold the keys of the file at ``path``, creating it if there is none.

        Raises:
            KeyFileError: if the file cannot be used.
        """
        load_or_create_key(path)
        newest, *retired = load_keys(path)
        return cls(newest, retired=retired)

    @classmethod
    def of(cls, source: KeySource) -> "Sealer":
        """Hold the keys of ``source``. Blocks.

        Raises:
            KeyFileError: if they cannot be had.
        """
        first, *others = source.load()
        return cls(first, retired=others)

    @property
    def key_id(self) -> str:
        """Return the id of the key that seals now."""
        return self._ring.sealing

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Return the ids of all keys that are held; the first seals."""
        return tuple(self._ring.ciphers)

    def hold(self, keys: Sequence[bytes]) -> bool:
        """Hold ``keys`` from now on, of which the first seals; tell whether that is a change.

        Raises:
            ValueError: if there is none, or one is not 32 bytes long; nothing has changed then.
        """
        ring = _ring(keys)
        changed = tuple(ring.ciphers) != self.key_ids
        self._ring = ring
        return changed

    def seal(self, plaintext: bytes, context: str) -> Sealed:
        """Return ``plaintext`` encrypted and bound to ``context``."""
        ring = self._ring
        data_key = os.urandom(KEY_BYTES)
        nonce = os.urandom(_NONCE_BYTES)
        ciphertext = AESGCM(data_key).encrypt(nonce, plaintext, context.encode())
        return _wrapped(ring, data_key, nonce, ciphertext)

    def unseal(self, sealed: Sealed, context: str) -> bytes:
        """Return the plaintext.

        Raises:
            UnsealError: if it was not sealed for ``context`` by a key that is held here.
        """
        try:
            if len(sealed.nonce) == _NONCE_BYTES:
                cipher = self._cipher(sealed)
                return cipher.decrypt(sealed.nonce, sealed.ciphertext, context.encode())
            data_key = self._data_key(sealed)
            nonce, ciphertext = sealed.nonce[_NONCE_BYTES:], sealed.ciphertext[_WRAPPED_BYTES:]
            return AESGCM(data_key).decrypt(nonce, ciphertext, context.encode())
        except (InvalidTag, ValueError) as error:
            if isinstance(error, UnsealError):
                raise
            raise UnsealError("damaged, or sealed for another context") from error

    def reseal(self, sealed: Sealed, context: str) -> Sealed:
        """Return the same secret under the key that seals now; its data key stays.

        Raises:
            UnsealError: if it was not sealed for ``context`` by a key that is held here.
        """
        plaintext = self.unseal(sealed, context)  # what cannot be read is not carried on
        if len(sealed.nonce) == _NONCE_BYTES:
            return self.seal(plaintext, context)
        return _wrapped(
            self._ring,
            self._data_key(sealed),
            sealed.nonce[_NONCE_BYTES:],
            sealed.ciphertext[_WRAPPED_BYTES:],
        )

    def is_current(self, sealed: Sealed) -> bool:
        """Tell whether it is sealed in the present form by the key that seals now."""
        return sealed.key_id == self._ring.sealing and len(sealed.nonce) == 2 * _NONCE_BYTES

    def _data_key(self, sealed: Sealed) -> bytes:
        if len(sealed.nonce) != 2 * _NONCE_BYTES or len(sealed.ciphertext) < _WRAPPED_BYTES:
            raise UnsealError("damaged: it is of no form that is known here")
        wrapped = sealed.ciphertext[:_WRAPPED_BYTES]
        return self._cipher(sealed).decrypt(sealed.nonce[:_NONCE_BYTES], wrapped, _WRAPPING)

    def _cipher(self, sealed: Sealed) -> AESGCM:
        cipher = self._ring.ciphers.get(sealed.key_id)
        if cipher is None:
            raise UnsealError(f"sealed by key {sealed.key_id}, which is not held here")
        return cipher


def key_id_of(key: bytes) -> str:
    """Return a short public name of ``key``; it tells nothing about it."""
    return hashlib.sha256(b"mainspring master key id\0" + key).hexdigest()[:16]


def _ring(keys: Sequence[bytes]) -> _Ring:
    ciphers: dict[str, AESGCM] = {}
    for key in keys:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes, this one has {len(key)}")
        ciphers.setdefault(key_id_of(key), AESGCM(key))
    if not ciphers:
        raise ValueError("there must be a master key")
    return _Ring(ciphers, next(iter(ciphers)))


def _wrapped(ring: _Ring, data_key: bytes, nonce: bytes, ciphertext: bytes) -> Sealed:
    outer = os.urandom(_NONCE_BYTES)
    wrapped = ring.ciphers[ring.sealing].encrypt(outer, data_key, _WRAPPING)
    return Sealed(ring.sealing, outer + nonce, wrapped + ciphertext)
