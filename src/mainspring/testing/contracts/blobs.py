"""What every store of blobs must do, wherever it keeps them.

::

    class TestMyBlobs(BlobContract):
        @pytest.fixture
        async def blobs(self) -> AsyncIterator[BlobStore]: ...
"""

import hashlib
from collections.abc import AsyncIterator

import pytest

from mainspring.infra.blob import BlobInfo, BlobNotFoundError, BlobStore
from mainspring.kernel.ids import new_secret

LARGE = 20 * 1024 * 1024
"""More than one part of an upload, more than one piece of a download."""


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    """Yield ``data``."""
    for each in data:
        yield each


async def whole(blobs: BlobStore, key: str, start: int = 0) -> bytes:
    """Return a blob from ``start`` on."""
    return b"".join([piece async for piece in await blobs.open(key, start)])


def new_key() -> str:
    """Return a key that nobody else uses."""
    return f"contract/{new_secret('b')}"


class BrokenSourceError(Exception):
    """What a source raises half way."""


class BlobContract:
    """The contract; a subclass brings the fixture ``blobs``."""

    async def test_what_is_put_is_read_again(self, blobs: BlobStore) -> None:
        """Bytes come back, counted and hashed."""
        key = new_key()
        info = await blobs.put(key, pieces(b"one ", b"", b"two"))
        assert info == BlobInfo(7, hashlib.sha256(b"one two").digest())
        assert await whole(blobs, key) == b"one two"
        assert await whole(blobs, key, 4) == b"two"

    async def test_nothing_is_a_blob_too(self, blobs: BlobStore) -> None:
        """An empty blob exists."""
        key = new_key()
        assert (await blobs.put(key, pieces())).size == 0
        assert await whole(blobs, key) == b""

    async def test_a_large_blob_travels_in_pieces(self, blobs: BlobStore) -> None:
        """No piece of a large blob is a large part of it."""
        key = new_key()
        part = bytes(range(256)) * 4096
        info = await blobs.put(key, pieces(*[part] * (LARGE // len(part))))
        digest = hashlib.sha256()
        largest = 0
        async for piece in await blobs.open(key):
            digest.update(piece)
            largest = max(largest, len(piece))
        assert (info.size, info.sha256) == (LARGE, digest.digest())
        assert largest <= LARGE // 2
        await blobs.delete(key)

    async def test_every_blob_is_listed(self, blobs: BlobStore) -> None:
        """A listing tells of whole blobs under their own keys, and not of deleted ones."""
        keys = {new_key(), new_key(), f"{new_key()}/deeper"}
        for key in keys:
            await blobs.put(key, pieces(b"here"))
        gone = new_key()
        await blobs.put(gone, pieces(b"gone"))
        await blobs.delete(gone)
        listed = [key async for key in blobs.keys()]  # noqa: SIM118 - no dictionary
        assert keys <= set(listed)
        assert gone not in listed
        assert len(listed) == len(set(listed))

    async def test_what_was_never_put_is_not_found(self, blobs: BlobStore) -> None:
        """The error comes before the first piece."""
        with pytest.raises(BlobNotFoundError):
            await blobs.open(new_key())

    async def test_what_is_deleted_is_gone_and_may_be_deleted_again(self, blobs: BlobStore) -> None:
        """Deleting is idempotent."""
        key = new_key()
        await blobs.put(key, pieces(b"x"))
        await blobs.delete(key)
        await blobs.delete(key)
        with pytest.raises(BlobNotFoundError):
            await blobs.open(key)

    async def test_a_put_that_breaks_off_leaves_nothing(self, blobs: BlobStore) -> None:
        """The source's own error comes through, and there is no blob."""

        async def broken() -> AsyncIterator[bytes]:
            yield b"x" * 1024
            raise BrokenSourceError

        key = new_key()
        with pytest.raises(BrokenSourceError):
            await blobs.put(key, broken())
        with pytest.raises(BlobNotFoundError):
            await blobs.open(key)

    @pytest.mark.parametrize("key", ["", "/x", "x/../y", "..", "x//y", "x/", "é", "x\x00y", "a b"])
    async def test_only_plain_names_are_keys(self, blobs: BlobStore, key: str) -> None:
        """Nothing reaches beyond its place."""
        with pytest.raises(ValueError, match="not the key"):
            await blobs.put(key, pieces(b"x"))
        with pytest.raises(ValueError, match="not the key"):
            await blobs.open(key)
