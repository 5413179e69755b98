"""Loaded into the pytest that runs another project's own tests against our gateway.

It shows the gateway's key, leaves out what :file:`excluded.toml` names with a reason, and has what
a test asks for by a made-up id put in place before that test. It runs in an environment of its own,
which has nothing of ours: only pytest and the standard library are used.
"""

import json
import os
import sys
import tomllib
import urllib.request
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

SUITE = os.environ["SUITE_NAME"]
KEY = os.environ["SUITE_API_KEY"]
SEEDS = os.environ.get("SUITE_SEEDS_URL")
REPORT = Path(os.environ["SUITE_REPORT"])
EXCLUDED = Path(__file__).with_name("excluded.toml")
MOCKS = {"respx_mock", "respx2_mock"}
"""Who asks for one of these is answered within the client, and never asks a server."""

_outcomes: dict[str, str] = {}
_left_out: dict[str, int] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[Any]) -> None:
    """Leave out what is excluded."""
    rules = [
        rule for rule in tomllib.loads(EXCLUDED.read_text())["excluded"] if SUITE in rule["suites"]
    ]
    kept: list[Any] = []
    gone: list[Any] = []
    for item in items:
        if MOCKS & set(item.fixturenames):
            gone.append(item)
            _left_out["a mock"] = _left_out.get("a mock", 0) + 1
            continue
        name = item.nodeid.partition("tests/")[2] or item.nodeid
        found = [
            pattern
            for rule in rules
            for pattern in rule["tests"]
            if fnmatch(name.partition("[")[0], pattern)
        ]
        for pattern in found:
            _left_out[pattern] = _left_out.get(pattern, 0) + 1
        (gone if found else kept).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=gone)
    for pattern in {each for rule in rules for each in rule["tests"]} - set(_left_out):
        _outcomes[f"excluded.toml: {pattern}"] = "no test has this name any more"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Put things in place, and show the key that the gateway knows."""
    module = sys.modules.get("tests.conftest")
    if module is not None and hasattr(module, "api_key"):
        setattr(module, "api_key", KEY)  # noqa: B010 - no module says that it has one
    if SEEDS is not None:
        url = f"{SEEDS}/{Path(item.path).stem}"
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - our own
            answer.read()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what became of a test."""
    if report.failed:
        _outcomes[report.nodeid] = report.longreprtext
    elif report.skipped:
        _outcomes[report.nodeid] = "skipped"
    elif report.when == "call":
        _outcomes.setdefault(report.nodeid, "passed")


def pytest_sessionfinish() -> None:
    """Tell whoever started this run."""
    REPORT.write_text(json.dumps({"outcomes": _outcomes, "left_out": _left_out}))
