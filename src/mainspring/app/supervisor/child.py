"""One running child process: its output line by line, its word that it serves, its end."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import msgspec

from mainspring.infra.processes.identity import ProcessIdentity
from mainspring.kernel.tasks import TaskOwner

_LONGEST_LINE = 16 * 1024


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """How to start a child.

    ``fds`` names the variables in which the child is told its descriptors: of the lifeline (it
    inherits the supervisor's) and of the pipe on which it says that it serves.
    """

    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: Path
    preexec: Callable[[], None]
    lifeline_variable: str | None = None
    ready_variable: str | None = None


class Child:
    """A started process. Make one by :meth:`start`."""

    def __init__(
        self, process: asyncio.subprocess.Process, identity: ProcessIdentity | None
    ) -> None:
        self._process = process
        self.identity = identity
        self.said_ready = False

    @classmethod
    async def start(
        cls,
        launch: Launch,
        *,
        lifeline_fd: int,
        tasks: TaskOwner,
        name: str,
        on_line: Callable[[str], None],
    ) -> "Child":
        """Start the process and pass every line it writes to ``on_line``.

        Raises:
            OSError: if the program cannot be started.
        """
        env = dict(launch.env)
        passed: list[int] = []
        if launch.lifeline_variable is not None:
            env[launch.lifeline_variable] = str(lifeline_fd)
            passed.append(lifeline_fd)
        ready_read, ready_write = os.pipe() if launch.ready_variable else (-1, -1)
        if launch.ready_variable is not None:
            env[launch.ready_variable] = str(ready_write)
            passed.append(ready_write)
        try:
            process = await asyncio.create_subprocess_exec(
                *launch.argv,
                env=env,
                cwd=launch.cwd,
                preexec_fn=launch.preexec,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=passed,
            )
        except BaseException:
            if ready_read >= 0:
                os.close(ready_read)
            raise
        finally:
            if ready_write >= 0:
                os.close(ready_write)
        child = cls(process, ProcessIdentity.of(process.pid))
        assert process.stdout is not None  # noqa: S101 - asked for just above
        tasks.start(_pump(process.stdout, on_line), name=f"output of {name}")
        if ready_read >= 0:
            tasks.start(child._await_ready(ready_read), name=f"readiness of {name}")
        return child

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Return the exit status, negative for a signal; ``None`` while the process runs."""
        return self._process.returncode

    async def wait(self) -> int:
        """Wait for the end of the process and return its exit status, negative for a signal."""
        return await self._process.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens if the process has ended."""
        if self._process.returncode is None:
            self._process.send_signal(number)

    async def _await_ready(self, descriptor: int) -> None:
        """Read the pipe until the child writes into it or ends."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        pipe = os.fdopen(descriptor, "rb", buffering=0)
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        try:
            self.said_ready = bool(await reader.read(1))
        finally:
            transport.close()


def describe_exit(status: int) -> str:
    """Return an exit status in words."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"signal {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"


async def _pump(stream: asyncio.StreamReader, on_line: Callable[[str], None]) -> None:
    """Cut a stream into lines, and a line that is longer than 16 kB into pieces of that size."""
    rest = b""
    while piece := await stream.read(64 * 1024):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            _deliver(line, on_line)
        while len(rest) > _LONGEST_LINE:
            _deliver(rest[:_LONGEST_LINE], on_line)
            rest = rest[_LONGEST_LINE:]
    _deliver(rest, on_line)


def _deliver(line: bytes, on_line: Callable[[str], None]) -> None:
    for start in range(0, len(line), _LONGEST_LINE):
        text = line[start : start + _LONGEST_LINE].decode(errors="replace").rstrip()
        if text:
            on_line(text)
