"""Where the master keys come from.

Every source fails closed: a process that cannot get the keys does not start, and one that runs goes
on with those it has. Sources block, each within its deadline: call them by ``asyncio.to_thread``
once a loop runs.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from mainspring.infra.secrets.keyfile import (
    KEY_BYTES,
    KeyFileError,
    load_keys,
    load_or_create_key,
    write_keys,
)


class KeySourceError(KeyFileError):
    """The master keys cannot be had, or not be changed, where they are kept."""


class KeySource(Protocol):
    """Keeps the master keys, in their order: the first seals, all unseal."""

    @property
    def name(self) -> str:
        """Return what operators call it; it holds no secret."""
        ...

    @property
    def is_writable(self) -> bool:
        """Tell whether :meth:`replace` is possible at all."""
        ...

    def load(self) -> tuple[bytes, ...]:
        """Return the keys; the first start makes one where that is possible.

        Raises:
            KeySourceError: if there is none, or they cannot be read.
        """
        ...

    def replace(self, keys: Sequence[bytes], *, before: Sequence[bytes]) -> None:
        """Keep ``keys`` from now on, unless the present ones are no longer those of ``before``.

        Raises:
            KeySourceError: if that is not possible, or somebody else changed them meanwhile.
        """
        ...


class FileKeys:
    """Keys in a file that only its owner may read."""

    is_writable = True

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """Return the path."""
        return str(self._path)

    def load(self) -> tuple[bytes, ...]:
        """Return the keys of the file, which is created if there is none."""
        load_or_create_key(self._path)
        return load_keys(self._path)

    def replace(self, keys: Sequence[bytes], *, before: Sequence[bytes]) -> None:
        """Write the file anew, whole or not at all."""
        if load_keys(self._path) != tuple(before):
            raise KeySourceError(f"{self._path} was changed by somebody else meanwhile")
        write_keys(self._path, keys)


class GivenKeys:
    """Keys that were given to the process, in an environment variable as a rule."""

    name = "environment"
    is_writable = False

    def __init__(self, text: str) -> None:
        """Take the url-safe base64 keys of ``text``, separated by commas or blanks.

        Raises:
            KeySourceError: if it holds none, or something else.
        """
        self._keys = tuple(decoded_key(each) for each in text.replace(",", " ").split())
        if not self._keys:
            raise KeySourceError("no master key was given")

    def load(self) -> tuple[bytes, ...]:
        """Return the keys."""
        return self._keys

    def replace(self, keys: Sequence[bytes], *, before: Sequence[bytes]) -> None:
        """Refuse: what a process was given it cannot give to others.

        Raises:
            KeySourceError: always.
        """
        del keys, before
        raise KeySourceError("the keys are given from outside: change them there, then restart")


def new_master_key() -> bytes:
    """Return a new key."""
    return os.urandom(KEY_BYTES)


def encoded_key(key: bytes) -> str:
    """Return ``key`` as text."""
    return base64.urlsafe_b64encode(key).decode()


def decoded_key(text: str) -> bytes:
    """Return the key that ``text`` spells.

    Raises:
        KeySourceError: if it is none; the text is not repeated, for it may be nearly one.
    """
    try:
        key = base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError) as error:
        raise KeySourceError("a master key is not base64") from error
    if len(key) != KEY_BYTES:
        raise KeySourceError(f"a master key has not {KEY_BYTES} bytes")
    return key
