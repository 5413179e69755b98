"""What the SDK is as a package: its metadata, what it brings along, what it is built into."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from mainspring import __version__
from tests.unit.docs.pages import ROOT

SDK = ROOT / "sdk" / "python"


def project() -> dict[str, Any]:
    """Return the metadata."""
    return tomllib.loads((SDK / "pyproject.toml").read_text("utf-8"))["project"]


def test_it_has_the_version_of_the_platform() -> None:
    assert project()["version"] == __version__


def test_whatever_it_needs_is_locked_with_the_platform() -> None:
    # It is installed into .venv without its dependencies: the lock must bring them.
    locked = (ROOT / "requirements" / "run.lock").read_text("utf-8")
    names = [re.match(r"[a-z0-9-]+", each) for each in project()["dependencies"]]
    assert [found[0] for found in names if found] == ["httpx", "msgspec"]
    assert all(re.search(rf"^{found[0]}==", locked, re.MULTILINE) for found in names if found)


def test_its_wheel_holds_the_package_its_types_and_its_licence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=SDK,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
        about = f"mainspring_sdk-{__version__}.dist-info"
        assert {"mainspring_sdk/__init__.py", "mainspring_sdk/py.typed"} <= names
        assert f"{about}/licenses/LICENSE" in names
        assert {name.partition("/")[0] for name in names} == {"mainspring_sdk", about}
        metadata = file.read(f"{about}/METADATA").decode()
    assert "License-Expression: Apache-2.0" in metadata
    assert "Provides-Extra: openai" in metadata
