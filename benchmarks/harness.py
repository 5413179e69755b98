"""Runs every contestant under every scenario, interleaved: A B C, then B C A, then C A B.

Interleaving puts a slow minute of the machine on everyone alike; the median of the rounds takes
the rest. The gateways have one core to themselves and run there alone, one at a time; the load
generator and the upstream share the others.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Literal

import msgspec

from benchmarks.contestants import MODEL, Contestant, Place, Running
from benchmarks.load import LoadResult
from benchmarks.processes import Process
from mainspring.testing.ports import free_port

ROOT = Path(__file__).parent.parent


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of load. ``unit`` is what CPU time is divided by.

    ``half_of`` names the closed loop of the same run whose rate, halved, a paced one has: each
    contestant's own.
    """

    name: str
    mode: Literal["closed", "paced", "streams", "idle"]
    unit: Literal["request", "chunk", "stream"]
    connections: int
    prompt_bytes: int = 1000
    events: int = 200
    pace_ms: int = 20
    half_of: str = ""


class Sample(msgspec.Struct, frozen=True):
    """One contestant under one scenario in one round.

    ``direct`` is what a paced load reached at the same rate with nothing between.
    """

    contestant: str
    scenario: str
    round: int
    result: LoadResult
    left_open: int = 0
    direct: LoadResult | None = None

    def added_ms(self, percentile: str) -> float:
        """Return how much longer a request took than without the gateway (0 where not paced)."""
        if self.direct is None:
            return 0.0
        return self.result.latency_ms.get(percentile, 0.0) - self.direct.latency_ms.get(
            percentile, 0.0
        )

    @property
    def cpu_share(self) -> float:
        """Return how much of one core the gateway used."""
        return self.result.watched["gateway"].cpu_s / self.result.window_s

    @property
    def feeder_share(self) -> float:
        """Return how much of one core load generator and upstream used together."""
        used = self.result.load_cpu_s + self.result.watched["upstream"].cpu_s
        return used / self.result.window_s


class Cores(msgspec.Struct, frozen=True):
    """Who runs where."""

    gateway: tuple[int, ...]
    upstream: tuple[int, ...]
    load: tuple[int, ...]

    @classmethod
    def shared(cls) -> "Cores":
        """Let everyone run wherever the scheduler likes."""
        cpus = tuple(sorted(os.sched_getaffinity(0)))
        return cls(cpus, cpus, cpus)

    @classmethod
    def of_this_machine(cls) -> "Cores":
        """Give the gateway a core of its own if there are two; with three, everyone has one."""
        cpus = sorted(os.sched_getaffinity(0))
        gateway, upstream, load = cpus[0], cpus[1 % len(cpus)], cpus[2 % len(cpus)]
        if len(cpus) < 3:
            load = upstream
        return cls((gateway,), (upstream,), (load,))


class Timing(msgspec.Struct, frozen=True):
    """How long and how often; ``awake`` lets load generator and upstream poll, never sleep."""

    rounds: int = 3
    warmup_s: float = 0.7
    window_s: float = 3.0
    awake: bool = False


class ContestantFailedError(RuntimeError):
    """A contestant did not start, or answered wrongly; the text says how."""


