"""The doctor on machines that are not well."""

import json
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mainspring.app.exit_codes import ExitCode


def _doctor(home: Path, **environ: str) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """Run the doctor on ``home``; return its status, and its findings by check."""
    ours = ("MAINSPRING_", "LC_", "LANG", "DATABASE_URL")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [sys.executable, "-m", "mainspring.app.cli.main", "doctor", "--json"],
        env={**kept, "MAINSPRING_HOME": str(home), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["well"] == (done.returncode == 0)
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in report["findings"]:
        assert finding["hint"] or finding["verdict"] in {"ok", "skipped"}, finding
        found.setdefault(finding["check"], []).append(finding)
    return done.returncode, found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data directory with secrets as they should be."""
    (tmp_path / "secrets").mkdir(mode=0o700)
    (tmp_path / "first-key").touch(mode=0o600)
    return tmp_path


def test_secrets_that_others_may_read_are_a_problem_with_the_command_that_mends_it(
    home: Path,
) -> None:
    (home / "first-key").chmod(0o644)
    status, found = _doctor(home)
    assert status == ExitCode.UNHEALTHY
    [finding] = found["files"]
    assert finding["verdict"] == "problem"
    assert "first-key" in finding["text"]
    assert finding["hint"] == f"chmod go= {home / 'first-key'}"


def test_a_wrong_setting_is_a_problem_told_once(home: Path) -> None:
    status, found = _doctor(home, MAINSPRING_GATEWAY_PORT="many")
    assert status == ExitCode.UNHEALTHY
    [finding] = found["settings"]
    assert "MAINSPRING_GATEWAY_PORT" in finding["text"]


def test_a_taken_port_is_a_warning_because_the_start_moves_on(home: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        status, found = _doctor(home, MAINSPRING_GATEWAY_PORT=port, MAINSPRING_CONTROL_PORT="0")
    assert status == ExitCode.OK
    assert [finding["verdict"] for finding in found["ports"]] == ["warning", "ok"]


def test_an_address_of_another_machine_is_a_problem(home: Path) -> None:
    status, found = _doctor(home, MAINSPRING_CONTROL_HOST="192.0.2.1", MAINSPRING_GATEWAY_PORT="0")
    assert status == ExitCode.UNHEALTHY
    assert [finding["verdict"] for finding in found["ports"]] == ["ok", "problem"]


def test_a_database_that_does_not_answer_is_a_problem(home: Path) -> None:
    status, found = _doctor(home, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert status == ExitCode.UNHEALTHY
    [finding] = found["database"]
    assert finding["verdict"] == "problem"
    assert "DATABASE_URL" in finding["hint"]


def test_a_stopped_platform_is_no_problem(home: Path) -> None:
    status, found = _doctor(home, MAINSPRING_GATEWAY_PORT="0", MAINSPRING_CONTROL_PORT="0")
    assert status == ExitCode.OK
    assert [finding["verdict"] for finding in found["parts"]] == ["skipped"]
    assert "models" not in found
