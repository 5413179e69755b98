"""Keeps one part alive: start, wait until it serves, watch it, start it again, stop it."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Protocol

import msgspec

from mainspring.app.exit_codes import ExitCode
from mainspring.app.supervisor.backoff import Backoff
from mainspring.app.supervisor.child import Child, Launch, describe_exit
from mainspring.app.supervisor.probe import Answer
from mainspring.app.supervisor.state import PartCondition, PartState
from mainspring.kernel.clock import Clock
from mainspring.kernel.tasks import TaskOwner

_START_POLL_S = 0.05
_WATCH_POLL_S = 1.0
_UNWELL_PROBES = 3
"""A part is called degraded after so many bad probes in a row; one may just be a busy moment."""


class PartLog(Protocol):
    """Where the parts' lines go, and what is said of them."""

    def line(self, source: str, text: str) -> None:
        """Take one line that ``source`` wrote to its output."""
        ...

    def event(self, level: str, message: str, **facts: object) -> None:
        """Say something in the supervisor's own name."""
        ...


class LaunchError(RuntimeError):
    """A part cannot be started now; the message says why."""


class PartPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the supervisor knows of a part.

    ``launch`` is asked before every start. ``probe`` tells how the running part is. A part that
    does not serve ``start_within_s`` after its start is ended and started anew. One whose probes
    stay silent for ``hang_after_s`` is ended and started anew (``None``: never; a busy model
    runtime answers late and is well). ``stop_stage`` orders the stop, lowest first.
    ``abort_signal`` ends it at once. ``instance_id`` is what the part calls itself where it tells
    control of its own health.
    """

    name: str
    role: str
    instance_id: str | None = None
    launch: Callable[[], Awaitable[Launch]]
    probe: Callable[[Child], Awaitable[Answer]]
    needs: tuple[str, ...] = ()
    host: str | None = None
    port: int | None = None
    url: str | None = None
    start_within_s: float = 300.0
    hang_after_s: float | None = 60.0
    stop_stage: int = 1
    stop_grace_s: float = 30.0
    stop_signal: signal.Signals = signal.SIGTERM
    abort_signal: signal.Signals = signal.SIGKILL


class PartRunner:
    """One part from the supervisor's start to its stop.

    ``changed`` is called at every change of :attr:`state`. Once ``hurry`` is set, stopping does not
    wait for the part's own orderly end.
    """

    def __init__(
        self,
        plan: PartPlan,
        *,
        backoff: Backoff,
        lifeline_fd: int,
        hurry: asyncio.Event,
        log: PartLog,
        clock: Clock,
        tasks: TaskOwner,
        changed: Callable[[], None],
    ) -> None:
        self.plan = plan
        self.state = PartState(
            name=plan.name,
            role=plan.role,
            instance_id=plan.instance_id,
            host=plan.host,
            port=plan.port,
            url=plan.url,
            stop_signal=int(plan.stop_signal),
        )
        self.ready = asyncio.Event()
        """Set once the part has served for the first time."""
        self.failed = asyncio.Event()
        """Set once starting it was given up."""
        self.failure = ""
        self._backoff = backoff
        self._lifeline_fd = lifeline_fd
        self._log = log
        self._clock = clock
        self._tasks = tasks
        self._changed = changed
        self._hurry = hurry
        self._stopping = asyncio.Event()
        self._again = asyncio.Event()
        self._done = asyncio.Event()
        self._served_since: float | None = None
        self._child: Child | None = None

    async def run(self, needed: Sequence["PartRunner"]) -> None:
        """Run the part until :meth:`stop`; it is first started once all ``needed`` serve."""
        try:
            for other in needed:
                await self._unless_stopping(other.ready.wait())
            while not self._stopping.is_set():
                reason = await self._run_once()
                if not self._stopping.is_set() and not self._again.is_set():
                    await self._pause(reason)
            self._set(PartCondition.STOPPED)
        except Exception as error:  # a fault of ours: say so, and let the owner of tasks log it
            self.failure = f"the supervisor lost {self.plan.name}: {error!r}"
            self.failed.set()
            raise
        finally:
            self._done.set()

    async def stop(self) -> None:
        """End the part and wait until it has ended. Idempotent."""
        self._stopping.set()
        await self._done.wait()

    async def restart(self) -> bool:
        """End the part in its orderly way and start it again; tell whether it serves anew."""
        self.ready.clear()
        self._again.set()
        serves = self._tasks.start(self.ready.wait(), name=f"restart of {self.plan.name}")
        failed = self._tasks.start(self.failed.wait(), name=f"restart of {self.plan.name}")
        await _first_of(serves, failed, within_s=self.plan.stop_grace_s + self.plan.start_within_s)
        return self.ready.is_set()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the part's process, if there is one."""
        if self._child is not None:
            self._child.send(number)

    async def _run_once(self) -> str:
        """Start the part and stay with it until it ends; return why it ended."""
        self._again.clear()
        self._served_since = None
        self._set(PartCondition.STARTING)
        try:
            launch = await self.plan.launch()
            if self._stopping.is_set():
                return "stopped before its start"
            child = await Child.start(
                launch,
                lifeline_fd=self._lifeline_fd,
                tasks=self._tasks,
                name=self.plan.name,
                on_line=lambda line: self._log.line(self.plan.name, line),
            )
        except (LaunchError, OSError) as error:
            return str(error)
        try:
            status = await self._stay_with(child)
        finally:
            self._child = None
            child.send(signal.SIGKILL)  # does nothing to one that has ended, as it should have
        if status == ExitCode.CONFIGURATION:
            self._backoff.give_up()
        return describe_exit(status)

    async def _stay_with(self, child: Child) -> int:
        """Watch the child until it ends or is to be stopped; return its exit status."""
        self._note_child(child)
        self._child = child
        watch = self._tasks.start(self._watch(child), name=f"watch of {self.plan.name}")
        again = self._tasks.start(self._again.wait(), name=f"restart of {self.plan.name}")
        ended = self._tasks.start(child.wait(), name=f"end of {self.plan.name}")
        try:
            await self._unless_stopping(_first_of(ended, again))
        finally:
            watch.cancel()
            again.cancel()
            ended.cancel()
        if child.returncode is None:
            await self._end(child)
        return await child.wait()

    def _note_child(self, child: Child) -> None:
        self.state.pid = child.pid
        self.state.pid_started_at = child.identity.started_at if child.identity else None
        self.state.started_at_ms = int(self._clock.now().timestamp() * 1000)
        self._changed()

    async def _watch(self, child: Child) -> None:
        """Probe the child: often until it serves, then steadily."""
        started = self._clock.monotonic()
        while await self.plan.probe(child) is not Answer.WELL:
            waited_s = self._clock.monotonic() - started
            if waited_s > self.plan.start_within_s:
                self._log.event(
                    "error", f"{self.plan.name} does not serve {waited_s:.0f} s after its start"
                )
                child.send(signal.SIGKILL)
                return
            await asyncio.sleep(_START_POLL_S)
        self._served_since = self._clock.monotonic()
        took_s = (self._clock.now().timestamp() * 1000 - (self.state.started_at_ms or 0)) / 1000
        self.state.start_s = round(took_s, 3)
        self.ready.set()
        self.failed.clear()
        self._set(PartCondition.READY)
        self._log.event("info", f"{self.plan.name} is ready after {took_s:.1f} s")
        bad = 0
        last_answer = self._clock.monotonic()
        while True:
            await asyncio.sleep(_WATCH_POLL_S)
            answer = await self.plan.probe(child)
            if answer is not Answer.SILENT:
                last_answer = self._clock.monotonic()
            bad = 0 if answer is Answer.WELL else bad + 1
            if not self._stopping.is_set():
                self._set(PartCondition.DEGRADED if bad >= _UNWELL_PROBES else PartCondition.READY)
            silent_s = self._clock.monotonic() - last_answer
            if self.plan.hang_after_s is not None and silent_s > self.plan.hang_after_s:
                self._log.event("error", f"{self.plan.name} hangs: silent for {silent_s:.0f} s")
                child.send(signal.SIGKILL)
                return

    async def _pause(self, reason: str) -> None:
        """Say that the part ended, and wait as long as its history asks for."""
        served_s = 0.0
        if self._served_since is not None:
            served_s = self._clock.monotonic() - self._served_since
        delay = self._backoff.failed(served_s=served_s)
        self.state.pid = self.state.pid_started_at = None
        self.state.last_exit = reason
        self.state.restarts += 1
        if self._backoff.given_up:
            self.failure = f"{self.plan.name} does not stay up: {reason}"
            self.failed.set()
            self._set(PartCondition.FAILED)
        else:
            self._set(PartCondition.RESTARTING)
        level = "error" if self._backoff.given_up else "warning"
        self._log.event(
            level,
            f"{self.plan.name} ended ({reason}); next start in {delay:.1f} s",
            part=self.plan.name,
            restarts=self.state.restarts,
        )
        await self._unless_stopping(asyncio.sleep(delay))

    def _set(self, condition: PartCondition) -> None:
        if self.state.state is not condition:
            self.state.state = condition
            if condition is PartCondition.STOPPED:
                self.state.pid = self.state.pid_started_at = None
            self._changed()

    async def _end(self, child: Child) -> None:
        """End the child: orderly within its grace, at once when ``hurry`` is set."""
        self._set(PartCondition.STOPPING)
        child.send(self.plan.stop_signal)
        if await self._ends(child, self._hurry):
            return
        self._log.event("warning", f"{self.plan.name} does not stop in time; ending it")
        child.send(self.plan.abort_signal)
        if not await self._ends(child, None):
            child.send(signal.SIGKILL)

    async def _unless_stopping(self, wish: Coroutine[Any, Any, Any]) -> None:
        """Wait for ``wish``, or for the stop if that comes first."""
        wished = self._tasks.start(wish, name=f"wait of {self.plan.name}")
        stop = self._tasks.start(self._stopping.wait(), name=f"wait of {self.plan.name}")
        await _first_of(wished, stop)

    async def _ends(self, child: Child, hurry: asyncio.Event | None) -> bool:
        """Wait for the end of ``child``; return false if it outlives its grace or the hurry."""
        tasks = [self._tasks.start(child.wait(), name=f"end of {self.plan.name}")]
        if hurry is not None:
            tasks.append(self._tasks.start(hurry.wait(), name=f"hurry of {self.plan.name}"))
        await _first_of(*tasks, within_s=self.plan.stop_grace_s)
        return child.returncode is not None


async def _first_of(*tasks: asyncio.Task[Any], within_s: float | None = None) -> None:
    """Wait until one of ``tasks`` is done, then cancel the others."""
    try:
        await asyncio.wait(tasks, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def roll(runners: Sequence[PartRunner], log: PartLog) -> None:
    """Restart parts one after the other; where one does not come back, leave the others alone."""
    log.event("info", f"restarting {len(runners)} parts one after the other")
    for runner in runners:
        if not await runner.restart():
            log.event("error", f"{runner.plan.name} did not come back; the others stay as they are")
            return
    log.event("info", "all parts were restarted")
