"""Changelog fragments have the names and contents that their README asks for."""

import re

from tests.unit.docs.pages import ROOT

FRAGMENTS = ROOT / "changelog.d"


def test_fragments_are_named_by_slug_and_a_documented_kind() -> None:
    readme = (FRAGMENTS / "README.md").read_text("utf-8")
    kinds = "|".join(re.findall(r"^\| `([a-z]+)` \|", readme, re.MULTILINE))
    name = re.compile(rf"[a-z0-9]+(-[a-z0-9]+)*\.({kinds})\.md")
    odd = [
        path.name
        for path in sorted(FRAGMENTS.iterdir())
        if path.name != "README.md" and not name.fullmatch(path.name)
    ]
    assert odd == []


def test_fragments_are_prose_for_the_reader() -> None:
    for path in sorted(FRAGMENTS.glob("*.*.md")):
        text = path.read_text("utf-8").strip()
        assert text, path.name
        assert not text.startswith(("#", "-", "*")), path.name
        assert text.endswith((".", "`.")), path.name
        assert len(text) <= 400, path.name
