"""One run of the platform, from the lock on its data directory to the last part's end."""

import asyncio
import fcntl
import os
import random
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TextIO

import msgspec

from mainspring import __version__
from mainspring.app.environment import SettingError
from mainspring.app.home import Home
from mainspring.app.metrics_listener import MetricsListener
from mainspring.app.ports import NoFreePortError
from mainspring.app.settings import SupervisorSettings
from mainspring.app.supervisor.backoff import Backoff, RestartPolicy
from mainspring.app.supervisor.heartbeats import send_heartbeats
from mainspring.app.supervisor.log_stream import LogStream
from mainspring.app.supervisor.metrics import expose
from mainspring.app.supervisor.plan import RunPlan, make_plan
from mainspring.app.supervisor.runner import PartRunner, roll
from mainspring.app.supervisor.state import PartCondition, RunState, read_state, write_state
from mainspring.app.supervisor.targets import encode_targets
from mainspring.infra.processes.identity import ProcessIdentity, end_all
from mainspring.infra.processes.lifeline import Lifeline
from mainspring.infra.secrets import KeyFileError, load_or_create_key, load_or_create_token
from mainspring.kernel.clock import Clock
from mainspring.kernel.tasks import TaskOwner

_LEFTOVER_PATIENCE_S = 10.0


class AlreadyRunningError(RuntimeError):
    """Another supervisor is in charge of this data directory."""


class StartFailedError(RuntimeError):
    """The platform did not come up. ``lines`` are the last ones of the part that failed."""

    def __init__(self, why: str, *, part: str | None = None, lines: Sequence[str] = ()) -> None:
        self.part = part
        self.lines = tuple(lines)
        super().__init__(why)


class Ready(msgspec.Struct, frozen=True):
    """What is told when the platform has come up."""

    plan: RunPlan
    state: RunState
    took_s: float


