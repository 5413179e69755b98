"""Writing a bundle: one archive, for its owner alone, with a list of what is in it."""

import contextlib
import hashlib
import io
import json
import os
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

from mainspring import __version__
from mainspring.app.cli.support.collecting import Members
from mainspring.app.cli.support.scrubbing import Scrubber

FOLDER = "mainspring-support"


def write_bundle(path: Path, members: Members, scrubber: Scrubber, now: datetime) -> list[str]:
    """Write the archive; return the names of what is in it. The file appears whole or not at all.

    Raises:
        FileExistsError: if there is a file of that name.
        OSError: if it cannot be written.
    """
    files = [(name, _encoded(scrubber.value(content))) for name, content in members]
    manifest = {
        "made_at": now.isoformat(timespec="seconds"),
        "version": __version__,
        "files": {name: hashlib.sha256(body).hexdigest() for name, body in files},
    }
    files.insert(0, ("manifest.json", _encoded(manifest)))
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".support-")
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz") as archive,
        ):
            for name, body in files:
                entry = tarfile.TarInfo(f"{FOLDER}/{name}")
                entry.size, entry.mode, entry.mtime = len(body), 0o600, int(now.timestamp())
                archive.addfile(entry, io.BytesIO(body))
        os.link(temporary, path)  # unlike a rename, it replaces nothing
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
    return [name for name, _ in files]


def _encoded(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n").encode()
