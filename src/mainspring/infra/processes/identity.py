"""Recognising a process later: a pid alone may have been given to another process since."""

import contextlib
import signal
import time
from collections.abc import Callable

import msgspec
import psutil

_START_TOLERANCE_S = 2.0
"""The system computes start times from its boot time, which moves when the clock is set."""


class ProcessIdentity(msgspec.Struct, frozen=True):
    """A pid, and the Unix time in seconds at which its process started."""

    pid: int
    started_at: float

    @classmethod
    def of(cls, pid: int) -> "ProcessIdentity | None":
        """Return the identity of the living process ``pid``, or ``None``."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.Error:
            return None

    def is_alive(self) -> bool:
        """Tell whether this very process still runs; a zombie does not."""
        return self._process() is not None

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens if the process is gone."""
        process = self._process()
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.started_at) > _START_TOLERANCE_S:
                return None
            return None if process.status() == psutil.STATUS_ZOMBIE else process
        except psutil.Error:
            return None


def end_all(
    processes: list[tuple[ProcessIdentity, signal.Signals]],
    *,
    patience_s: float,
    on_signal: Callable[[ProcessIdentity, signal.Signals], None],
) -> None:
    """End processes that are not our children: politely with their signal, then by SIGKILL.

    Each stage waits up to ``patience_s``. ``on_signal`` hears of every signal before it is sent.
    """
    alive = [(process, polite) for process, polite in processes if process.is_alive()]
    for process, polite in alive:
        on_signal(process, polite)
        process.send(polite)
    remaining = _wait_gone([process for process, _ in alive], patience_s)
    for process in remaining:
        on_signal(process, signal.SIGKILL)
        process.send(signal.SIGKILL)
    _wait_gone(remaining, patience_s)


def _wait_gone(processes: list[ProcessIdentity], patience_s: float) -> list[ProcessIdentity]:
    deadline = time.monotonic() + patience_s
    while (alive := [p for p in processes if p.is_alive()]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive
