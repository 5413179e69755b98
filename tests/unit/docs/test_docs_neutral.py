"""Nothing that is tracked names a package index or the machine that it was written on."""

import re
import subprocess
from pathlib import Path

from tests.unit.docs.pages import ROOT

_TEXT_LIMIT = 5_000_000

# Escaped dots keep this file from finding itself.
INDEX_HOSTS = re.compile(
    r"pypi\.(org|tuna)"
    r"|files\.pythonhosted\.org"
    r"|registry\.(npmjs|npmmirror|yarnpkg)\."
    r"|mirrors?\.[a-z0-9.-]+/(pypi|npm|simple)"
    r"|--(extra-)?index-url[ =]+\"?http"
    r"|\"resolved\": *\"http"
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.:/{}*-])/(work/(main|shared)|home/(?!user\b)[a-z][a-z0-9_-]*/|root/\.)"
)


def tracked_files() -> list[Path]:
    """Return every file that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git is on PATH wherever there is a clone
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and path.stat().st_size <= _TEXT_LIMIT]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Return ``path:line`` of every tracked line that ``pattern`` matches."""
    found: list[str] = []
    for path in tracked_files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if not pattern.search(text):
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.splitlines(), start=1)
            if pattern.search(line)
        ]
    return found


def test_no_tracked_file_names_a_package_index() -> None:
    assert lines_with(INDEX_HOSTS) == []


def test_no_tracked_file_names_a_path_of_its_authors_machine() -> None:
    assert lines_with(MACHINE_PATHS) == []