class Supervisor:
    """Runs the platform once. ``on_ready`` is called when every part serves.

    ``console`` gets the log as readable lines; ``None`` keeps it in the file only.
    """

    def __init__(
        self,
        settings: SupervisorSettings,
        environ: Mapping[str, str],
        *,
        clock: Clock,
        console: TextIO | None,
        on_ready: Callable[[Ready], None],
        policy: RestartPolicy | None = None,
    ) -> None:
        self._settings = settings
        self._environ = environ
        self._clock = clock
        self._console = console
        self._on_ready = on_ready
        self._policy = policy or RestartPolicy()
        self._home = Home(settings.home)
        self._runners: dict[str, PartRunner] = {}
        self._run_state: RunState | None = None
        self._log: LogStream | None = None

    async def run(self) -> None:
        """Run until a stop signal, and leave nothing running.

        Raises:
            AlreadyRunningError: if this data directory has a supervisor.
            StartFailedError: if a part could not be brought up; all others were stopped.
        """
        self._home.create()
        lock = _take_lock(self._home.lock_file)
        try:
            with closing(
                LogStream(self._home.log_file, clock=self._clock, console=self._console)
            ) as self._log:
                await self._run(self._log)
        finally:
            os.close(lock)

    async def _run(self, log: LogStream) -> None:
        await asyncio.to_thread(self._end_leftovers, log)
        plan = self._plan(log)
        lifeline = Lifeline()
        tasks = TaskOwner(
            lambda name, error: log.event("error", f"{name} failed: {error!r}", task=name)
        )
        stop, hurry = asyncio.Event(), asyncio.Event()
        _on_signals(stop, hurry)
        self._roll_on_signal(log, tasks)
        self._run_state = self._first_state(plan)
        for part in plan.parts:
            runner = PartRunner(
                part,
                backoff=Backoff(self._policy, random.Random()),
                lifeline_fd=lifeline.child_fd,
                hurry=hurry,
                log=log,
                clock=self._clock,
                tasks=tasks,
                changed=self._write_state,
            )
            self._runners[part.name] = runner
            self._run_state.parts[part.name] = runner.state
        try:
            await self._serve(plan, log, tasks, stop)
        finally:
            await self._stop(log)
            await tasks.close()
            lifeline.cut()

    def _roll_on_signal(self, log: LogStream, tasks: TaskOwner) -> None:
        """Have SIGUSR2 restart the gateways one after the other."""
        rolling: list[asyncio.Task[None]] = []

        def on_usr2() -> None:
            gateways = [each for each in self._runners.values() if each.plan.role == "gateway"]
            if not rolling or rolling[-1].done():
                rolling[:] = [tasks.start(roll(gateways, log), name="rolling restart")]

        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, on_usr2)

    async def _serve(
        self, plan: RunPlan, log: LogStream, tasks: TaskOwner, stop: asyncio.Event
    ) -> None:
        started = self._clock.monotonic()
        for runner in self._runners.values():
            needed = [self._runners[name] for name in runner.plan.needs]
            tasks.start(runner.run(needed), name=f"runner of {runner.plan.name}")
        tasks.start(
            send_heartbeats(
                self._account, control_url=plan.control_url, token_file=self._home.internal_token
            ),
            name="heartbeats",
        )
        listener = MetricsListener(
            partial(expose, self._account, self._home.root),
            {"/targets": partial(encode_targets, plan.targets)},
        )
        try:
            await self._listen(listener, plan, log)
            await self._until_stop(plan, log, tasks, stop, started)
        finally:
            await listener.stop()

    async def _listen(self, listener: MetricsListener, plan: RunPlan, log: LogStream) -> None:
        try:
            await listener.start("127.0.0.1", plan.metrics_port)
        except OSError as error:  # taken in this moment: the platform works without
            log.event("warning", f"the supervisor shows no metrics: {error}")
            return
        self._account().metrics_url = f"http://127.0.0.1:{listener.port}/metrics"
        self._write_state()

    async def _until_stop(
        self, plan: RunPlan, log: LogStream, tasks: TaskOwner, stop: asyncio.Event, started: float
    ) -> None:
        failure = await self._await_ready(stop, log, tasks)
        if failure is not None:
            raise failure
        if stop.is_set():
            return
        took_s = self._clock.monotonic() - started
        self._account().state = PartCondition.READY
        self._write_state()
        log.event("info", f"everything is ready after {took_s:.1f} s")
        self._on_ready(Ready(plan, self._account(), took_s))
        await stop.wait()

    async def _await_ready(
        self, stop: asyncio.Event, log: LogStream, tasks: TaskOwner
    ) -> StartFailedError | None:
        """Wait until all parts serve, one has failed, time is up, or a stop was asked for."""
        waits = [
            tasks.start(stop.wait(), name="wait for a stop"),
            tasks.start(self._all_ready(), name="wait for all parts"),
            *(
                tasks.start(runner.failed.wait(), name=f"wait for a failure of {name}")
                for name, runner in self._runners.items()
            ),
        ]
        try:
            done, _ = await asyncio.wait(
                waits,
                timeout=self._settings.start_timeout_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            for wait in waits:
                wait.cancel()
        return None if stop.is_set() else self._start_failure(log, timed_out=not done)

    async def _all_ready(self) -> None:
        for runner in self._runners.values():
            await runner.ready.wait()

    def _start_failure(self, log: LogStream, *, timed_out: bool) -> StartFailedError | None:
        for name, runner in self._runners.items():
            if runner.failed.is_set():
                return StartFailedError(runner.failure, part=name, lines=log.recent(name))
        if not timed_out:
            return None
        late = [name for name, runner in self._runners.items() if not runner.ready.is_set()]
        why = f"{', '.join(late)} not ready after {self._settings.start_timeout_s:.0f} s"
        return StartFailedError(why, part=late[0], lines=log.recent(late[0]))

    async def _stop(self, log: LogStream) -> None:
        """Stop the parts stage by stage: the gateway drains first, the database ends last."""
        self._account().state = PartCondition.STOPPING
        self._write_state()
        log.event("info", "stopping")
        runners = sorted(self._runners.values(), key=lambda runner: runner.plan.stop_stage)
        for _, stage in groupby(runners, key=lambda runner: runner.plan.stop_stage):
            await asyncio.gather(*(runner.stop() for runner in stage))
        self._account().state = PartCondition.STOPPED
        self._write_state()
        log.event("info", "everything has stopped")

    def _plan(self, log: LogStream) -> RunPlan:
        try:
            load_or_create_token(self._home.internal_token)
            if self._environ.get("MAINSPRING_MASTER_KEY_SOURCE", "file") in {"", "file"}:
                load_or_create_key(self._home.master_key)
            plan = make_plan(self._settings, self._environ)
        except (NoFreePortError, KeyFileError, SettingError, OSError) as error:
            raise StartFailedError(str(error)) from error
        for choice in plan.ports:
            if choice.moved:
                log.event("warning", f"{choice.wanted} is taken, using {choice.chosen}")
        for name in plan.missing:
            log.event("warning", f"{name} is left out: its engine is not installed")
        return plan

    def _end_leftovers(self, log: LogStream) -> None:
        """End what a killed supervisor left behind; its parts may still be busy stopping."""
        state = read_state(self._home.state_file)
        if state is None or state.supervisor.is_alive():
            return
        left = [
            (part.process, signal.Signals(part.stop_signal))
            for part in state.parts.values()
            if part.process is not None
        ]
        end_all(
            left,
            patience_s=_LEFTOVER_PATIENCE_S,
            on_signal=lambda process, number: log.event(
                "warning", f"ending process {process.pid} of a run that was killed ({number.name})"
            ),
        )

    def _first_state(self, plan: RunPlan) -> RunState:
        identity = ProcessIdentity.of(os.getpid())
        return RunState(
            version=__version__,
            home=str(self._home.root),
            pid=os.getpid(),
            pid_started_at=identity.started_at if identity else 0.0,
            started_at_ms=int(self._clock.now().timestamp() * 1000),
            state=PartCondition.STARTING,
            gateway_url=plan.gateway_url,
            control_url=plan.control_url,
            parts={},
        )

    def _account(self) -> RunState:
        assert self._run_state is not None  # noqa: S101 - set before any part starts
        return self._run_state

    def _write_state(self) -> None:
        try:
            write_state(self._home.state_file, self._account())
        except OSError as error:  # a full disk must not take the platform down
            if self._log is not None:
                self._log.event("error", f"{self._home.state_file} cannot be written: {error}")


def _on_signals(stop: asyncio.Event, hurry: asyncio.Event) -> None:
    """Let the first stop signal ask for an orderly stop and the second for a quick one."""

    def on_signal() -> None:
        if stop.is_set():
            hurry.set()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means what it says
            loop.add_signal_handler(number, on_signal)


def _take_lock(path: Path) -> int:
    """Return the open descriptor whose lock says that this process is in charge.

    Raises:
        AlreadyRunningError: if another process holds it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise AlreadyRunningError(f"a supervisor already runs on {path.parent.parent}") from error
    return descriptor
