"""The pictures of the docs: taken by the browser tests, all there, all shown, and small."""

import re

import pytest

from tests.e2e.console.pictures import PICTURES, folder_of
from tests.unit.docs.pages import DOCS, LANGUAGES, prose

_PICTURE = re.compile(r"!\[(?P<words>[^\]]*)\]\((?P<target>[^)\s]+)\)")
_MOST_BYTES = 1_500_000
_PNG = b"\x89PNG\r\n\x1a\n"


def shown(language: str) -> dict[str, str]:
    """Return every picture that the pages of a language show, with the words that stand for it."""
    found: dict[str, str] = {}
    for page in sorted((DOCS / language).rglob("*.md")):
        for match in _PICTURE.finditer(prose(page)):
            place = (page.parent / match["target"]).resolve()
            assert place.is_file(), f"{page.name} shows {match['target']}, which does not exist"
            found[place.relative_to(DOCS / language).as_posix()] = match["words"]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_is_shown_and_has_words(language: str) -> None:
    expected = {f"guides/pictures/{name}.png" for name in PICTURES.values()}
    there = {path.relative_to(DOCS / language).as_posix() for path in folder_of(language).iterdir()}
    words = shown(language)
    assert set(words) == expected == there
    assert all(len(text) > 5 for text in words.values())
    assert all((DOCS / language / name).read_bytes().startswith(_PNG) for name in there)


def test_they_are_small_enough_to_live_in_the_repository() -> None:
    files = [path for language in LANGUAGES for path in folder_of(language).iterdir()]
    assert sum(path.stat().st_size for path in files) < _MOST_BYTES
