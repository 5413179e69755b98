"""Write the generated half of ``sdk/python`` from control's OpenAPI document.

    .venv/bin/python -m tools.sdk.generate           write what changed, remove what is gone
    .venv/bin/python -m tools.sdk.generate --check   write nothing, fail if something would change

``tools.openapi.generate`` does this too. A test compares, as ``--check`` does.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mainspring.app.control.application import control_document
from tools.sdk.errors import error_files
from tools.sdk.models import Models
from tools.sdk.operations import operations
from tools.sdk.python_types import Types
from tools.sdk.resources import Resources

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sdk" / "python" / "src" / "mainspring_sdk"
TREE = PACKAGE / "errors" / "tree.py"
"""Lies among what is generated, and is written by hand."""


def sdk_files(document: Mapping[str, Any]) -> dict[Path, str]:
    """Return every generated file below the package, formatted."""
    types = Types(document["components"]["schemas"])
    found = operations(document, types)
    models = Models(found, types)
    parts = {
        "models": models.files(),
        "resources": Resources(found, types, models).files(),
        "errors": error_files(document, TREE),
    }
    files = {
        Path(folder) / name: text for folder, named in parts.items() for name, text in named.items()
    }
    return _formatted(files)


def stale_files(document: Mapping[str, Any]) -> dict[Path, str | None]:
    """Return what differs from the document: the right text, or ``None`` for what must go."""
    wanted = sdk_files(document)
    found = {
        path.relative_to(PACKAGE)
        for folder in ("models", "resources", "errors")
        for path in (PACKAGE / folder).glob("*.py")
        if path != TREE
    }
    stale: dict[Path, str | None] = dict.fromkeys(found - wanted.keys())
    for name, text in wanted.items():
        path = PACKAGE / name
        if not path.is_file() or path.read_text("utf-8") != text:
            stale[name] = text
    return stale


def write(document: Mapping[str, Any]) -> list[Path]:
    """Make the package follow ``document``; return what changed."""
    stale = stale_files(document)
    for name, text in stale.items():
        if text is None:
            (PACKAGE / name).unlink()
        else:
            (PACKAGE / name).write_text(text, "utf-8")
    return sorted(stale)


def _formatted(files: Mapping[Path, str]) -> dict[Path, str]:
    """Format as the repository does."""
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "-q"]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        subprocess.run([*ruff, "check", "--select", "I", "--fix", *config, folder], check=True)
        subprocess.run([*ruff, "format", *config, folder], check=True)
        return {name: (Path(folder) / name).read_text("utf-8") for name in files}


def main() -> int:
    """Read the command line; write or compare."""
    parser = argparse.ArgumentParser(description="Generate the client from the OpenAPI document.")
    parser.add_argument("--check", action="store_true", help="compare only")
    check: bool = parser.parse_args().check
    document = control_document()
    changed = sorted(stale_files(document)) if check else write(document)
    for name in changed:
        print(f"{'differs' if check else 'wrote'}: {(PACKAGE / name).relative_to(ROOT)}")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
