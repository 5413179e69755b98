"""The store of blobs that control and workers share."""

from mainspring.app.settings import BackupSettings, ControlSettings, WorkerSettings
from mainspring.infra.blob import BlobSettings, BlobStore, open_blobs


def blobs_of(settings: ControlSettings | WorkerSettings | BackupSettings) -> BlobStore:
    """Return the store that the settings name.

    Raises:
        ValueError: if there is no such kind of store.
        OSError: if the file with its secret key cannot be read.
    """
    secret_file = settings.blob_secret_key_file
    return open_blobs(
        BlobSettings(
            url=settings.blob_url or str(settings.home.absolute() / "blobs"),
            endpoint=settings.blob_endpoint,
            region=settings.blob_region,
            access_key=settings.blob_access_key,
            secret_key=None if secret_file is None else secret_file.read_text().strip(),
        )
    )
