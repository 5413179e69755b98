"""A long run with faults: ``python -m benchmarks.soak --minutes 30``, or ``make soak``.

A real gateway process serves streams and whole answers while its upstream fails in every way that
the scripted one knows, clients leave in the middle, control goes away and comes back, and the
configuration changes all the time. At the end:

- calls of the model without faults have all succeeded;
- the ledger equals what the upstream says it served, to the token, each record once;
- resident memory does not grow, and the file descriptors are those of the beginning.
"""

import asyncio
import contextlib
import hashlib
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import click
import httpx
import msgspec
import uvloop

from benchmarks.processes import Process, orderly_end, resident_bytes
from mainspring.app.ports import choose_port
from mainspring.kernel.tasks import TaskOwner
from mainspring.snapshot.resources import ApiKey, Limits, Project, Upstream
from mainspring.testing.control import ScriptedControl
from mainspring.testing.upstream import ReceivedRequest, Reply, ScriptedUpstream

_PATIENCE_S = 60.0
_SAMPLE_S = 0.5
_IDLE_S = 15.0
"""Longer than the gateway keeps idle connections to upstreams and to control."""
_SPARE_KEYS = 50
_FILES_OF_ITS_OWN = 4
"""Segments of the spool come and go."""
_STALL = Reply(tokens=50, stall_after_chunks=2)
_FAULTS: tuple[tuple[int, Reply], ...] = (
    (40, Reply(tokens=12)),
    (8, Reply(tokens=9, cached_tokens=2, reasoning_tokens=3)),
    (8, Reply.failure(500)),
    (4, Reply.rate_limited(1)),
    (6, Reply(reset_at_once=True)),
    (6, Reply(reset_after_chunks=2)),
    (6, Reply(end_after_chunks=2)),
    (4, Reply(garbage=b"this is not HTTP\r\n\r\n")),
    (6, Reply(close_after=True)),
    (6, Reply(delay_s=0.3)),
    (6, Reply(split_bytes=3)),
)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a run does: callers of each kind, changes a second, and for how long."""

    seconds: float
    steady_streams: int = 20
    steady_callers: int = 4
    faulty_callers: int = 8
    leaving_callers: int = 2
    changes_per_s: float = 20.0
    outage_every_s: float = 10.0
    stream_tokens: int = 40
    chunk_interval_s: float = 0.05


class Outcome(msgspec.Struct, kw_only=True):
    """What came of it. Memory is in bytes; its growth is by the minute, over the later half."""

    calls: Counter[str]
    broken: list[str]
    changes: int
    records: int
    duplicates: int
    ledger: tuple[int, int]
    served: tuple[int, int]
    growth_per_minute: float
    memory: int
    files_before: int
    files_after: int

    def problems(self, *, most_growth: float) -> list[str]:
        """Return what must not be."""
        found = list(self.broken[:5])
        if self.ledger != self.served:
            found.append(f"the ledger says {self.ledger} tokens, the upstream {self.served}")
        if self.growth_per_minute > most_growth:
            found.append(f"memory grows by {self.growth_per_minute / 1e6:.2f} MB a minute")
        if self.files_after > self.files_before + _FILES_OF_ITS_OWN:
            found.append(f"{self.files_before} files became {self.files_after}")
        return found


class Soak:
    """One run."""

    def __init__(self, plan: Plan, directory: Path, seed: int = 1) -> None:
        self._plan = plan
        self._directory = directory
        self._random = random.Random(seed)
        self._calls = Counter[str]()
        self._broken: list[str] = []
        self._changes = 0
        self._memory: list[tuple[float, int]] = []
        self._over = asyncio.Event()
        self._target: Upstream
        self._project: Project

    async def run(self) -> Outcome:
        """Run, and return what came of it.

        Raises:
            TimeoutError: if the gateway does not come up, or its records do not arrive.
        """
        async with ScriptedUpstream(script=self._script) as upstream, ScriptedControl() as control:
            builder = control.snapshot
            key = builder.add_key(limits=Limits(requests_per_minute=10_000_000))
            target = self._target = builder.add_upstream(upstream.url)
            self._project = builder.add_project()
            for name in ("steady", "faulty", "leaving"):
                builder.add_model(name, target)
            with_gateway = self._gateway(control)
            async with with_gateway as (process, url), _client(url, key) as client:
                before = _open_files(process)
                await self._load(client, control, upstream, process)
                await client.aclose()
                await self._settled(control, process, before)
                return Outcome(
                    calls=self._calls,
                    broken=self._broken,
                    changes=self._changes,
                    records=len(control.records),
                    duplicates=control.duplicates,
                    ledger=_counted(control),
                    served=(upstream.served.prompt_tokens, upstream.served.completion_tokens),
                    growth_per_minute=_growth(self._memory),
                    memory=self._memory[-1][1],
                    files_before=before,
                    files_after=_open_files(process),
                )

    def _script(self, request: ReceivedRequest) -> Reply | None:
        model = request.json().get("model")
        if model == "steady":
            plan = self._plan
            return Reply(tokens=plan.stream_tokens, chunk_interval_s=plan.chunk_interval_s)
        if model == "leaving":
            return _STALL
        weights = [weight for weight, _ in _FAULTS]
        return self._random.choices(_FAULTS, weights)[0][1]

    @asynccontextmanager
    async def _gateway(self, control: ScriptedControl) -> AsyncGenerator[tuple[Process, str]]:
        home = self._directory / "home"
        port = choose_port("gateway", "127.0.0.1", 0, reserved=()).chosen
        await asyncio.to_thread(_write_token, home / "secrets" / "internal.token", control.token)
        process = Process(
            [sys.executable, "-P", "-m", "mainspring.app.cli.main", "serve", "gateway"],
            log=self._directory / "gateway.log",
            cpus=sorted(os.sched_getaffinity(0)),
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "MAINSPRING_HOME": str(home),
                "MAINSPRING_CONTROL_URL": control.url,
                "MAINSPRING_GATEWAY_PORT": str(port),
            },
        )
        url = f"http://127.0.0.1:{port}"
        try:
            async with asyncio.timeout(_PATIENCE_S), httpx.AsyncClient() as probe:
                while not await _is_ready(probe, url):
                    if process.failed():
                        raise RuntimeError(process.tail())
                    await asyncio.sleep(0.05)
            yield process, url
        finally:
            process.stop()

    async def _load(
        self,
        client: httpx.AsyncClient,
        control: ScriptedControl,
        upstream: ScriptedUpstream,
        process: Process,
    ) -> None:
        plan = self._plan
        tasks = TaskOwner(lambda name, error: self._broken.append(f"{name}: {error!r}"))
        kinds: tuple[tuple[int, Callable[[], Awaitable[None]], str], ...] = (
            (plan.steady_streams, lambda: self._steady(client, stream=True), "steady streams"),
            (plan.steady_callers, lambda: self._steady(client, stream=False), "steady calls"),
            (plan.faulty_callers, lambda: self._faulty(client), "faulty calls"),
            (plan.leaving_callers, lambda: self._leaving(client), "leaving callers"),
            (1, lambda: self._change(control), "changes"),
            (1, lambda: self._outage(control), "outages of control"),
            (1, lambda: self._watch(process, upstream), "measuring"),
        )
        running = [
            tasks.start(self._again(act), name=name)
            for count, act, name in kinds
            for _ in range(count)
        ]
        await asyncio.sleep(plan.seconds)
        self._over.set()
        await asyncio.wait(running, timeout=_PATIENCE_S)
        await tasks.close()

    async def _again(self, act: Callable[[], Awaitable[None]]) -> None:
        while not self._over.is_set():
            await act()

    async def _steady(self, client: httpx.AsyncClient, *, stream: bool) -> None:
        """Make a call that must succeed, whatever happens around it."""
        answer = await client.post("/v1/chat/completions", json=_body("steady", stream=stream))
        self._calls["steady"] += 1
        complete = answer.text.endswith("data: [DONE]\n\n") or not stream
        if answer.status_code != 200 or not complete:
            self._broken.append(f"a steady call: {answer.status_code} {answer.text[-200:]}")

    async def _faulty(self, client: httpx.AsyncClient) -> None:
        stream = self._random.random() < 0.5
        try:
            answer = await client.post("/v1/chat/completions", json=_body("faulty", stream=stream))
        except httpx.TransportError as error:
            self._calls[f"faulty {type(error).__name__}"] += 1
        else:
            self._calls[f"faulty {answer.status_code}"] += 1
            if answer.status_code == 429:
                await self._pause(0.2)

    async def _leaving(self, client: httpx.AsyncClient) -> None:
        async with client.stream(
            "POST", "/v1/chat/completions", json=_body("leaving", stream=True)
        ) as answer:
            async for _ in answer.aiter_raw():
                break
        self._calls["left"] += 1
        await self._pause(0.2)

    async def _change(self, control: ScriptedControl) -> None:
        """Change the configuration: another key in the place of an old one, a new name."""
        self._changes += 1
        number, project, target = self._changes, self._project, self._target
        control.snapshot.put(
            ApiKey(
                id=f"key_spare_{number % _SPARE_KEYS}",
                digest=hashlib.sha256(str(number).encode()).digest(),
                org_id=project.org_id,
                project_id=project.id,
                actor_id="svc_soak",
                name=f"spare {number}",
                limits=Limits(requests_per_minute=number),
            ),
            Upstream(id=target.id, name=f"name {number}", base_url=target.base_url),
        )
        control.publish()
        await self._pause(1 / self._plan.changes_per_s)

    async def _outage(self, control: ScriptedControl) -> None:
        await self._pause(self._plan.outage_every_s)
        await control.go_down()
        await self._pause(1.0)
        await control.come_up()

    async def _watch(self, process: Process, upstream: ScriptedUpstream) -> None:
        upstream.requests.clear()  # what it remembers is ours, and needs no keeping
        self._memory.append((time.monotonic(), resident_bytes(process.pids())))
        await self._pause(_SAMPLE_S)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._over.wait()
        except TimeoutError:
            return

    async def _settled(self, control: ScriptedControl, process: Process, files: int) -> None:
        """Wait until every record has arrived, and as long as idle connections may stay open."""
        async with asyncio.timeout(_PATIENCE_S):
            known = -1
            while known != len(control.records):
                known = len(control.records)
                await asyncio.sleep(2.0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_IDLE_S):
                while _open_files(process) > files:  # noqa: ASYNC110 - another process's files
                    await asyncio.sleep(0.2)


@asynccontextmanager
async def _client(url: str, key: str) -> AsyncGenerator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=1000, max_keepalive_connections=1000)
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        base_url=url, headers=headers, timeout=_PATIENCE_S, limits=limits
    ) as client:
        yield client


async def _is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/readyz")).status_code == 200
    except httpx.TransportError:
        return False


def _body(model: str, *, stream: bool) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": "go on"}], "stream": stream}


def _write_token(path: Path, token: str) -> None:
    path.parent.mkdir(parents=True)
    path.touch(mode=0o600)
    path.write_text(token)


def _counted(control: ScriptedControl) -> tuple[int, int]:
    """Return the tokens of prompts and of answers in all records that have the upstream's word."""
    usages = [each.usage for each in control.records.values() if each.usage_frame is not None]
    return (
        sum(usage.input + usage.cached_input for usage in usages),
        sum(usage.output + usage.reasoning for usage in usages),
    )


