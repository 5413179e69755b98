"""Where secrets come from, and the files for those that are shown once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mainspring.app.cli.applying.documents import Located, Problem


def read_secret(
    item: Located[Any], field: str, environ: Mapping[str, str], problems: list[Problem]
) -> str | None:
    """Return what the variable ``{field}_env`` of a document, or its ``{field}_file``, holds.

    ``None``: the document names neither, or what it names holds nothing readable, which is then
    among ``problems``.
    """
    variable: str | None = getattr(item.document, f"{field}_env")
    file: str | None = getattr(item.document, f"{field}_file")
    if variable is not None:
        value = environ.get(variable)
        if not value:
            text = f"the variable {variable} is not set"
            problems.append(item.problem(f"{field}_env", text))
        return value or None
    if file is not None:
        path = item.file.parent / file
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            text = f"{path} cannot be read: {error}"
            problems.append(item.problem(f"{field}_file", text))
    return None


def write_secret(path: Path, secret: str) -> None:
    """Write ``secret`` to ``path``, which only its owner may read.

    Raises:
        OSError: if it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secret + "\n")
