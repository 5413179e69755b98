"""Metering tells what a process tree really used."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.processes import Process, cpu_seconds, resident_bytes

# A parent that starts a child, which burns half a second of CPU and then waits.
_CHILD = "import time\nwhile time.process_time() < 0.5: pass\nprint('burnt', flush=True)\ninput()"
_PARENT = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {_CHILD!r}])"


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_child_counts_toward_its_root_and_ends_with_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    # Without an end of input: the child waits for a line that never comes.
    process = Process(
        ["sh", "-c", f'sleep 60 | "{sys.executable}" -c "$0"', _PARENT], log=log, cpus=[0]
    )
    try:
        deadline = time.monotonic() + 30
        while "burnt" not in log.read_text():
            assert time.monotonic() < deadline, process.tail()
            assert not process.failed(), process.tail()
        pids = process.pids()
        assert pids[0] == process.pid
        assert len(pids) >= 3
        assert cpu_seconds(pids) >= 0.5
        assert resident_bytes(pids) > 1_000_000
    finally:
        process.stop()
    assert process.failed()
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "a descendant outlived its root"


SCRIPT = """
import sys, time
from pathlib import Path
from benchmarks.processes import Process, orderly_end
with orderly_end():
    child = Process([sys.executable, "-c", "import time; time.sleep(120)"],
        log=Path(sys.argv[1]), cpus=[0])
    try:
        print(child.pid, flush=True)
        time.sleep(120)
    finally:
        child.stop()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_what_was_started_ends_with_the_benchmark(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "log")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as benchmark:
        assert benchmark.stdout is not None
        pid = int(benchmark.stdout.readline())
        benchmark.send_signal(number)
        benchmark.wait(20)
        deadline = time.monotonic() + 20
        while alive(pid):
            assert time.monotonic() < deadline
            time.sleep(0.02)
