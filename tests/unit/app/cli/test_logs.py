"""``mainspring logs``: filters, and following a file that is rotated away."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mainspring.app.exit_codes import ExitCode
from mainspring.app.home import Home
from mainspring.app.supervisor.log_stream import LogStream
from mainspring.kernel.clock import ManualClock


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A data directory with two lines in its log."""
    home = Home(tmp_path / "home")
    home.create()
    log = LogStream(home.log_file, clock=ManualClock())
    log.line("gateway", '{"message":"from the gateway","level":"warning"}')
    log.line("llm", "from the model")
    log.close()
    return home


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-u", "-m", "mainspring.app.cli.main", "logs", *arguments]


def _environ(home: Home) -> dict[str, str]:
    return {**os.environ, "MAINSPRING_HOME": str(home.root), "MAINSPRING_LANG": "en"}


def _logs(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(*arguments),
        env=_environ(home),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_lines_are_shown_with_time_level_and_source(home: Home) -> None:
    assert _logs(home).stdout.splitlines() == [
        "00:00:00.000 warning  gateway    from the gateway",
        "00:00:00.000 info     llm        from the model",
    ]


def test_sources_and_the_number_of_lines_can_be_chosen(home: Home) -> None:
    assert "from the gateway" not in _logs(home, "--source", "llm").stdout
    assert len(_logs(home, "--lines", "1").stdout.splitlines()) == 1
    assert _logs(home, "--lines", "0").stdout == ""


def test_a_log_that_is_not_there_yet_is_told(tmp_path: Path) -> None:
    done = _logs(Home(tmp_path))
    assert done.returncode == ExitCode.NOT_RUNNING
    assert "mainspring up" in done.stderr


def test_following_goes_on_across_rotations(home: Home) -> None:
    with subprocess.Popen(
        _command("--follow", "--source", "llm", "--lines", "1"),
        env=_environ(home),
        stdout=subprocess.PIPE,
        text=True,
    ) as follower:
        try:
            assert follower.stdout is not None
            assert follower.stdout.readline().endswith("from the model\n")
            log = LogStream(home.log_file, clock=ManualClock(), max_bytes=400)
            for index in range(0, 12, 4):
                for each in range(index, index + 4):  # each line, two of them a file
                    log.line("embed", "x" * 100)
                    log.line("llm", f"line {each}")
                for each in range(index, index + 4):
                    assert follower.stdout.readline().endswith(f"line {each}\n")
            log.close()
            follower.send_signal(signal.SIGINT)
            assert follower.wait(20) == ExitCode.INTERRUPTED
        finally:
            follower.kill()
    assert home.log_file.with_name("mainspring.log.1").exists()
