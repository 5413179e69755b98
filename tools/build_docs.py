"""Build the documentation: one site per language, ``site/en`` and ``site/zh``.

Each language has its own tree of pages and its own Zensical configuration. Decision records and
benchmarks exist once, beside both trees. This stages a language's pages and the shared ones
together, points links at where the files now are, and runs Zensical, strictly: a broken link or
anchor fails the build.

    python -m tools.build_docs [--output DIR]
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "zh")
SHARED = ("adr", "benchmarks.md")
"""Entries of ``docs/`` that both languages show."""

_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)\s#]+)(?P<tail>#[^)\s]*)?\)")

_LANDING = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mainspring</title>
<p><a href="en/">Mainspring documentation (English)</a></p>
<p lang="zh"><a href="zh/">Mainspring 文档（中文）</a></p>
</html>
"""


def shared_files(docs: Path) -> list[Path]:
    """Return the Markdown files that both languages show."""
    found: list[Path] = []
    for name in SHARED:
        path = docs / name
        found.extend(sorted(path.rglob("*.md")) if path.is_dir() else [path])
    return [path for path in found if path.is_file()]


def staged_place(source: Path, docs: Path, language: str) -> Path | None:
    """Return where ``source`` lies in the staged tree, or ``None`` if it is not part of it."""
    tree = docs / language
    if source.is_relative_to(tree):
        return source.relative_to(tree)
    if source.is_relative_to(docs) and source.relative_to(docs).parts[0] in SHARED:
        return source.relative_to(docs)
    return None


def restage_links(text: str, source: Path, docs: Path, language: str) -> str:
    """Return ``text`` with relative links as they must read in the staged tree.

    A link to a file of the repository that is not documentation becomes plain text: the site has
    no copy of it.
    """
    here = staged_place(source, docs, language)
    if here is None:
        raise ValueError(f"{source} is not part of the {language} documentation")

    def one(match: re.Match[str]) -> str:
        target = match["target"]
        if ":" in target:
            return match[0]
        place = staged_place(Path(os.path.normpath(source.parent / target)), docs, language)
        if place is None:
            return match["text"]
        relative = os.path.relpath(place, here.parent)
        return f"[{match['text']}]({relative}{match['tail'] or ''})"

    return _LINK.sub(one, text)


def stage(language: str, into: Path, docs: Path = ROOT / "docs") -> None:
    """Write the pages, pictures and configuration of ``language`` under ``into``."""
    pages: Iterable[Path] = [*sorted((docs / language).rglob("*.md")), *shared_files(docs)]
    for source in pages:
        place = staged_place(source, docs, language)
        if place is None:
            raise ValueError(f"{source} is not part of the {language} documentation")
        target = into / "docs" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text("utf-8")
        target.write_text(restage_links(text, source, docs, language), "utf-8")
    for picture in sorted((docs / language).rglob("*.png")):
        target = into / "docs" / picture.relative_to(docs / language)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, target)
    shutil.copyfile(docs / f"zensical.{language}.toml", into / "zensical.toml")


def build(output: Path) -> None:
    """Build both languages into ``output``, replacing what it held.

    Raises:
        subprocess.CalledProcessError: if Zensical has anything to complain of.
    """
    if output.exists():
        shutil.rmtree(output)
    output.mkdir(parents=True)
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as temporary:
            workplace = Path(temporary)
            stage(language, workplace)
            subprocess.run(
                [sys.executable, "-m", "zensical", "build", "--strict"], cwd=workplace, check=True
            )
            shutil.copytree(workplace / "site", output / language)
    (output / "index.html").write_text(_LANDING, "utf-8")


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the documentation in both languages.")
    parser.add_argument("--output", type=Path, default=ROOT / "site")
    output: Path = parser.parse_args().output
    build(output)
    print(f"built {output / 'index.html'}")


if __name__ == "__main__":
    main()
