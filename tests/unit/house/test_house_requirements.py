"""``tests/requirements.toml`` is true: both ways, and gaps are data."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from tests.unit.house.source import ROOT, parsed

EXPECTED = {"F": 6, "G": 14, "M": 10, "K": 9, "A": 8, "S": 5, "O": 11, "U": 4}
"""How many requirements each part has, numbered from 1."""

PROVING = ("e2e", "interaction", "chaos")
"""Folders whose every test file must prove something that is listed."""


class Requirement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One requirement: what proves it, or what is missing."""

    id: str
    title: str
    status: Literal["covered", "partial", "gap"]
    tests: list[str] = []
    missing: str = ""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    requirement: list[Requirement]


def manifest() -> list[Requirement]:
    """Return what the file holds."""
    data = tomllib.loads((ROOT / "tests" / "requirements.toml").read_text("utf-8"))
    return msgspec.convert(data, Manifest).requirement


def names_of_tests(path: Path) -> set[str]:
    """Return the test functions of a file; methods as ``Class::test``."""
    found: set[str] = set()
    for node in parsed(path).body:
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{method.name}"
                for method in node.body
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
            }
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
    return {name for name in found if name.rpartition("::")[2].startswith("test_")}


def test_every_requirement_is_listed_once_in_order() -> None:
    wanted = [f"{part}{number}" for part, last in EXPECTED.items() for number in range(1, last + 1)]
    assert [entry.id for entry in manifest()] == wanted


def test_every_test_that_is_named_exists() -> None:
    absent: list[str] = []
    for entry in manifest():
        for test in entry.tests:
            file, _, name = test.partition("::")
            path = ROOT / file
            if not path.is_file() or (name and name not in names_of_tests(path)):
                absent.append(f"{entry.id}: {test}")
            elif not name and not names_of_tests(path):
                absent.append(f"{entry.id}: {file} has no tests")
    assert absent == []


def test_a_gap_is_a_gap_and_what_is_partial_says_what_is_missing() -> None:
    for entry in manifest():
        if entry.status == "gap":
            assert entry.tests == [], entry.id
            assert entry.missing == "", f"{entry.id}: a gap misses everything"
        else:
            assert entry.tests, entry.id
            assert bool(entry.missing) == (entry.status == "partial"), entry.id
        assert len(entry.tests) == len(set(entry.tests)), entry.id


def test_every_proving_test_file_proves_something_listed() -> None:
    named = {test.partition("::")[0] for entry in manifest() for test in entry.tests}
    idle = [
        path.relative_to(ROOT).as_posix()
        for folder in PROVING
        for path in sorted((ROOT / "tests" / folder).rglob("test_*.py"))
        if path.relative_to(ROOT).as_posix() not in named
    ]
    assert idle == []


def test_ids_that_tests_mention_are_requirements() -> None:
    known = {entry.id for entry in manifest()}
    odd: list[str] = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for match in re.finditer(r"^Requirements?: (.+)$", path.read_text("utf-8"), re.MULTILINE):
            odd += [
                f"{path.name}: {word}"
                for word in re.findall(r"[A-Z]\d+", match[1])
                if word not in known
            ]
    assert odd == []
