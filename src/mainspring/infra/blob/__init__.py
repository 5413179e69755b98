"""Blobs: bytes by key, on a local disk or in an S3 bucket.

May enter: the port, its two implementations, the choice between them.
Must never know: what a blob is, or whose. Keys are made by us, never taken from a caller.
"""

from mainspring.infra.blob.choice import BlobSettings, open_blobs
from mainspring.infra.blob.local import LocalBlobs
from mainspring.infra.blob.port import BlobInfo, BlobNotFoundError, BlobStore, BlobStoreError

__all__ = [
    "BlobInfo",
    "BlobNotFoundError",
    "BlobSettings",
    "BlobStore",
    "BlobStoreError",
    "LocalBlobs",
    "open_blobs",
]
