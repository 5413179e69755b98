"""``tests/pains.toml`` is true: what went wrong elsewhere is a test here, or named missing."""

import tomllib

import msgspec

from tests.unit.house.source import ROOT
from tests.unit.house.test_house_requirements import names_of_tests

ROWS = 14
"""How many pains there are."""


class Pain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of them, and the rule that we draw from it."""

    what: str
    rule: str
    tests: list[str] = []
    missing: str = ""


class Pains(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    pain: list[Pain]


def pains() -> list[Pain]:
    """Return what the file holds."""
    data = tomllib.loads((ROOT / "tests" / "pains.toml").read_text("utf-8"))
    return msgspec.convert(data, Pains).pain


def test_every_pain_is_listed_with_its_tests_or_with_what_is_missing() -> None:
    assert len(pains()) == ROWS
    for each in pains():
        assert each.tests or each.missing, each.what
        assert len(each.tests) == len(set(each.tests)), each.what


def test_every_test_that_is_named_for_a_pain_exists() -> None:
    absent: list[str] = []
    for test in (test for each in pains() for test in each.tests):
        file, _, name = test.partition("::")
        path = ROOT / file
        known = names_of_tests(path) if path.is_file() else set[str]()
        if not known or (name and name not in known):
            absent.append(test)
    assert absent == []
