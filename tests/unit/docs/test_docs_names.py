"""What pages name exists: commands, options, variables, metrics, make targets, paths."""

import re
import shlex
from pathlib import Path

import click
import pytest

from mainspring.app.cli.applying.documents import read_documents
from mainspring.app.home import Home
from mainspring.app.variables import documented_variables
from mainspring.kernel.errors import error_catalogue
from mainspring.wire.attributes import ATTRIBUTES
from mainspring.wire.telemetry import METRICS
from tests.unit.docs.pages import DOCS, LANGUAGES, ROOT, fences, pages, prose, shell_lines
from tools.generate_docs import generated_pages
from tools.reference_cli import find, parse

PAGES = pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())


@PAGES
def test_every_shell_line_with_our_command_parses(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "platform.yaml").touch()
    (tmp_path / "weights").mkdir()
    for line in shell_lines(page):
        words = shlex.split(line)
        if Path(words[0]).name != "mainspring":
            continue
        try:
            parse(words[1:])
        except click.ClickException as error:
            pytest.fail(f"{page.name}: {line!r}: {error.format_message()}")


@PAGES
def test_every_file_to_apply_is_understood(page: Path, tmp_path: Path) -> None:
    for number, fence in enumerate(fences(page)):
        if fence.language == "yaml":
            file = tmp_path / f"{number}.yaml"
            file.write_text(fence.body, "utf-8")
            documents = read_documents([file])
            assert [str(problem) for problem in documents.problems] == []
            declared = (
                documents.organizations,
                documents.upstreams,
                documents.gpu_prices,
                documents.models,
                documents.slos,
                documents.notification_channels,
                documents.sign_in,
                documents.four_eyes,
            )
            assert any(declared) or documents.policies or documents.releases


@PAGES
def test_every_command_named_in_prose_exists(page: Path) -> None:
    for match in re.finditer(r"`mainspring ((?:[a-z]+ ?)+)", prose(page)):
        find(match[1].split())


@PAGES
def test_every_variable_named_exists(page: Path) -> None:
    known = {entry.variable.name for entry in documented_variables()}
    named = set(
        re.findall(r"\b(?:MAINSPRING_[A-Z_]+[A-Z]|DATABASE_URL)\b", page.read_text("utf-8"))
    )
    assert named <= known


@PAGES
def test_every_metric_named_exists(page: Path) -> None:
    known = {metric.name for metric in METRICS}
    named = set(re.findall(r"\b(?:mainspring|gen_ai)_[a-z_]+_[a-z]+\b", page.read_text("utf-8")))
    assert named <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_on_traces_names_every_attribute_of_spans(language: str) -> None:
    text = (DOCS / language / "guides" / "logs-and-traces.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z_.]+)` \| [^|]+ \| (?:`([a-z_.]+)`)? ?\|$", text, re.MULTILINE)
    assert [(name, old or None) for name, old in rows] == [
        (each.name, each.legacy) for each in ATTRIBUTES
    ]


@PAGES
def test_every_error_code_that_is_linked_exists(page: Path) -> None:
    named = set(re.findall(r"errors\.md#([a-z_]+)", page.read_text("utf-8")))
    assert named <= error_catalogue().keys()


def test_every_make_target_that_pages_name_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    named = {
        match[1]
        for page in pages()
        for match in re.finditer(r"(?:^|`)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert {"run", "test", "check", "bench", "fmt"} <= named | targets
    assert named <= targets


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_data_directory_page_names_the_real_places(language: str) -> None:
    home = Home(Path("/home"))
    real = {
        value.relative_to(home.root).as_posix()
        for name in dir(Home)
        if isinstance(value := getattr(home, name), Path) and value != home.root
    }
    text = (DOCS / language / "guides" / "data-directory.md").read_text("utf-8")
    named = {name.rstrip("/") for name in re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)}
    secrets = {name for name in named if name.endswith((".key", ".token"))}
    named = (named - secrets) | {f"secrets/{name}" for name in secrets}
    settings = {
        entry.variable.default.removeprefix("{home}/")
        for entry in documented_variables()
        if entry.variable.default is not None and entry.variable.default.startswith("{home}/")
    }
    assert named <= real | settings
    assert {"first-key", "admin-token", "setup-link", "secrets", "postgres"} <= named


@pytest.mark.parametrize("place", generated_pages(), ids=str)
def test_generated_pages_are_what_the_code_says(place: Path) -> None:
    path = DOCS / place
    assert path.read_text("utf-8") == generated_pages()[place](), (
        "run: .venv/bin/python -m tools.generate_docs"
    )
