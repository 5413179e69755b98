"""What many keys and models cost a gateway: ``python -m benchmarks.scale``.

One gateway, once with one key and one model and once with many, measured the same way:

- *ready*: from the start of the process to its first answer, with the last good file;
- *memory*: proportional set size when it serves;
- *stall*: the longest that the gateway's event loop worked in one go (CPU time) while it took all
  of it from control and saved it: so long a call may have to wait;
- *latency*: of one call after the other, half of them and the slowest hundredth.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import click
import httpx
import msgspec
import uvloop

from benchmarks.processes import Process, orderly_end, resident_bytes
from benchmarks.report import SCALE_BEGIN, SCALE_END, Machine, insert
from mainspring.gateway.main import Gateway
from mainspring.gateway.settings import GatewaySettings
from mainspring.snapshot.resources import Limits
from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import ScriptedUpstream

_PATIENCE_S = 120.0
_TICK_S = 0.001
_CALLS = 400


class Figures(msgspec.Struct, frozen=True):
    """What was measured for one size."""

    keys: int
    models: int
    ready_s: float
    memory_mb: float
    stall_ms: float
    p50_ms: float
    p99_ms: float


class _Snapshot:
    """A snapshot of a size; the key and the model that are used come last."""

    def __init__(self, keys: int, models: int, upstream_url: str) -> None:
        self.builder = builder = SnapshotBuilder()
        project = builder.add_project()
        limits = Limits(requests_per_minute=1_000_000, max_concurrency=1000)
        upstream = builder.add_upstream(upstream_url)
        for number in range(models):
            builder.add_model(f"model-{number}", upstream)
        self.model = f"model-{models - 1}"
        for _ in range(keys - 1):
            builder.add_key(project, limits=limits)
        self.key = builder.add_key(project, limits=limits)


async def measure(keys: int, models: int, directory: Path) -> Figures:
    """Measure one size, with files in ``directory``."""
    async with ScriptedUpstream() as upstream:
        snapshot = _Snapshot(keys, models, upstream.url)
        file = directory / "snapshot.bin"
        snapshot.builder.write(file)
        token = directory / "token"
        token.touch(mode=0o600)
        token.write_text("scale-control-token")
        stall_s = await _follow_control(file, token, directory)
        ready_s, memory, latencies = await _serve_alone(snapshot, file, directory)
    latencies.sort()
    return Figures(
        keys=keys,
        models=models,
        ready_s=ready_s,
        memory_mb=memory / 1e6,
        stall_ms=stall_s * 1000,
        p50_ms=latencies[len(latencies) // 2] * 1000,
        p99_ms=latencies[len(latencies) * 99 // 100] * 1000,
    )


async def _serve_alone(
    snapshot: _Snapshot, file: Path, directory: Path
) -> tuple[float, int, list[float]]:
    """Start a process from the file; return when it was ready, its memory, and latencies."""
    ready = directory / "ready"
    started = time.monotonic()
    process = Process(
        [sys.executable, "-c", _GATEWAY, str(file), str(directory / "spool"), str(ready)],
        log=directory / "log",
        cpus=sorted(os.sched_getaffinity(0)),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        while not (ready.exists() and ready.read_text()):
            if process.failed() or time.monotonic() - started > _PATIENCE_S:
                raise RuntimeError(process.tail())
            await asyncio.sleep(0.002)
        url = f"http://127.0.0.1:{ready.read_text()}"
        async with httpx.AsyncClient(
            base_url=url, headers={"authorization": f"Bearer {snapshot.key}"}, timeout=30
        ) as client:
            await _call(client, snapshot.model)
            ready_s = time.monotonic() - started
            latencies = [await _call(client, snapshot.model) for _ in range(_CALLS)]
        return ready_s, resident_bytes(process.pids()), latencies
    finally:
        process.stop()


async def _follow_control(file: Path, token: Path, directory: Path) -> float:
    """Let a gateway in this process take everything from control; return its longest stall."""
    log = directory / "control.log"
    control = Process(
        [
            *(sys.executable, "-m", "mainspring.testing.control"),
            *("--snapshot", str(file), "--token-file", str(token)),
        ],
        log=log,
        cpus=sorted(os.sched_getaffinity(0)),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while b"port" not in log.read_bytes():  # noqa: ASYNC110 - another process's output
                await asyncio.sleep(0.01)
            port = msgspec.json.decode(log.read_bytes().splitlines()[0])["port"]
            gateway = Gateway(
                GatewaySettings(
                    spool_dir=directory / "linked",
                    snapshot_file=directory / "linked.bin",
                    port=0,
                    control_url=f"http://127.0.0.1:{port}",
                    internal_token_file=token,
                )
            )
            stalls = asyncio.get_running_loop().create_task(_longest_stall())
            await gateway.start()
            while not (directory / "linked.bin").exists():  # noqa: ASYNC110 - the last that is done
                await asyncio.sleep(_TICK_S)
            stalls.cancel()
            stall_s = await stalls
        await gateway.stop(0.0)
        return stall_s
    finally:
        control.stop()


async def _longest_stall() -> float:
    """Return, once cancelled, the longest that the loop worked without looking at a due timer.

    In CPU time of the loop's thread: what else the machine does meanwhile is not counted.
    """
    longest = 0.0
    try:
        while True:
            before = time.thread_time()
            await asyncio.sleep(_TICK_S)
            longest = max(longest, time.thread_time() - before)
    except asyncio.CancelledError:
        return longest


async def _call(client: httpx.AsyncClient, model: str) -> float:
    body = {"model": model, "messages": [{"role": "user", "content": "hi"}]}
    began = time.perf_counter()
    (await client.post("/v1/chat/completions", json=body)).raise_for_status()
    return time.perf_counter() - began


_GATEWAY = """
import sys
from pathlib import Path
import uvloop
from mainspring.gateway.main import run
from mainspring.gateway.settings import GatewaySettings
file, spool, ready = map(Path, sys.argv[1:])
settings = GatewaySettings(spool_dir=spool, snapshot_file=file, port=0)
uvloop.run(run(settings, ready=lambda port: ready.write_text(str(port))))
"""


def table(found: list[Figures]) -> str:
    """Return the figures as a page's table."""
    machine = Machine.this()
    where = f"{machine.cpu}, {machine.cores} cores, {machine.kernel}, Python {machine.python}"
    lines = [
        f"`python -m benchmarks.scale`; {where}:",
        "",
        "| keys | models | ready after | memory | longest stall | latency p50 | p99 |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {each.keys:,} | {each.models:,} | {each.ready_s:.2f} s | {each.memory_mb:.0f} MB "
        f"| {each.stall_ms:.0f} ms | {each.p50_ms:.2f} ms | {each.p99_ms:.2f} ms |"
        for each in found
    ]
    return "\n".join(lines) + "\n"


@click.command(help=__doc__)
@click.option("--keys", default=100_000, show_default=True)
@click.option("--models", default=1000, show_default=True)
@click.option(
    "--docs", "docs_path", type=click.Path(path_type=Path), help="Put the table into this page."
)
def main(*, keys: int, models: int, docs_path: Path | None) -> None:
    """Measure the smallest size and the wanted one."""
    found: list[Figures] = []
    with orderly_end(), tempfile.TemporaryDirectory(prefix="mainspring-scale-") as temporary:
        for number, size in enumerate(((1, 1), (keys, models))):
            directory = Path(temporary) / str(number)
            directory.mkdir()
            found.append(uvloop.run(measure(*size, directory)))
    text = table(found)
    sys.stdout.write(text)
    if docs_path:
        page = insert(docs_path.read_text("utf-8"), text, begin=SCALE_BEGIN, end=SCALE_END)
        docs_path.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
