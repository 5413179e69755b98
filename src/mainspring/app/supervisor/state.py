"""What runs where: ``run/state.json``, written by the supervisor, read by everybody else."""

import os
import signal
import tempfile
from enum import StrEnum
from pathlib import Path

import msgspec

from mainspring.infra.processes.identity import ProcessIdentity


class PartCondition(StrEnum):
    """How a part is, or the platform as a whole."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    DEGRADED = "degraded"
    RESTARTING = "restarting"
    FAILED = "failed"
    STOPPING = "stopping"
    STOPPED = "stopped"


class PartState(msgspec.Struct, kw_only=True):
    """One part. ``started_at_ms`` is Unix time; ``stop_signal`` is how its process is ended.

    ``instance_id`` is what the part calls itself where it tells control of its own health.
    ``start_s`` is how long its last start took.
    """

    name: str
    role: str
    instance_id: str | None = None
    state: PartCondition = PartCondition.WAITING
    pid: int | None = None
    pid_started_at: float | None = None
    host: str | None = None
    port: int | None = None
    url: str | None = None
    restarts: int = 0
    started_at_ms: int | None = None
    start_s: float | None = None
    last_exit: str | None = None
    stop_signal: int = int(signal.SIGTERM)

    @property
    def process(self) -> ProcessIdentity | None:
        """Return the part's process, if it has one."""
        if self.pid is None or self.pid_started_at is None:
            return None
        return ProcessIdentity(self.pid, self.pid_started_at)


class RunState(msgspec.Struct, kw_only=True):
    """The whole run. ``pid`` is the supervisor's, ``metrics_url`` where its metrics are."""

    version: str
    home: str
    pid: int
    pid_started_at: float
    started_at_ms: int
    state: PartCondition
    gateway_url: str
    control_url: str
    parts: dict[str, PartState]
    metrics_url: str | None = None

    @property
    def supervisor(self) -> ProcessIdentity:
        """Return the supervisor's process."""
        return ProcessIdentity(self.pid, self.pid_started_at)


def write_state(path: Path, state: RunState) -> None:
    """Replace the file at ``path`` whole: a reader sees the old account or the new one."""
    body = msgspec.json.format(msgspec.json.encode(state), indent=2)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".state-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body + b"\n")
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_state(path: Path) -> RunState | None:
    """Return the last account; ``None`` if there is none or an older release wrote another shape.

    Whether it still holds is another question: ask :attr:`RunState.supervisor`.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=RunState)
    except (FileNotFoundError, NotADirectoryError, msgspec.MsgspecError):
        return None


def read_running(path: Path) -> RunState | None:
    """Return the account of a supervisor that is alive, else ``None``."""
    state = read_state(path)
    return state if state is not None and state.supervisor.is_alive() else None
