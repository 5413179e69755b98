"""Both languages have the same pages, every link leads somewhere, and the site builds."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.unit.docs.pages import (
    DOCS,
    LANGUAGES,
    ROOT,
    fences,
    links,
    navigation,
    pages,
    prose,
    tree,
)
from tools.build_docs import build, restage_links


def test_both_languages_have_the_same_pages() -> None:
    assert tree("en") == tree("zh")


def test_both_navigations_name_every_page_once_in_the_same_order() -> None:
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        config = tomllib.loads((DOCS / f"zensical.{language}.toml").read_text("utf-8"))
        found[language] = list(navigation(config["project"]["nav"]))
    assert found["en"] == found["zh"]
    records = {f"adr/{path.name}" for path in (DOCS / "adr").glob("*.md")}
    assert sorted(found["en"]) == sorted(tree("en") | records | {"benchmarks.md"})


def test_both_languages_show_the_same_code() -> None:
    for name in tree("en"):
        english, chinese = (
            [
                fence.body
                for fence in fences(DOCS / language / name)
                if fence.language in ("sh", "python", "yaml")
            ]
            for language in LANGUAGES
        )
        assert english == chinese, name


def test_the_readmes_show_the_same_code() -> None:
    english, chinese = (
        [fence.body for fence in fences(ROOT / name) if fence.language == "python"]
        for name in ("README.md", "README.zh.md")
    )
    assert english == chinese


def test_chinese_paragraphs_are_not_wrapped() -> None:
    # A line break in the source becomes a blank on the page, and Chinese has none between words.
    wrapped = re.compile(r"[\u3001-\u9fff\uff01-\uff5e]\n *[\u3001-\u9fff\uff01-\uff5e]")
    chinese = [ROOT / "README.zh.md", *(DOCS / "zh").rglob("*.md")]
    found = [path.name for path in chinese if wrapped.search(prose(path))]
    assert found == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    missing = [
        target
        for target in links(page)
        if ":" not in target
        and not target.startswith("#")
        and not (page.parent / target.split("#")[0]).exists()
    ]
    assert missing == []


def test_every_decision_record_has_its_parts_and_follows_on_its_number() -> None:
    records = sorted((DOCS / "adr").glob("*.md"))
    for number, path in enumerate(records, start=1):
        text = path.read_text("utf-8")
        assert path.name.startswith(f"{number:04d}-")
        assert text.startswith(f"# {number:04d}. ")
        assert re.search(r"^Status: (accepted|superseded by \d{4})", text, re.MULTILINE), path.name
        heads = re.findall(r"^## (.*)$", text, re.MULTILINE)
        assert heads == ["Context", "Decision", "Consequences"], path.name


def test_the_decision_pages_list_every_record() -> None:
    records = [f"../adr/{path.name}" for path in sorted((DOCS / "adr").glob("*.md"))]
    for language in LANGUAGES:
        found = [link for link in links(DOCS / language / "decisions.md") if "adr/" in link]
        assert found == records


def test_staging_points_links_at_where_the_files_will_be() -> None:
    source = DOCS / "en" / "guides" / "failures.md"
    text = "[a](../architecture.md#spool) [b](../../adr/0001-x.md) [c](../../../LICENSE)"
    assert restage_links(text, source, DOCS, "en") == (
        "[a](../architecture.md#spool) [b](../adr/0001-x.md) c"
    )


def test_the_site_builds_strictly_and_asks_nothing_of_third_parties(tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(site)
    for language in LANGUAGES:
        home = (site / language / "index.html").read_text("utf-8")
        assert f'<html lang="{language}"' in home
        for page in (site / language).rglob("*.html"):
            loaded = re.findall(
                r'<(?:script|img|iframe)[^>]*\ssrc="([^"]+)"|<link[^>]*\shref="([^"]+)"',
                page.read_text("utf-8"),
            )
            foreign = [url for pair in loaded for url in pair if url.startswith(("http", "//"))]
            assert foreign == [], page
