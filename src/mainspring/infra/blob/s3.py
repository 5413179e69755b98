"""Blobs as objects of an S3 bucket, or of a server that speaks its protocol."""

from collections.abc import AsyncGenerator, AsyncIterable
from datetime import timedelta

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from mainspring.infra.blob.port import (
    CHUNK_BYTES,
    BlobInfo,
    BlobNotFoundError,
    BlobStoreError,
    Measured,
    checked_key,
    is_key,
)

_PART_BYTES = 8 * 1024 * 1024
_PARTS_AT_ONCE = 2
_LISTED_AT_ONCE = 500


class S3Blobs:
    """Keeps each blob as an object; large ones travel in parts, of which two are in memory.

    Without keys the client finds credentials as AWS's own tools do (a role, the environment).
    An upload that breaks off may leave parts behind: a lifecycle rule of the bucket removes them.
    """

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        endpoint: str | None = None,
        region: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
    ) -> None:
        options: dict[str, str] = {}
        if endpoint is not None:
            options["endpoint"] = endpoint
        if access_key is not None and secret_key is not None:
            options |= {"access_key_id": access_key, "secret_access_key": secret_key}
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config={"region": region or "us-east-1", **options},  # pyright: ignore[reportArgumentType] - its keys are a long list of literals
            client_options={
                "allow_http": endpoint is not None and endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "timeout": timedelta(seconds=60),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
        )

    async def put(self, key: str, pieces: AsyncIterable[bytes]) -> BlobInfo:
        """Keep ``pieces`` under ``key``, durably."""
        path = checked_key(key)
        measured = Measured(pieces)
        try:
            await obstore.put_async(
                self._store,
                path,
                measured,
                chunk_size=_PART_BYTES,
                max_concurrency=_PARTS_AT_ONCE,
            )
        except Exception as error:
            if measured.error is not None:
                raise measured.error from None
            if isinstance(error, BaseError | OSError):
                raise BlobStoreError(f"the blob cannot be written: {_name(error)}") from error
            raise
        return measured.info

    async def open(self, key: str, start: int = 0) -> AsyncGenerator[bytes]:
        """Return the blob from byte ``start`` on, in pieces."""
        path = checked_key(key)
        try:
            found = await obstore.get_async(
                self._store, path, options={"range": {"offset": start}} if start else {}
            )
        except FileNotFoundError as error:
            raise BlobNotFoundError(key) from error
        except (BaseError, OSError) as error:
            raise BlobStoreError(f"the blob cannot be read: {_name(error)}") from error
        return _pieces(found)

    async def keys(self) -> AsyncGenerator[str]:
        """Yield the key of every blob."""
        try:
            pages = obstore.list(self._store, chunk_size=_LISTED_AT_ONCE)  # pyright: ignore[reportUnknownMemberType] - another form of it has no types
            async for page in pages:
                for each in page:
                    if is_key(each["path"]):
                        yield each["path"]
        except (BaseError, OSError) as error:
            raise BlobStoreError(f"the blobs cannot be listed: {_name(error)}") from error

    async def delete(self, key: str) -> None:
        """Delete the blob, if there is one."""
        path = checked_key(key)
        try:
            await obstore.delete_async(self._store, path)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise BlobStoreError(f"the blob cannot be deleted: {_name(error)}") from error


async def _pieces(found: "obstore.GetResult") -> AsyncGenerator[bytes]:
    try:
        async for piece in found.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(piece)
    except (BaseError, OSError) as error:
        raise BlobStoreError(f"the blob broke off: {_name(error)}") from error


def _name(error: BaseException) -> str:
    # The client's texts quote requests and answers; the name says enough.
    return type(error).__name__
