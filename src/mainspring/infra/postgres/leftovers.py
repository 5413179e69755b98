"""What a crash leaves behind: a server that is still ending, or a lock file that names a stranger.

Called by the process that holds the cluster's lock, so whatever server is found has lost its owner.
"""

import logging
import signal
import time
from pathlib import Path

import psutil

from mainspring.kernel.errors import EmbeddedDatabaseError

_log = logging.getLogger(__name__)

_PROGRAM = "postgres"
_KILL_WAIT_S = 5.0
_POLL_S = 0.02


def end_leftovers(data: Path, *, within_s: float) -> None:
    """End every server process of the cluster in ``data``; remove a lock file that misleads.

    A postmaster whose parent was killed has been told to stop by the kernel and may still be
    writing its last pages: it gets ``within_s`` to finish, then half as much again to give up
    without a checkpoint, and is killed after that. A lock file whose process id meanwhile
    belongs to another program (ids are soon used again in a container) would make PostgreSQL refuse
    to start for ever, and is removed.

    Raises:
        EmbeddedDatabaseError: if a process cannot be ended.
    """
    lock_file = data / "postmaster.pid"
    if not lock_file.exists():
        return
    processes = _processes(data)
    for wish, wait_s in (
        (signal.SIGINT, within_s),
        (signal.SIGQUIT, within_s / 2),
        (signal.SIGKILL, _KILL_WAIT_S),
    ):
        if not processes:
            break
        _log.warning("ending %d leftover PostgreSQL processes (%s)", len(processes), wish.name)
        processes = _end(processes, wish, wait_s)
    if processes:
        raise EmbeddedDatabaseError(
            f"leftover processes of {data} do not end: {[process.pid for process in processes]}"
        )
    if _names_a_stranger(lock_file):
        lock_file.unlink(missing_ok=True)


def _names_a_stranger(lock_file: Path) -> bool:
    # A lock file of a process that is gone is left to PostgreSQL: it has more checks than we do.
    try:
        owner = int(lock_file.read_text(encoding="ascii").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return False
    return psutil.pid_exists(owner)


def _processes(data: Path) -> list[psutil.Process]:
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        try:
            if process.name() == _PROGRAM and _belongs(process, data):
                found[process.pid] = process
                for child in process.children(recursive=True):
                    found[child.pid] = child
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return list(found.values())


def _belongs(process: psutil.Process, data: Path) -> bool:
    try:
        # Every process of a server works inside its data directory.
        return process.cwd() == str(data)
    except psutil.AccessDenied:
        # Without CAP_SYS_PTRACE even root may not look; the postmaster's command line is public.
        return str(data) in process.cmdline()


def _end(
    processes: list[psutil.Process], wish: signal.Signals, wait_s: float
) -> list[psutil.Process]:
    # The postmaster passes SIGINT and SIGQUIT on to its children; orphans among them need their
    # own, and a second one does no harm.
    for process in processes:
        try:
            process.send_signal(wish)
        except psutil.NoSuchProcess:
            continue
    deadline = time.monotonic() + wait_s
    while (alive := [process for process in processes if _is_alive(process)]) and (
        time.monotonic() < deadline
    ):
        time.sleep(_POLL_S)
    return alive


def _is_alive(process: psutil.Process) -> bool:
    # An orphan that ended stays a zombie where nobody reaps it (a container without an init
    # process); it holds nothing any more.
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
