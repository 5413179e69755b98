"""``mainspring serve gateway`` with several processes: this one starts and watches the others.

It takes no traffic itself. A process that dies is started again while the others go on; SIGUSR2
starts all of them anew, one after the other; SIGHUP is passed on.
"""

import asyncio
import logging
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from mainspring.app.environment import environment
from mainspring.app.gateway_processes import process_environment, process_id
from mainspring.app.ports import choose_port
from mainspring.app.supervisor.backoff import Backoff, RestartPolicy
from mainspring.app.supervisor.child import Child, Launch
from mainspring.app.supervisor.probe import Answer, probe_http
from mainspring.app.supervisor.runner import PartPlan, PartRunner, roll
from mainspring.gateway.settings import GatewaySettings
from mainspring.infra.processes.lifeline import Lifeline, child_setup
from mainspring.kernel.clock import SystemClock
from mainspring.kernel.tasks import TaskOwner

_log = logging.getLogger(__name__)

_PROBE_TIMEOUT_S = 5.0
_SPARE_S = 10.0
_LEVELS = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class GroupStartError(Exception):
    """A process of the group does not come up; its own log says why."""


async def run(settings: GatewaySettings, *, ready: Callable[..., None]) -> None:
    """Serve by ``settings.process_count`` processes until cancelled.

    ``ready`` is called once all of them serve.

    Raises:
        NoFreePortError: if there is no port for health and metrics.
        GroupStartError: if a process does not come up.
    """
    ports = _admin_ports(settings)
    port = settings.port or choose_port("gateway", settings.host, 0, reserved=ports).chosen
    log = _OwnLog()
    lifeline = Lifeline()
    tasks = TaskOwner(lambda name, error: _log.error("%s failed", name, exc_info=error))
    runners = [
        PartRunner(
            _plan(settings, number, port, ports),
            backoff=Backoff(RestartPolicy(), random.Random()),
            lifeline_fd=lifeline.child_fd,
            hurry=asyncio.Event(),
            log=log,
            clock=SystemClock(),
            tasks=tasks,
            changed=_nothing,
        )
        for number in range(1, settings.process_count + 1)
    ]
    loop = asyncio.get_running_loop()
    rolling: list[asyncio.Task[None]] = []

    def on_usr2() -> None:
        if not rolling or rolling[-1].done():
            rolling[:] = [tasks.start(roll(runners, log), name="rolling restart")]

    def on_hup() -> None:
        for runner in runners:
            runner.send(signal.SIGHUP)

    try:
        for runner in runners:
            tasks.start(runner.run([]), name=f"runner of {runner.plan.name}")
        await _all_ready(runners, tasks)
        loop.add_signal_handler(signal.SIGUSR2, on_usr2)
        loop.add_signal_handler(signal.SIGHUP, on_hup)
        ready(port)
        await asyncio.Event().wait()
    finally:
        for each in rolling:
            each.cancel()
        await asyncio.gather(*(runner.stop() for runner in runners))
        await tasks.close()
        lifeline.cut()


async def _all_ready(runners: list[PartRunner], tasks: TaskOwner) -> None:
    ready = asyncio.gather(*(runner.ready.wait() for runner in runners))
    failed = [
        tasks.start(runner.failed.wait(), name=f"failure of {runner.plan.name}")
        for runner in runners
    ]
    try:
        await asyncio.wait([ready, *failed], return_when=asyncio.FIRST_COMPLETED)
    finally:
        ready.cancel()
        for each in failed:
            each.cancel()
    for runner in runners:
        if runner.failed.is_set():
            raise GroupStartError(runner.failure)


def _plan(settings: GatewaySettings, number: int, port: int, admin_ports: list[int]) -> PartPlan:
    environ = {
        **environment(),
        **process_environment(settings, number, admin_ports),
        "MAINSPRING_GATEWAY_PORT": str(port),
    }
    argv = (sys.executable, "-P", "-m", "mainspring.app.cli.main", "serve", "gateway")
    preexec = child_setup(signal.SIGTERM)
    admin_port = admin_ports[number - 1]

    async def launch() -> Launch:
        return Launch(
            argv=argv,
            env=environ,
            cwd=Path.cwd(),
            preexec=preexec,
            lifeline_variable="MAINSPRING_LIFELINE_FD",
            ready_variable="MAINSPRING_READY_FD",
        )

    return PartPlan(
        name=process_id(settings, number),
        role="gateway",
        launch=launch,
        probe=_probe(settings.admin_host, admin_port),
        host=settings.host,
        port=port,
        stop_grace_s=settings.drain_s + settings.lame_duck_s + _SPARE_S,
    )


def _probe(host: str, port: int) -> Callable[[Child], Awaitable[Answer]]:
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - recognised

    async def probe(child: Child) -> Answer:
        # A gateway that has no configuration yet serves, and says so to its callers.
        if not child.said_ready:
            return Answer.UNWELL
        return await probe_http(address, port, "/healthz", timeout_s=_PROBE_TIMEOUT_S)

    return probe


def _admin_ports(settings: GatewaySettings) -> list[int]:
    """Return a port of health and metrics for each process."""
    if settings.admin_port:
        return [settings.admin_port + place for place in range(settings.process_count)]
    ports: list[int] = []
    for _ in range(settings.process_count):
        ports.append(choose_port("gateway-admin", settings.admin_host, 0, reserved=ports).chosen)
    return ports


class _OwnLog:
    """Passes on what the processes say, and speaks of them in this process's log."""

    def line(self, source: str, text: str) -> None:
        """Write a line of a process as it is; it says itself who it is from."""
        del source
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def event(self, level: str, message: str, **facts: object) -> None:
        """Say something of a process."""
        del facts
        _log.log(_LEVELS[level], "%s", message)


def _nothing() -> None:
    return
