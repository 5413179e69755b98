"""The last good snapshot on disk: what a gateway serves when control is away at its start."""

import os
import tempfile
from pathlib import Path

from mainspring.snapshot.frame import Frame, decode_frame, encode_frame


def read_snapshot_file(path: Path) -> Frame | None:
    """Return the base frame in the file; ``None`` if there is no file.

    Raises:
        SnapshotFormatError: if it cannot be understood.
        OSError: if it cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    return decode_frame(data)


def write_snapshot_file(path: Path, frame: Frame) -> None:
    """Replace the file by ``frame``, whole or not at all, readable by its owner only. Blocks.

    Raises:
        OSError: if it cannot be written; the old file is then unharmed.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(encode_frame(frame))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
