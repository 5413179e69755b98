"""Reading our own documentation: which pages there are, and what they name."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
LANGUAGES = ("en", "zh")

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")


class Fence(msgspec.Struct, frozen=True):
    """A fenced block of a page."""

    language: str
    body: str


def pages() -> list[Path]:
    """Return every Markdown page that we write for readers."""
    top = [path for path in sorted(ROOT.glob("*.md")) if path.name != "CHANGELOG.md"]
    return [*top, ROOT / "changelog.d" / "README.md", *sorted(DOCS.rglob("*.md"))]


def tree(language: str) -> set[str]:
    """Return the pages of one language, relative to its tree."""
    root = DOCS / language
    return {path.relative_to(root).as_posix() for path in root.rglob("*.md")}


def fences(page: Path) -> list[Fence]:
    """Return the fenced blocks of ``page``."""
    return [
        Fence(match["language"], match["body"])
        for match in _FENCE.finditer(page.read_text("utf-8"))
    ]


def prose(page: Path) -> str:
    """Return ``page`` without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def links(page: Path) -> list[str]:
    """Return the targets of the links of ``page``."""
    return [match["target"] for match in _LINK.finditer(prose(page))]


def shell_lines(page: Path) -> Iterator[str]:
    """Yield the commands of the shell blocks of ``page``, continued lines joined."""
    for fence in fences(page):
        if fence.language == "sh":
            for line in fence.body.replace("\\\n", " ").splitlines():
                command = line.split(" #", 1)[0].strip()
                if command:
                    yield command


def navigation(entries: list[Any]) -> Iterator[str]:
    """Yield the pages of a Zensical navigation, in order."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, dict):
            for value in msgspec.convert(entry, dict[str, Any]).values():
                yield from navigation([value] if isinstance(value, str) else value)
