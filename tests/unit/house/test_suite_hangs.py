"""A test that hangs costs itself, not the run."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_INI = """
[pytest]
addopts = -p no:faulthandler
timeout = 60
hang_grace_s = 8
asyncio_mode = auto
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
_WAITS = """
import asyncio, time
import pytest, uvloop
from hypothesis import given, settings, strategies as st

async def never():
    await asyncio.Event().wait()

@pytest.fixture
def hangs_in_teardown():
    yield
    time.sleep(1000)

@pytest.mark.timeout(1)
async def test_of_asyncio():
    await never()

@pytest.mark.timeout(1)
async def test_of_a_task_that_holds_the_loop():
    async def hold():
        while True:
            await asyncio.sleep(0)
    task = asyncio.get_running_loop().create_task(hold())
    await never()

@pytest.mark.timeout(1)
def test_of_uvloop():
    uvloop.run(never())

@pytest.mark.timeout(1)
@settings(deadline=None, database=None)
@given(st.integers())
def test_of_examples(number):
    asyncio.run(never())

@pytest.mark.timeout(1)
def test_that_hangs_twice(hangs_in_teardown):
    try:
        time.sleep(1000)
    finally:
        uvloop.run(never())

async def test_that_is_well():
    await asyncio.sleep(0)
"""
_PASSES = "def test_passes():\n    pass\n"
_ROOT = Path(__file__).parents[3]


def _run(folder: Path, fixtures: Sequence[str], *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text(_INI)
    plugins = [part for name in fixtures for part in ("-p", f"tests.fixtures.{name}")]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *options, "--rootdir", str(folder), "."],
        cwd=folder,
        env={"PYTHONPATH": str(_ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_a_test_that_swallows_its_timeout_is_ended_once_and_the_rest_is_run(tmp_path: Path) -> None:
    (tmp_path / "test_a_hangs.py").write_text(_HANGS)
    for name in ("b", "c", "d"):
        (tmp_path / f"test_{name}.py").write_text(_PASSES)

    done = _run(tmp_path, ("distribution", "hangs"), "-n", "2")

    assert "1 failed, 3 passed" in done.stdout
    assert "crashed while running 'test_a_hangs.py::test_swallows_its_end'" in done.stdout
    assert "in test_swallows_its_end" in done.stderr, "where it hung"


def test_a_test_that_waits_for_ever_fails_by_its_timeout_on_any_loop(tmp_path: Path) -> None:
    (tmp_path / "test_waits.py").write_text(_WAITS)

    done = _run(tmp_path, ("hangs",))

    told, _, summary = done.stdout.partition("short test summary")
    assert "5 failed, 1 passed, " in summary, done.stdout + done.stderr
    failed = [line for line in summary.splitlines() if line.startswith("FAILED")]
    assert all(line.endswith(" - Failed: Timeout (>1s)") for line in failed)
    assert "ERROR test_waits.py::test_that_hangs_twice - Failed: Timeout (>1s)" in summary
    assert "in never" in told, "where it hung"
