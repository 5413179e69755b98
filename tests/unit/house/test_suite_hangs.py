"""A test that hangs beyond all patience costs itself, not the run."""

import subprocess
import sys
from pathlib import Path

_INI = """
[pytest]
timeout = 60
hang_grace_s = 1
"""
_HANGS = """
import time, pytest

@pytest.mark.timeout(1)
def test_swallows_its_end():
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            pass
"""
_ROOT = Path(__file__).parents[3]


def test_a_test_that_swallows_its_timeout_is_ended_once_and_the_rest_is_run(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(_INI)
    (tmp_path / "test_a_hangs.py").write_text(_HANGS)
    for name in ("b", "c", "d"):
        (tmp_path / f"test_{name}.py").write_text("def test_passes():\n    pass\n")
    fixtures = ("distribution", "hangs")
    plugins = [part for name in fixtures for part in ("-p", f"tests.fixtures.{name}")]

    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-n", "2", "--rootdir", str(tmp_path), "."],
        cwd=tmp_path,
        env={"PYTHONPATH": str(_ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert "1 failed, 3 passed" in done.stdout
    assert "crashed while running 'test_a_hangs.py::test_swallows_its_end'" in done.stdout
    assert "in test_swallows_its_end" in done.stderr, "where it hung"
