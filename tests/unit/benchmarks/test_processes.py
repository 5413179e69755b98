"""Metering tells what a process tree really used."""

import sys
import time
from pathlib import Path

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
