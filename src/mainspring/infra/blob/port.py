"""What a store of blobs must be able to do."""

import hashlib
import re
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from typing import Final, Protocol

import msgspec

CHUNK_BYTES: Final = 256 * 1024
"""About so much of a blob is in memory at a time."""

_KEY: Final = re.compile(r"[a-z0-9_-]+(?:/[a-zA-Z0-9_=-]+)*(?:\.[a-z0-9]+)?")
"""The first name begins no hidden file and no way up; the last one may have an ending."""


class BlobStoreError(Exception):
    """The store cannot be used at this moment; nothing was changed."""


class BlobNotFoundError(Exception):
    """There is no blob of that key."""


class BlobInfo(msgspec.Struct, frozen=True):
    """What was put: its size in bytes and the SHA-256 of all of it."""

    size: int
    sha256: bytes


class BlobStore(Protocol):
    """Bytes by key; a blob is written once, whole, and never changed.

    Fails closed: a put that fails leaves no blob under its key.
    """

    async def put(self, key: str, pieces: AsyncIterable[bytes]) -> BlobInfo:
        """Keep ``pieces`` under ``key``, durably; an error of ``pieces`` comes through.

        Raises:
            ValueError: if the key is none.
            BlobStoreError: if the store cannot be used.
        """
        ...

    async def open(self, key: str, start: int = 0) -> AsyncGenerator[bytes]:
        """Return the blob from byte ``start`` on, in pieces, to be read once and closed.

        Raises:
            BlobNotFoundError: if there is none, before the first piece.
            BlobStoreError: if the store cannot be used.
        """
        ...

    def keys(self) -> AsyncGenerator[str]:
        """Yield the key of every blob, in no order; those put or deleted meanwhile may be missed.

        Raises:
            BlobStoreError: if the store cannot be used.
        """
        ...

    async def delete(self, key: str) -> None:
        """Delete the blob, if there is one.

        Raises:
            BlobStoreError: if the store cannot be used.
        """
        ...


class Measured:
    """Pieces on their way into a store, counted and hashed."""

    def __init__(self, pieces: AsyncIterable[bytes]) -> None:
        self._pieces = pieces
        self._digest = hashlib.sha256()
        self._size = 0
        self.error: BaseException | None = None
        """What the pieces' own source raised."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the pieces."""
        try:
            async for piece in self._pieces:
                self._digest.update(piece)
                self._size += len(piece)
                yield piece
        except Exception as error:
            self.error = error
            raise

    @property
    def info(self) -> BlobInfo:
        """Return what has passed."""
        return BlobInfo(self._size, self._digest.digest())


def is_key(name: str) -> bool:
    """Tell whether a blob may be called so; what else lies in a store is none of ours."""
    return len(name) <= 500 and _KEY.fullmatch(name) is not None


def checked_key(key: str) -> str:
    """Return ``key``.

    Raises:
        ValueError: if it is not made of plain names with slashes between them, and an ending.
    """
    if not is_key(key):
        raise ValueError(f"not the key of a blob: {key!r}")
    return key
