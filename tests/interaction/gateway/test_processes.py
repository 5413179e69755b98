"""Several gateway processes on one port: they share the work, and one's death is its own."""

import asyncio
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from mainspring.app.ports import choose_port
from mainspring.snapshot.resources import Limits
from mainspring.testing.control import ScriptedControl
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import until

BODY = {"model": "scripted", "messages": [{"role": "user", "content": "three words here"}]}
PATIENCE_S = 60.0

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
async def control() -> AsyncIterator[ScriptedControl]:
    """Return the control plane of the group."""
    async with ScriptedControl() as scripted:
        yield scripted


class Group:
    """``mainspring serve gateway`` with several processes."""

    def __init__(self, home: Path, control: ScriptedControl, key: str) -> None:
        self.home = home
        self.key = key
        self.port = choose_port("gateway", "127.0.0.1", 0, reserved=()).chosen
        self._control = control
        self._process: asyncio.subprocess.Process | None = None

    async def launch(self, processes: int, **environ: str) -> None:
        """Start."""
        with (self.home / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "mainspring.app.cli.main", "serve", "gateway",
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(sys.path),
                    "MAINSPRING_HOME": str(self.home),
                    "MAINSPRING_CONTROL_URL": self._control.url,
                    "MAINSPRING_GATEWAY_PORT": str(self.port),
                    "MAINSPRING_GATEWAY_PROCESSES": str(processes),
                    **environ,
                },
                stderr=log,
            )  # fmt: skip

    async def start(self, processes: int) -> None:
        """Start, and wait until every process serves."""
        await self.launch(processes)
        expected = {str(number) for number in range(1, processes + 1)}
        async with asyncio.timeout(PATIENCE_S):
            while await self.processes() != expected:  # noqa: ASYNC110 - other processes
                await asyncio.sleep(0.05)

    async def processes(self) -> set[str]:
        """Return the numbers of the processes that answer; a single one has number 1."""
        page = await self.metrics()
        return set(re.findall(r'process="(\d+)"', page)) or ({"1"} if page else set[str]())

    async def metrics(self) -> str:
        """Return the metrics of all processes, empty while none answers."""
        try:
            async with httpx.AsyncClient() as client:
                return (await client.get(f"http://127.0.0.1:{self.port}/metrics")).text
        except httpx.TransportError:
            return ""

    @property
    def pids(self) -> list[int]:
        """Return the processes that serve, oldest first."""
        assert self._process is not None
        children = psutil.Process(self._process.pid).children()
        return [each.pid for each in sorted(children, key=lambda each: each.create_time())]

    def listeners(self) -> set[int]:
        """Return which processes listen on the port."""
        return {pid for pid in self.pids if _listens(pid, self.port)}

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the parent."""
        assert self._process is not None
        self._process.send_signal(number)

    async def ended(self) -> int:
        """Wait for the end and return the exit status."""
        assert self._process is not None
        async with asyncio.timeout(PATIENCE_S):
            return await self._process.wait()

    async def stop(self) -> None:
        """End it, whatever it does."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await self.ended()
            except TimeoutError:
                self._process.kill()
                await self.ended()

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[httpx.AsyncClient]:
        """Return a client of its own connections."""
        headers = {"authorization": f"Bearer {self.key}"}
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=30
        ) as client:
            yield client

    async def call(self) -> httpx.Response:
        """Make one call on a connection of its own."""
        async with self.client() as client:
            return await client.post("/v1/chat/completions", json=BODY)


def _listens(pid: int, port: int) -> bool:
    try:
        connections = psutil.Process(pid).net_connections("tcp")
    except psutil.Error:
        return False
    return any(each.status == "LISTEN" and each.laddr[1:] == (port,) for each in connections)


@pytest.fixture
async def group(
    tmp_path: Path, upstream: ScriptedUpstream, control: ScriptedControl
) -> AsyncIterator[Group]:
    """Return a group that was not started."""
    builder = control.snapshot
    key = builder.add_key()
    builder.add_model("scripted", builder.add_upstream(upstream.url))
    home = tmp_path / "home"
    (home / "secrets").mkdir(parents=True)
    token = home / "secrets" / "internal.token"
    token.touch(mode=0o600)
    token.write_text(control.token)
    made = Group(home, control, key)
    yield made
    await made.stop()