def _open_files(process: Process) -> int:
    return len(list(Path(f"/proc/{process.pid}/fd").iterdir()))


def _growth(samples: list[tuple[float, int]]) -> float:
    """Return the slope of a line through the later half of the samples, by the minute."""
    later = samples[len(samples) // 2 :]
    mean_at = sum(at for at, _ in later) / len(later)
    mean = sum(size for _, size in later) / len(later)
    spread = sum((at - mean_at) ** 2 for at, _ in later)
    if not spread:
        return 0.0
    return 60 * sum((at - mean_at) * (size - mean) for at, size in later) / spread


@click.command(help=__doc__)
@click.option("--minutes", default=30.0, show_default=True)
@click.option("--streams", default=50, show_default=True)
@click.option("--most-growth", default=0.2, show_default=True, help="MB a minute that are allowed.")
def main(*, minutes: float, streams: int, most_growth: float) -> None:
    """Run, print what came of it, and fail if something is wrong."""
    plan = Plan(seconds=minutes * 60, steady_streams=streams)
    with orderly_end(), tempfile.TemporaryDirectory(prefix="mainspring-soak-") as temporary:
        outcome = uvloop.run(_run(plan, Path(temporary)))
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(outcome)).decode() + "\n")
    problems = outcome.problems(most_growth=most_growth * 1e6)
    if problems:
        raise click.ClickException("; ".join(problems))


async def _run(plan: Plan, directory: Path) -> Outcome:
    return await Soak(plan, directory).run()


if __name__ == "__main__":
    main()
