"""The console's own checks, run by the Node that the locks bring."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONSOLE = ROOT / "console"


def run_script(name: str) -> None:
    """Run a script of ``console/package.json``; its output is the failure's message."""
    done = subprocess.run(
        [sys.executable, "tools/prepare.py", "npm", "run", name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-4000:]


@pytest.mark.timeout(300)
def test_the_units_of_the_console_pass() -> None:
    run_script("test")


def test_the_lock_names_versions_and_hashes_and_no_place_to_fetch_from() -> None:
    lock = json.loads((CONSOLE / "package-lock.json").read_text("utf-8"))
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert packages
    assert [path for path, entry in packages.items() if "resolved" in entry] == []
    unsealed = [
        path for path, entry in packages.items() if "integrity" not in entry and "link" not in entry
    ]
    assert unsealed == []


def test_every_dependency_of_the_console_is_pinned_exactly() -> None:
    package = json.loads((CONSOLE / "package.json").read_text("utf-8"))
    wanted = {**package["dependencies"], **package["devDependencies"]}
    loose = {name: at for name, at in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", at)}
    assert loose == {}
