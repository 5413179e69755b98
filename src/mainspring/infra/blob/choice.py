"""Which store the settings mean."""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from mainspring.infra.blob.local import LocalBlobs
from mainspring.infra.blob.port import BlobStore


class BlobSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where blobs lie: ``url`` is a directory, ``file:///…``, or ``s3://bucket/prefix``.

    ``endpoint`` is the S3 server's where it is not AWS.
    """

    url: str
    endpoint: str | None = None
    region: str | None = None
    access_key: str | None = None
    secret_key: str | None = None


def open_blobs(settings: BlobSettings) -> BlobStore:
    """Return the store; nothing is connected to yet.

    Raises:
        ValueError: if the URL names no kind of store that there is.
    """
    target = urlsplit(settings.url)
    if target.scheme == "s3" and target.hostname:
        from mainspring.infra.blob.s3 import S3Blobs  # noqa: PLC0415 - an extra

        return S3Blobs(
            target.hostname,
            prefix=target.path.strip("/"),
            endpoint=settings.endpoint,
            region=settings.region,
            access_key=settings.access_key,
            secret_key=settings.secret_key,
        )
    if target.scheme in ("", "file") and target.path.startswith("/"):
        return LocalBlobs(Path(target.path))
    raise ValueError(f"blobs lie in a directory or in s3://bucket/prefix, not in {settings.url!r}")
