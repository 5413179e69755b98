"""Start, pin, meter and end processes, by what Linux tells of them in /proc."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from types import FrameType

from mainspring.infra.processes.lifeline import child_setup

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_CPUCLOCK_SCHED = 2
"""Which of the clocks of a process, in the kernel's numbers: what its threads ran."""
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def _stat(pid: int) -> list[str] | None:
    """Return the fields of ``/proc/PID/stat`` after the command's name; ``None`` if it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def tree(root: int) -> list[int]:
    """Return ``root`` and every living descendant."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields is not None:
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found.extend(parents.get(pid, []))
    return found


def cpu_seconds(pids: Sequence[int]) -> float:
    """Return user and system CPU time of ``pids``, with that of children they have reaped.

    Of the living ones to the nanosecond, by their CPU-time clocks (``clock_getcpuclockid(3)``): the
    hundredths of a second of ``/proc`` are too coarse for what a light load uses. The children that
    are gone have no clock any more, and count by those.
    """
    total = 0.0
    for pid in pids:
        fields = _stat(pid)
        if fields is None:
            continue
        with contextlib.suppress(OSError):  # it has ended since
            total += time.clock_gettime((~pid << 3) | _CPUCLOCK_SCHED)
        total += (int(fields[13]) + int(fields[14])) / _TICKS_PER_SECOND  # cutime cstime
    return total


def resident_bytes(pids: Sequence[int]) -> int:
    """Return the proportional set size of ``pids`` together: shared pages count once."""
    total = 0
    for pid in pids:
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            fields = _stat(pid)
            total += int(fields[21]) * _PAGE_BYTES if fields is not None else 0
    return total


def machine_busy_seconds() -> float:
    """Return the CPU seconds that the whole machine has worked since it started."""
    fields = Path("/proc/stat").read_text().partition("\n")[0].split()[1:]
    numbers = [int(field) for field in fields]
    user, nice, system, _idle, _iowait, irq, softirq, steal = numbers[:8]
    return (user + nice + system + irq + softirq + steal) / _TICKS_PER_SECOND


@contextlib.contextmanager
def orderly_end() -> Generator[None]:
    """Let SIGTERM and SIGHUP end this process by an exception, so that it ends what it started."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Process:
    """A child process in a group of its own, pinned to ``cpus``, its output in a file.

    It gets SIGTERM when this process dies, by whatever: then nobody else is left to end it.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        log: Path,
        cpus: Sequence[int],
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.log = log
        # The child inherits our mask, so that it counts the right cores from its first moment
        # (a Go or Rust runtime sizes its thread pool by them); afterwards we take ours back.
        own_cpus = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cpus)
        try:
            with log.open("ab") as output:
                self._popen = subprocess.Popen(
                    list(argv),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=dict(os.environ if env is None else env),
                    cwd=cwd,
                    start_new_session=True,
                    preexec_fn=child_setup(signal.SIGTERM),  # noqa: PLW1509 - two system calls
                )
        finally:
            os.sched_setaffinity(0, own_cpus)

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._popen.pid

    def pids(self) -> list[int]:
        """Return the ids of the process and its descendants."""
        return tree(self.pid)

    def failed(self) -> bool:
        """Tell whether the process has ended although nobody ended it."""
        return self._popen.poll() is not None

    def tail(self, lines: int = 15) -> str:
        """Return the last lines of its output."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, grace_s: float = 3.0) -> None:
        """End the whole group: SIGTERM, and SIGKILL after ``grace_s`` seconds."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + grace_s
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(max(deadline - time.monotonic(), 0.0))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()
