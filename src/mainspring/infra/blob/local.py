"""Blobs as files under one directory."""

import asyncio
import contextlib
import hashlib
import os
import secrets
from collections.abc import AsyncGenerator, AsyncIterable
from pathlib import Path
from typing import BinaryIO, Final

from mainspring.infra.blob.port import (
    CHUNK_BYTES,
    BlobInfo,
    BlobNotFoundError,
    BlobStoreError,
    Measured,
    checked_key,
    is_key,
)

_PARTS: Final = ".parts"
"""Where blobs are that are being written; no key begins with a dot."""


class LocalBlobs:
    """Keeps each blob in a file; it appears under its name once all of it is on the disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, pieces: AsyncIterable[bytes]) -> BlobInfo:
        """Keep ``pieces`` under ``key``, durably."""
        path = self._path(key)
        measured = Measured(pieces)
        part = self._root / _PARTS / f"{_part_of(key)}.{secrets.token_hex(8)}"
        try:
            file = await asyncio.to_thread(_create, part)
            try:
                async for piece in measured:
                    await asyncio.to_thread(file.write, piece)
                await asyncio.to_thread(_finish, file, part, path)
            except BaseException:
                await asyncio.to_thread(_abandon, file, part)
                raise
        except OSError as error:
            if error is measured.error:
                raise
            raise BlobStoreError(f"the blob cannot be written: {error.strerror}") from error
        return measured.info

    async def open(self, key: str, start: int = 0) -> AsyncGenerator[bytes]:
        """Return the blob from byte ``start`` on, in pieces."""
        path = self._path(key)
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except FileNotFoundError as error:
            raise BlobNotFoundError(key) from error
        except OSError as error:
            raise BlobStoreError(f"the blob cannot be read: {error.strerror}") from error
        return _pieces(file, start)

    async def keys(self) -> AsyncGenerator[str]:
        """Yield the key of every blob."""
        walk = os.walk(self._root, onerror=_fail)
        try:
            while (entry := await asyncio.to_thread(next, walk, None)) is not None:
                directory, _, names = entry
                within = Path(directory).relative_to(self._root)
                for key in map(str, map(within.joinpath, names)):
                    if is_key(key):  # a blob that is being written has a name of another form
                        yield key
        except OSError as error:
            raise BlobStoreError(f"the blobs cannot be listed: {error.strerror}") from error

    async def delete(self, key: str) -> None:
        """Delete the blob, if there is one, and what a process that died left of it."""
        path = self._path(key)
        try:
            await asyncio.to_thread(_delete, path, self._root / _PARTS, _part_of(key))
        except OSError as error:
            raise BlobStoreError(f"the blob cannot be deleted: {error.strerror}") from error

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)


async def _pieces(file: BinaryIO, start: int) -> AsyncGenerator[bytes]:
    try:
        await asyncio.to_thread(file.seek, start)
        while piece := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield piece
    finally:
        file.close()


def _fail(error: OSError) -> None:
    """Fail as soon as a directory cannot be read; that there is none yet is no failure."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _create(part: Path) -> BinaryIO:
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "wb")


def _finish(file: BinaryIO, part: Path, path: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _delete(path: Path, parts: Path, prefix: str) -> None:
    path.unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError), os.scandir(parts) as entries:
        for entry in entries:
            if entry.name.startswith(prefix):
                Path(entry.path).unlink(missing_ok=True)


def _part_of(key: str) -> str:
    """Return what the names of a blob's parts begin with; keys may be longer than names."""
    return hashlib.sha256(key.encode()).hexdigest()


def _abandon(file: BinaryIO, part: Path) -> None:
    with contextlib.suppress(OSError):
        file.close()
    part.unlink(missing_ok=True)
