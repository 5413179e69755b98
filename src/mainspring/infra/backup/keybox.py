"""Master keys on a journey: in a file of their own, locked by a passphrase."""

import base64
import os
from collections.abc import Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from mainspring.kernel.errors import BackupDamagedError, InvalidRequestError, RestoreRefusedError

SHORTEST_PASSPHRASE = 12
_COST = 1 << 17  # with blocks of 8: 128 MiB and about half a second to try one passphrase
_MOST_COST = 1 << 20
_BLOCK = 8
_CONTEXT = b"mainspring key box 1"


class _Box(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: int
    cost: int
    salt: bytes
    nonce: bytes
    locked: bytes


def lock_keys(keys: Sequence[bytes], passphrase: str) -> bytes:
    """Return a file's content that holds ``keys``, in their order, and only for the passphrase.

    Raises:
        InvalidRequestError: if the passphrase is too short to protect anything.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InvalidRequestError(
            f"the passphrase must have at least {SHORTEST_PASSPHRASE} characters"
        )
    salt, nonce = os.urandom(16), os.urandom(12)
    lines = b"\n".join(base64.urlsafe_b64encode(key) for key in keys)
    locked = AESGCM(_derived(passphrase, salt, _COST)).encrypt(nonce, lines, _CONTEXT)
    box = _Box(format=1, cost=_COST, salt=salt, nonce=nonce, locked=locked)
    return msgspec.json.encode(box) + b"\n"


def unlock_keys(content: bytes, passphrase: str) -> tuple[bytes, ...]:
    """Return the keys that :func:`lock_keys` locked.

    Raises:
        BackupDamagedError: if it is not such a file.
        RestoreRefusedError: if the passphrase is wrong.
    """
    try:
        box = msgspec.json.decode(content, type=_Box)
    except msgspec.MsgspecError as error:
        raise BackupDamagedError("this is not a file of master keys") from error
    # The cost comes from the file: it must not be able to demand all of our memory.
    if box.format != 1 or not 1 < box.cost <= _MOST_COST or box.cost & (box.cost - 1):
        raise BackupDamagedError("this file of master keys is of a form that is not known here")
    try:
        key = _derived(passphrase, box.salt, box.cost)
        lines = AESGCM(key).decrypt(box.nonce, box.locked, _CONTEXT)
    except (InvalidTag, ValueError) as error:
        raise RestoreRefusedError("the passphrase does not open the file of master keys") from error
    return tuple(base64.urlsafe_b64decode(line) for line in lines.split())


def _derived(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=_BLOCK, p=1).derive(passphrase.encode())