async def test_all_processes_serve_and_anyone_tells_the_metrics_of_all(
    group: Group, control: ScriptedControl
) -> None:
    await group.start(3)
    assert len(group.listeners()) == 3
    answers = [await group.call() for _ in range(60)]
    assert {answer.status_code for answer in answers} == {200}
    page = await group.metrics()
    served = Counter[str]()
    for process, count in re.findall(
        r'^mainspring_gateway_requests_total\{process="(\d)",[^}]*\} (\d+)$', page, re.MULTILINE
    ):
        served[process] += int(count)
    assert sum(served.values()) == 60
    assert len(served) == 3  # the kernel spreads connections; 60 on fewer would be a miracle
    assert page.count("# TYPE mainspring_gateway_requests_total counter") == 1
    # Their records come under a name of each one's own, each once.
    await control.until(lambda: len(control.records) == 60)
    assert control.duplicates == 0
    assert {"gateway-1", "gateway-1.2", "gateway-1.3"} <= set(control.heartbeats)
    group.signal(signal.SIGTERM)
    assert await group.ended() == 0


async def test_one_that_is_killed_leaves_the_others_serving_and_loses_no_record(
    group: Group, control: ScriptedControl
) -> None:
    await group.start(3)
    await control.go_down()  # so that the records of the dead one wait in its spool
    done: list[str] = []
    broken = 0
    over = asyncio.Event()

    async def call_on_and_on() -> None:
        nonlocal broken
        while not over.is_set():
            try:
                answer = await group.call()
            except httpx.TransportError:
                broken += 1
                continue
            assert answer.status_code == 200
            done.append(answer.headers["x-request-id"])

    callers = [asyncio.get_running_loop().create_task(call_on_and_on()) for _ in range(6)]
    await until(lambda: len(done) > 60, PATIENCE_S)
    victim = group.pids[1]
    os.kill(victim, signal.SIGKILL)
    await until(lambda: len(group.listeners() - {victim}) == 3, PATIENCE_S)
    seen = len(done)
    await until(lambda: len(done) > seen + 30, PATIENCE_S)
    over.set()
    await asyncio.gather(*callers)
    # At most what each caller had under way with the dead one, or in its queue.
    assert broken <= 12
    await control.come_up()
    await control.until(lambda: set(done) <= _request_ids(control), timeout_s=PATIENCE_S)
    assert len(control.records) <= len(done) + broken


def _request_ids(control: ScriptedControl) -> set[str]:
    return {record.request_id for record in control.records.values()}


async def test_a_rolling_restart_breaks_no_call(group: Group, upstream: ScriptedUpstream) -> None:
    await group.start(2)
    before = set(group.pids)
    over = asyncio.Event()
    done = 0

    async def call_on_and_on() -> None:
        nonlocal done
        async with group.client() as client:
            while not over.is_set():
                answer = await client.post("/v1/chat/completions", json=BODY)
                assert answer.status_code == 200
                done += 1

    upstream.then(Reply(tokens=5, stall_after_chunks=2))
    async with (
        group.client() as client,
        client.stream("POST", "/v1/chat/completions", json={**BODY, "stream": True}) as answer,
    ):
        text = answer.aiter_text()
        seen = await anext(text)
        callers = [asyncio.get_running_loop().create_task(call_on_and_on()) for _ in range(6)]
        await until(lambda: done > 50, PATIENCE_S)
        group.signal(signal.SIGUSR2)
        # The stream holds up one of the two until it ends; the other serves all the while.
        await until(lambda: len(group.listeners()) == 1, PATIENCE_S)
        so_far = done
        await until(lambda: done > so_far + 50, PATIENCE_S)
        upstream.release()
        seen += "".join([piece async for piece in text])
    assert seen.endswith("data: [DONE]\n\n")

    def renewed() -> bool:
        return len(group.listeners()) == 2 and not before & set(group.pids)

    await until(renewed, PATIENCE_S)
    so_far = done
    await until(lambda: done > so_far + 50, PATIENCE_S)
    over.set()
    await asyncio.gather(*callers)


async def test_together_they_never_grant_more_than_a_limit(
    group: Group, control: ScriptedControl
) -> None:
    group.key = control.snapshot.add_key(limits=Limits(requests_per_day=10))
    await group.start(3)
    answers = [await group.call() for _ in range(80)]
    assert Counter(answer.status_code for answer in answers) == {200: 10, 429: 70}


async def test_what_surplus_processes_left_is_delivered_by_the_first(
    group: Group, control: ScriptedControl
) -> None:
    await group.start(3)
    await control.go_down()
    for _ in range(30):
        assert (await group.call()).status_code == 200
    group.signal(signal.SIGTERM)
    await group.ended()
    assert not control.records
    await control.come_up()
    await group.start(1)
    await control.until(lambda: len(control.records) == 30, timeout_s=PATIENCE_S)
    assert control.duplicates == 0


async def test_a_group_that_cannot_come_up_ends(group: Group) -> None:
    await group.launch(2, MAINSPRING_GATEWAY_TRUSTED_PROXIES="nonsense")
    assert await group.ended() == 1
    assert "nonsense" in (group.home / "log").read_text(encoding="utf-8")