class Harness:
    """Owns the upstream, the contestants and the order of things.

    ``say`` hears one line of progress per run.
    """

    def __init__(
        self,
        contestants: Sequence[Contestant],
        *,
        directory: Path,
        timing: Timing,
        cores: Cores,
        say: Callable[[str], None],
    ) -> None:
        self.contestants = list(contestants)
        self.cores = cores
        self.timing = timing
        self.absent: dict[str, str] = {}
        self._directory = directory
        self._say = say
        self._running: dict[str, tuple[Running, Place]] = {}
        self._rates: dict[tuple[str, str], list[float]] = {}

    @contextmanager
    def started(self) -> Generator[None]:
        """Start the upstream and every contestant; end them all afterwards.

        A contestant that cannot start is left out, and :attr:`absent` says why.

        Raises:
            ContestantFailedError: if the upstream does not start.
        """
        self._upstream_port = free_port()
        argv = [sys.executable, "-m", "mainspring.testing.upstream"]
        argv += ["--port", str(self._upstream_port), "--model", MODEL]
        argv += ["--awake"] * self.timing.awake
        self._upstream = Process(
            argv, log=self._directory / "upstream.log", cpus=self.cores.upstream
        )
        try:
            self._await_answer(self._upstream, self._upstream_port, "none", "upstream")
            for contestant in self.contestants:
                try:
                    self._start(contestant)
                except (ContestantFailedError, FileNotFoundError) as error:
                    self.absent[contestant.name] = str(error)
                    self._say(f"{contestant.name}: left out: {error}")
            self.contestants = [
                contestant for contestant in self.contestants if contestant.name in self._running
            ]
            yield
        finally:
            for running, _ in self._running.values():
                running.stop()
            self._upstream.stop()

    def ceiling(self, scenario: Scenario) -> LoadResult:
        """Return what load generator and upstream reach with nothing between them."""
        return self._load(scenario, self._upstream_port, "none", {"upstream": self._upstream.pid})

    def burn_in(self) -> None:
        """Let every contestant serve for a moment: pools, caches and allocators warm up."""
        scenario = Scenario(name="burn-in", mode="closed", unit="request", connections=8)
        for contestant in self.contestants:
            self._one(contestant, scenario, 0, window_s=0.5)

    def rounds(self, scenario: Scenario) -> Iterator[Sample]:
        """Run every round of ``scenario``."""
        rounds = 1 if scenario.mode == "idle" else self.timing.rounds
        for number in range(rounds):
            turn = number % len(self.contestants)
            for contestant in self.contestants[turn:] + self.contestants[:turn]:
                yield self._one(contestant, scenario, number + 1)

    def _start(self, contestant: Contestant) -> None:
        directory = self._directory / contestant.name.replace(" ", "-")
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        place = Place(
            directory=directory,
            port=free_port(),
            spare_port=free_port(),
            upstream_port=self._upstream_port,
            cpus=self.cores.gateway,
            helper_cpus=self.cores.upstream,
        )
        running = contestant.start(place)
        try:
            self._await_answer(running.process, place.port, running.key, contestant.name)
        except BaseException:
            running.stop()
            raise
        self._running[contestant.name] = running, place

    def _await_answer(self, process: Process, port: int, key: str, name: str) -> None:
        """Wait until a chat request is answered; routers first probe their upstream."""
        body = json.dumps({"model": MODEL, "messages": [{"role": "user", "content": "hello"}]})
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/chat/completions",
            data=body.encode(),
            headers={"content-type": "application/json", "authorization": f"Bearer {key}"},
        )
        deadline = time.monotonic() + 40
        trouble = "no answer"
        while time.monotonic() < deadline and not process.failed():
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
                    if b"word0" in answer.read():
                        return
                    trouble = "an answer that is not the upstream's"
            except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
                trouble = str(error)
            time.sleep(0.1)
        raise ContestantFailedError(f"{name} does not serve ({trouble})\n{process.tail()}")

    def _one(
        self,
        contestant: Contestant,
        scenario: Scenario,
        number: int,
        *,
        window_s: float | None = None,
    ) -> Sample:
        running, place = self._running[contestant.name]
        watched = {"gateway": running.process.pid, "upstream": self._upstream.pid}
        rate = 0.0
        direct = None
        if scenario.mode == "paced":
            rate = median(self._rates[contestant.name, scenario.half_of]) / 2
            upstream = {"upstream": self._upstream.pid}
            direct = self._load(scenario, self._upstream_port, "none", upstream, rate=rate)
        result = self._load(scenario, place.port, running.key, watched, window_s, rate=rate)
        if running.process.failed():
            raise ContestantFailedError(f"{contestant.name} died:\n{running.process.tail()}")
        rates = self._rates.setdefault((contestant.name, scenario.name), [])
        rates.append(result.requests / result.window_s)
        sample = Sample(contestant.name, scenario.name, number, result, self._drained(), direct)
        self._say(_line(sample, scenario))
        return sample

    def _drained(self) -> int:
        """Wait until no stream is left at the upstream; return how many outlived their client.

        Those are then cut off, so that they do not weigh on the next contestant.
        """
        deadline = time.monotonic() + 1
        while (left := self._ask_upstream("stats")["streams_open"]) and time.monotonic() < deadline:
            time.sleep(0.05)
        if left:
            self._ask_upstream("hang-up")
            time.sleep(0.2)
        return left

    def _ask_upstream(self, what: str) -> dict[str, int]:
        url = f"http://127.0.0.1:{self._upstream_port}/scripted/{what}"
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)

    def _load(
        self,
        scenario: Scenario,
        port: int,
        key: str,
        watched: dict[str, int],
        window_s: float | None = None,
        *,
        rate: float = 0.0,
    ) -> LoadResult:
        idle = scenario.mode == "idle"
        window = window_s or (0.5 if idle else self.timing.window_s)
        argv = [
            sys.executable, "-m", "benchmarks.load",
            "--port", str(port),
            "--key", key,
            "--model", MODEL,
            "--mode", scenario.mode,
            "--connections", str(scenario.connections),
            "--prompt-bytes", str(scenario.prompt_bytes),
            "--warmup", str(0.3 if window_s or idle else self.timing.warmup_s),
            "--duration", str(window),
            "--events", str(scenario.events),
            "--pace-ms", str(3_600_000 if idle else scenario.pace_ms),
            "--rate", str(rate),
        ]  # fmt: skip
        argv += ["--awake"] * self.timing.awake
        for name, pid in watched.items():
            argv += ["--watch", f"{name}={pid}"]
        own_cpus = os.sched_getaffinity(0)
        os.sched_setaffinity(0, self.cores.load)
        try:
            done = subprocess.run(
                argv, cwd=ROOT, capture_output=True, timeout=window + 60, check=False
            )
        finally:
            os.sched_setaffinity(0, own_cpus)
        if done.returncode:
            raise RuntimeError(f"the load generator failed:\n{done.stderr.decode()}")
        return msgspec.json.decode(done.stdout, type=LoadResult)


def _line(sample: Sample, scenario: Scenario) -> str:
    result = sample.result
    if scenario.unit == "stream":
        gateway = result.watched["gateway"]
        figure = f"{gateway.resident_bytes / 1e6:7.1f} MB"
    else:
        count = result.requests if scenario.unit == "request" else result.events
        cost = result.watched["gateway"].cpu_s / count * 1e6 if count else float("nan")
        figure = f"{cost:7.1f} µs/{scenario.unit}"
    line = f"{scenario.name:<24} round {sample.round}  {sample.contestant:<14} {figure}"
    line += f"  gateway {sample.cpu_share:4.0%}  load+upstream {sample.feeder_share:4.0%}"
    if sample.direct is not None:
        line += f"  p99 {sample.added_ms('p99'):+.2f} ms"
    if result.errors:
        line += f"  {result.errors} ERRORS ({result.first_error})"
    if sample.left_open:
        line += f"  {sample.left_open} upstream streams outlived their client"
    return line
