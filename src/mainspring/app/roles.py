"""The process roles: what ``mainspring serve`` runs, and how every such process lives and ends.

A role's ``run(settings, *, ready)`` calls ``ready`` with its port (or nothing) once it serves. A
stop signal cancels its task, unless it handles the signals itself; then it returns. A second signal
ends the process at once; so does its grace, and the loss of its parent.
"""

import asyncio
import importlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol

import uvloop

from mainspring.app.exit_codes import ExitCode
from mainspring.app.logs import configure_logging
from mainspring.app.settings import Part, ProcessSettings
from mainspring.app.variables import CONTROL, EMBED, GATEWAY, LLAMA, PROCESS, WORKER
from mainspring.gateway.settings import GatewaySettingsError
from mainspring.infra.processes.lifeline import watch_lifeline
from mainspring.kernel.clock import SystemClock
from mainspring.kernel.errors import MainspringError

_MODULES: dict[str, tuple[str, Part[Any]]] = {
    "gateway": ("mainspring.gateway.main", GATEWAY),
    "control": ("mainspring.app.control", CONTROL),
    "worker": ("mainspring.app.worker", WORKER),
}
_RUNTIMES: dict[str, tuple[str, Part[Any]]] = {
    "llama": ("mainspring.infra.runtimes.llamacpp", LLAMA),
    "embed": ("mainspring.infra.runtimes.embeddings.server", EMBED),
}
ROLES = tuple(_MODULES)
RUNTIMES = tuple(_RUNTIMES)


class RoleModule(Protocol):
    """What a role's module offers."""

    def run(self, settings: Any, *, ready: Callable[..., None]) -> Coroutine[Any, Any, None]:  # noqa: ANN401 - the role's own settings
        """Serve until cancelled; call ``ready`` once serving."""
        ...


def serve_role(role: str, environ: Mapping[str, str]) -> None:
    """Run ``role`` until a stop signal.

    Raises:
        SettingError: if a setting is missing or wrong.
    """
    process = PROCESS.read(environ)
    name, part = _MODULES[role]
    settings = part.read(environ)
    if role == "gateway" and settings.process_count > 1 and settings.process_number is None:
        name = "mainspring.app.gateway_group"
    _begin(process)
    module: RoleModule = importlib.import_module(name)  # pyright: ignore[reportAssignmentType] - its contract
    work = module.run(settings, ready=_announcer(process))
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_until_stopped(work, process))
    except MainspringError as error:  # foreseen: the operator needs the words, not the frames
        logging.getLogger(name).error("%s failed: %s", role, _in_words(error))  # noqa: TRY400 - likewise
        raise SystemExit(ExitCode.ERROR) from None
    except GatewaySettingsError as error:
        logging.getLogger(name).error("%s failed: %s", role, error)  # noqa: TRY400 - likewise
        raise SystemExit(ExitCode.CONFIGURATION) from None
    except Exception as error:
        # One record of the log instead of a hundred lines; the status says the rest.
        logging.getLogger(name).exception("%s failed: %r", role, error)  # noqa: TRY401 - for short views of the log
        raise SystemExit(ExitCode.ERROR) from None


def serve_runtime(kind: str, environ: Mapping[str, str]) -> None:
    """Run the embedded runtime ``kind`` until a stop signal.

    Raises:
        SettingError: if a setting is missing or wrong.
    """
    process = PROCESS.read(environ)
    name, part = _RUNTIMES[kind]
    settings = part.read(environ)
    _begin(process)
    importlib.import_module(name).serve(settings)


def _in_words(error: MainspringError) -> str:
    """Return what happened, what it came from, and what to do now."""
    root: BaseException = error
    while root.__cause__ is not None:
        root = root.__cause__
    came_from = "" if root is error else f" ({' '.join(str(root).split())})"
    return f"{error.detail}{came_from}. {error.next_step}"


def _begin(process: ProcessSettings) -> None:
    os.umask(0o077)  # whatever a role writes is its owner's alone
    configure_logging(process, SystemClock())
    if process.lifeline_fd is not None:
        watch_lifeline(process.lifeline_fd, grace_s=process.stop_grace_s)


def _announcer(process: ProcessSettings) -> Callable[..., None]:
    """Return the function that tells the supervisor, once, that the role serves."""
    waiting = [process.ready_fd] if process.ready_fd is not None else []

    def ready(_port: int | None = None) -> None:
        while waiting:
            descriptor = waiting.pop()
            os.write(descriptor, b"1")
            os.close(descriptor)

    return ready


async def _until_stopped(work: Coroutine[Any, Any, None], process: ProcessSettings) -> None:
    """Run ``work`` and cancel it at the first stop signal; a failure of it passes through."""
    loop = asyncio.get_running_loop()
    task = loop.create_task(work, name="role")
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if stopping:
            os._exit(ExitCode.ERROR)
        stopping = True
        task.cancel()
        threading.Thread(target=_end_after, args=(process.stop_grace_s,), daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not stopping:
            raise


def _end_after(grace_s: float) -> None:
    """End the process for good: a thread does it, because the event loop may be what hangs."""
    time.sleep(grace_s)
    os._exit(ExitCode.ERROR)
