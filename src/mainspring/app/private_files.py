"""Files of the data directory: each whole, each for its owner alone."""

import os
import tempfile
from pathlib import Path


def write_private(path: Path, line: str) -> None:
    """Write ``line`` to ``path`` with mode 0600, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)  # created with mode 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)


def read_line(path: Path) -> str | None:
    """Return the line of the file, or ``None`` if there is none."""
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
