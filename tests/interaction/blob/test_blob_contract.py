"""One contract over every store of blobs: a directory, and a real S3 server."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from mainspring.infra.blob import BlobSettings, BlobStore, BlobStoreError, LocalBlobs, open_blobs
from mainspring.testing.contracts.blobs import BlobContract, new_key, pieces, whole
from tests.fixtures.seaweed import ACCESS_KEY, SECRET_KEY, seaweed


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a real S3 server."""
    with seaweed(tmp_path_factory.mktemp("s3")) as url:
        yield url


class TestLocalBlobs(BlobContract):
    @pytest.fixture
    async def blobs(self, tmp_path: Path) -> BlobStore:
        """Return a store in a directory that is not there yet."""
        return LocalBlobs(tmp_path / "blobs")


class TestS3Blobs(BlobContract):
    @pytest.fixture
    async def blobs(self, endpoint: str) -> BlobStore:
        """Return a store in a bucket of it, once the bucket can be written."""
        store = _in_bucket(endpoint)
        async with asyncio.timeout(30):
            while True:
                try:
                    await store.put("ready", pieces(b"x"))
                except BlobStoreError:
                    await asyncio.sleep(0.2)
                else:
                    return store

    async def test_wrong_keys_open_nothing(self, endpoint: str, blobs: BlobStore) -> None:
        key = new_key()
        await blobs.put(key, pieces(b"x"))
        stranger = _in_bucket(endpoint, secret_key="wrong-wrong-wrong-wrong")
        with pytest.raises(BlobStoreError):
            await stranger.open(key)
        with pytest.raises(BlobStoreError):
            await stranger.put(new_key(), pieces(b"x"))


def _in_bucket(endpoint: str, secret_key: str = SECRET_KEY) -> BlobStore:
    return open_blobs(
        BlobSettings(
            url="s3://mainspring/some/prefix",
            endpoint=endpoint,
            access_key=ACCESS_KEY,
            secret_key=secret_key,
        )
    )


async def test_a_file_store_survives_its_process_and_shows_others_nothing(tmp_path: Path) -> None:
    key = new_key()
    await LocalBlobs(tmp_path / "blobs").put(key, pieces(b"kept"))
    assert await whole(LocalBlobs(tmp_path / "blobs"), key) == b"kept"
    assert (tmp_path / "blobs" / key).stat().st_mode & 0o777 == 0o600


async def test_what_a_process_that_died_left_of_a_blob_goes_with_it(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs")
    key, other = new_key(), new_key()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 100_000
            await asyncio.sleep(0)

    for each in (key, other):
        putting = asyncio.create_task(blobs.put(each, endless()))  # noqa: TID251 - cancelled below
        async with asyncio.timeout(5):
            while not (left := list((tmp_path / "blobs" / ".parts").glob("*"))):  # noqa: ASYNC110 - a directory has no event
                await asyncio.sleep(0.01)
        kept = left[0].with_name(f"{left[0].name.partition('.')[0]}.0000")
        os.link(left[0], kept)  # as a process leaves it that has no time to clean up
        putting.cancel()
        await asyncio.wait({putting})
        assert list((tmp_path / "blobs" / ".parts").glob("*")) == [kept]
        await blobs.delete(other if each == key else key)
        assert kept.exists()
        await blobs.delete(each)
        assert not kept.exists()


async def test_a_server_that_is_away_is_an_error_of_its_own() -> None:
    store = _in_bucket("http://127.0.0.1:9")
    with pytest.raises(BlobStoreError):
        async with asyncio.timeout(60):
            await store.put(new_key(), pieces(b"x"))


@pytest.mark.parametrize("url", ["ftp://x/y", "s3://", "relative/path", ""])
def test_other_places_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="blobs lie in"):
        open_blobs(BlobSettings(url=url))
