"""The store of blobs that control and workers share, and the one that costs are written to."""

from mainspring.app.settings import BackupSettings, ControlSettings, WorkerSettings
from mainspring.infra.blob import BlobSettings, BlobStore, open_blobs


def blobs_of(settings: ControlSettings | WorkerSettings | BackupSettings) -> BlobStore:
    """Return the store that the settings name.

    Raises:
        ValueError: if there is no such kind of store.
        OSError: if the file with its secret key cannot be read.
    """
    return store_at(settings, settings.blob_url or str(settings.home.absolute() / "blobs"))


def store_at(settings: ControlSettings | WorkerSettings | BackupSettings, url: str) -> BlobStore:
    """Return the store at ``url``, reached as that of the platform's own blobs is.

    Raises:
        ValueError: if there is no such kind of store.
        OSError: if the file with its secret key cannot be read.
    """
    secret_file = settings.blob_secret_key_file
    return open_blobs(
        BlobSettings(
            url=url,
            endpoint=settings.blob_endpoint,
            region=settings.blob_region,
            access_key=settings.blob_access_key,
            secret_key=None if secret_file is None else secret_file.read_text().strip(),
        )
    )
