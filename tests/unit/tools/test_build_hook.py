"""What the wheel holds, and that it is not built without the console."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
INDEX = "mainspring/app/console_static/index.html"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what a build needs, without the console."""
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "build_hook.py", tmp_path / "tools")
    ignored = shutil.ignore_patterns("console_static", "__pycache__")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)
    return tmp_path


def _build(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"],
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_a_wheel_without_the_console_is_not_built(checkout: Path) -> None:
    done = _build(checkout)
    assert done.returncode != 0
    assert "make console" in done.stderr
    assert not list(checkout.glob("dist/*.whl"))


def test_a_wheel_carries_the_console_the_migrations_and_the_types(checkout: Path) -> None:
    index = checkout / "src" / INDEX
    index.parent.mkdir()
    index.write_text("<!doctype html>")
    done = _build(checkout)
    assert done.returncode == 0, done.stderr
    [wheel] = checkout.glob("dist/*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = next(name for name in names if name.endswith("entry_points.txt"))
        assert b"mainspring = mainspring.app.cli.main:main" in archive.read(entry_points)
    assert {INDEX, "mainspring/py.typed"} <= names
    assert any(name.startswith("mainspring/infra/db/migrations/versions/0001") for name in names)
    assert not any(name.startswith(("tests/", "console/", "tools/")) for name in names)
