"""A child ends with its parent, however the parent ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mainspring.infra.processes.identity import ProcessIdentity, end_all
from mainspring.infra.processes.lifeline import LIFELINE_CUT_EXIT, Lifeline

_WAIT_S = 20.0

STUBBORN = """
import os, signal, sys, time
from mainspring.infra.processes.lifeline import watch_lifeline
signal.signal(signal.SIGTERM, lambda *_: os.write(1, b"asked\\n"))
watch_lifeline(int(sys.argv[1]), grace_s=float(sys.argv[2]))
print("ready", flush=True)
while True:
    time.sleep(60)
"""

PARENT = """
import signal, subprocess, sys, time
from mainspring.infra.processes.lifeline import child_setup
child = subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(600)"],
    preexec_fn=child_setup(signal.SIGTERM),
)
print(child.pid, flush=True)
time.sleep(600)
"""


def _start(script: str, *arguments: str, fds: tuple[int, ...] = ()) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=fds,
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal exists on Linux only")
def test_the_kernel_ends_a_child_whose_parent_was_killed() -> None:
    with _start(PARENT) as parent:
        child = ProcessIdentity.of(int(_line(parent)))
        assert child is not None
        parent.kill()
        parent.wait(_WAIT_S)
    deadline = time.monotonic() + _WAIT_S
    while child.is_alive():
        assert time.monotonic() < deadline, "the child lives on"


def test_a_cut_lifeline_asks_first_and_ends_what_does_not_listen() -> None:
    lifeline = Lifeline()
    fd = lifeline.child_fd
    with _start(STUBBORN, str(fd), "0.2", fds=(fd,)) as child:
        assert _line(child) == "ready"
        assert child.poll() is None
        lifeline.cut()
        assert _line(child) == "asked"
        assert child.wait(_WAIT_S) == LIFELINE_CUT_EXIT
    lifeline.cut()


def test_a_descriptor_that_is_none_counts_as_a_cut_line() -> None:
    with _start(STUBBORN, "987", "0") as child:
        assert child.wait(_WAIT_S) == LIFELINE_CUT_EXIT


def test_a_process_is_known_by_its_start_as_well_as_its_number() -> None:
    me = ProcessIdentity.of(os.getpid())
    assert me is not None
    assert me.is_alive()
    assert not ProcessIdentity(me.pid, me.started_at - 60).is_alive()
    assert ProcessIdentity.of(2**22 + 1) is None


def test_a_signal_never_meets_a_stranger_with_the_same_number(tmp_path: Path) -> None:
    me = ProcessIdentity.of(os.getpid())
    assert me is not None
    ProcessIdentity(me.pid, me.started_at - 60).send(signal.SIGKILL)  # we are still here


def test_ending_processes_is_polite_first_and_then_certain() -> None:
    lifeline = Lifeline()
    with _start(STUBBORN, str(lifeline.child_fd), "0", fds=(lifeline.child_fd,)) as stubborn:
        assert _line(stubborn) == "ready"
        identity = ProcessIdentity.of(stubborn.pid)
        assert identity is not None
        sent: list[signal.Signals] = []
        end_all(
            [(identity, signal.SIGTERM)],
            patience_s=0.3,
            on_signal=lambda _process, number: sent.append(number),
        )
        assert sent == [signal.SIGTERM, signal.SIGKILL]
        assert stubborn.wait(_WAIT_S) == -signal.SIGKILL
    lifeline.cut()
