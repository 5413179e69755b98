"""Starting, stopping, and leaving nothing behind, in every way a run can end."""

import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from tests.fixtures.platform import START_S, Platform, eventually, new_platform

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def idle(stopped: Platform) -> Generator[Platform]:
    """A data directory on which nothing runs, before the test and after it."""
    assert stopped.left_behind() == []
    yield stopped
    stopped.down()
    assert stopped.left_behind() == []


def test_a_second_start_reuses_everything_and_is_quick(idle: Platform) -> None:
    key = idle.api_key
    before = len(idle.log())
    started = time.monotonic()
    idle.up()
    took_s = time.monotonic() - started
    said = [line["message"] for line in idle.log()[before:]]
    assert not [message for message in said if "Running upgrade" in message]
    assert idle.api_key == key
    assert took_s < 60


def test_up_while_it_runs_says_so_and_changes_nothing(idle: Platform) -> None:
    idle.up()
    pid = idle.state().pid
    again = idle.run("up")
    assert again.returncode == 0
    assert str(pid) in again.stdout
    assert idle.state().gateway_url in again.stdout
    assert idle.state().pid == pid


def test_a_taken_port_moves_to_the_next_free_one_and_is_told(idle: Platform) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        wanted = taken.getsockname()[1]
        done = idle.up(MAINSPRING_GATEWAY_PORT=str(wanted))
        port = idle.state().parts["gateway"].port
        assert port is not None
        assert port > wanted
        assert f"{wanted} is taken, using {port}" in done.stderr
        assert f"http://127.0.0.1:{port}/v1" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_ends_everything_in_order(idle: Platform, number: signal.Signals) -> None:
    before = len(idle.log())
    with idle.foreground() as process:
        _read_until_ready(process)
        idle.note_processes()
        process.send_signal(number)
        rest, _ = process.communicate(timeout=90)
        assert process.returncode == 0, rest
    assert idle.left_behind() == []
    assert {part.state for part in idle.state().parts.values()} == {"stopped"}
    said = [(line["source"], line["message"]) for line in idle.log()[before:]]
    ended = [source for source, _ in said if source in ("gateway", "postgres")]
    assert ended[-1] == "postgres"
    assert ("postgres", "LOG:  database system is shut down") in said
    assert not [message for _, message in said if "does not stop in time" in message]


def test_a_second_stop_signal_does_not_wait(idle: Platform) -> None:
    with idle.foreground() as process:
        _read_until_ready(process)
        idle.note_processes()
        os.kill(idle.pid("gateway"), signal.SIGSTOP)  # it will not stop by itself
        process.send_signal(signal.SIGTERM)
        eventually(
            lambda: idle.state().parts["gateway"].state == "stopping",
            within_s=10,
            what="the stop has begun",
        )
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=25)
    assert process.returncode == 0
    assert idle.left_behind() == []


def test_a_killed_supervisor_leaves_nothing_running(idle: Platform) -> None:
    idle.up()
    os.kill(idle.state().pid, signal.SIGKILL)
    eventually(lambda: idle.left_behind() == [], within_s=40, what="every process has ended")


def test_a_killed_supervisor_is_followed_by_a_start_at_once(idle: Platform) -> None:
    idle.up()
    old = {part: idle.pid(part) for part in idle.state().parts}
    os.kill(idle.state().pid, signal.SIGKILL)
    idle.up()
    assert not {idle.pid(part) for part in old} & set(old.values())
    with idle.openai() as client:
        assert list(client.models.list())


def test_down_ends_what_a_killed_supervisor_left_frozen(idle: Platform) -> None:
    # A stopped process cannot act on its parent's death until it is continued.
    idle.up()
    frozen = idle.pid("llm")
    os.kill(frozen, signal.SIGSTOP)
    os.kill(idle.state().pid, signal.SIGKILL)
    assert idle.run("down").returncode == 0
    assert idle.left_behind() == []


def test_down_can_be_repeated(idle: Platform) -> None:
    idle.up()
    assert idle.json("down") == {"stopped": True}
    assert idle.left_behind() == []
    assert idle.json("down") == {"stopped": False}
    assert idle.run("status").returncode == 3
    assert idle.run("chat", "Hi").returncode == 3


def test_a_start_that_fails_says_why_and_leaves_nothing(idle: Platform) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    done = idle.run("up", "--detach", environ={"DATABASE_URL": nowhere})
    assert done.returncode == 4
    assert re.search("(control|worker) does not stay up", done.stderr)
    assert "127.0.0.1" in done.stderr
    assert "mainspring doctor" in done.stderr
    assert idle.left_behind() == []


def test_a_wrong_setting_is_refused_by_its_name(idle: Platform) -> None:
    done = idle.run("up", environ={"MAINSPRING_GATEWAY_PORT": "eighty"})
    assert done.returncode == 78
    assert "MAINSPRING_GATEWAY_PORT" in done.stderr


def test_it_runs_as_an_ordinary_user() -> None:
    # When the suite runs as an ordinary user, every other test here shows the same.
    is_root = os.geteuid() == 0
    user = pwd.getpwnam("nobody").pw_uid if is_root else os.geteuid()
    prefix = _become(user) if is_root else ()
    with new_platform(prefix, user if is_root else None) as platform:
        platform.up()
        state = platform.state()
        pids = [state.pid, *(part.pid for part in state.parts.values() if part.pid)]
        assert {Path(f"/proc/{pid}").stat().st_uid for pid in pids} == {user}
        assert stat.S_IMODE(platform.home.stat().st_mode) & 0o077 == 0
        assert platform.json("chat", "Hi", "--max-tokens", "4")["usage"]["completion_tokens"]
        platform.down()
        assert platform.left_behind() == []


def _become(user: int) -> tuple[str, ...]:
    """Return what to put before a command so that it runs as ``user``, without root's rights."""
    setpriv = shutil.which("setpriv")
    assert setpriv is not None, "setpriv is part of util-linux"
    plain = (setpriv, f"--reuid={user}", f"--regid={user}", "--clear-groups")
    # By way of a shell: setpriv itself still finds the file with the rights that it gives up.
    reach = (*plain, "/bin/sh", "-c", 'exec "$0" -c "import mainspring"', sys.executable)
    if subprocess.run(reach, capture_output=True, check=False).returncode:
        # Our interpreter lies in root's home. The right to pass through directories is lent, so
        # that the test needs no second installation; it lets nobody write anywhere.
        plain += ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    return plain


def _read_until_ready(process: subprocess.Popen[str]) -> str:
    """Read what the foreground start prints, up to the end of its banner."""
    assert process.stdout is not None
    printed: list[str] = []
    deadline = time.monotonic() + START_S
    for line in process.stdout:
        printed.append(line)
        if re.search(r"Ctrl-C stops everything", line):
            return "".join(printed)
        assert time.monotonic() < deadline, "".join(printed)
    raise AssertionError("it ended:\n" + "".join(printed))
