"""The gateway as a process of its own: what it imports, how it stops, what survives its death."""

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec

from mainspring.gateway.meter.spool import Spool
from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.wire.records import UsageRecord
from tests.fixtures.gateway import Stand, until

BODY = {"model": "scripted", "messages": [{"role": "user", "content": "three words here"}]}


def spooled(directory: Path) -> list[UsageRecord]:
    spool = Spool(directory)
    raw, _ = spool.read(spool.acknowledged, 1_000_000)
    spool.close()
    return [msgspec.msgpack.decode(each, type=UsageRecord) for each in raw]


@asynccontextmanager
async def gateway_process(
    directory: Path, upstream: ScriptedUpstream
) -> AsyncGenerator[tuple[asyncio.subprocess.Process, httpx.AsyncClient]]:
    builder = SnapshotBuilder()
    key = builder.add_key()
    builder.add_model("scripted", builder.add_upstream(upstream.url))
    builder.write(directory / "snapshot.bin")
    arguments = ["--snapshot", "snapshot.bin", "--spool", "spool", "--port", "0"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mainspring.gateway", *arguments,
        cwd=directory,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            ready = await process.stdout.readline()
        url = f"http://127.0.0.1:{int(ready.split()[1])}"
        headers = {"authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=20) as client:
            yield process, client
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def test_the_gateway_imports_nothing_of_the_control_plane() -> None:
    program = """
import sys
import mainspring.gateway.main
banned = ("sqlalchemy", "alembic", "fastapi", "pydantic", "starlette", "psycopg", "dbos",
    "mainspring.capabilities", "mainspring.infra.db", "mainspring.app", "httpx")
print([name for name in banned if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.strip() == "[]"


async def test_sigterm_lets_a_running_answer_end(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(tokens=5, stall_after_chunks=2))
    async with gateway_process(tmp_path, upstream) as (process, client):
        async with client.stream(
            "POST", "/v1/chat/completions", json={**BODY, "stream": True}
        ) as answer:
            text = answer.aiter_text()
            seen = await anext(text)
            process.send_signal(signal.SIGTERM)
            await until(lambda: _refuses(answer))
            upstream.release()
            seen += "".join([piece async for piece in text])
        assert seen.endswith("data: [DONE]\n\n")
        async with asyncio.timeout(10):
            assert await process.wait() == 0
    [record] = spooled(tmp_path / "spool")
    assert record.outcome == "ok"


def _refuses(answer: httpx.Response) -> bool:
    """Tell whether the gateway that gives ``answer`` takes no further connection."""
    try:
        httpx.get(answer.url.copy_with(path="/healthz"), timeout=1)
    except httpx.ConnectError:
        return True
    return False


async def test_every_answer_that_a_client_saw_the_end_of_is_recorded_despite_kill_9(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    finished: list[str] = []

    async def call_until_it_dies(client: httpx.AsyncClient, *, stream: bool) -> None:
        while True:
            try:
                answer = await client.post("/v1/chat/completions", json={**BODY, "stream": stream})
            except httpx.TransportError:
                return
            assert answer.status_code == 200
            assert not stream or answer.text.endswith("data: [DONE]\n\n")
            finished.append(answer.headers["x-request-id"])

    async with gateway_process(tmp_path, upstream) as (process, client):
        callers = asyncio.gather(
            *(call_until_it_dies(client, stream=bool(number % 2)) for number in range(8))
        )
        await until(lambda: len(finished) >= 300, timeout_s=30)
        process.send_signal(signal.SIGKILL)
        await callers

    records = spooled(tmp_path / "spool")
    recorded = [each.request_id for each in records]
    assert len(recorded) == len(set(recorded))
    assert set(finished) <= set(recorded)
    # Nothing is lost or doubled by reading the spool again.
    assert [each.id for each in spooled(tmp_path / "spool")] == [each.id for each in records]


async def test_a_call_leaves_nothing_to_the_garbage_collector(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    body = json.dumps(BODY).encode()
    stream_body = json.dumps({**BODY, "stream": True}).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", stand.gateway.port)

    async def exchange(payload: bytes) -> None:
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {stand.key}"
            f"\r\ncontent-length: {len(payload)}\r\n\r\n"
        )
        writer.write(head.encode() + payload)
        async with asyncio.timeout(20):
            text = await reader.readuntil(b"\r\n\r\n")
            if b"chunked" in text:
                await reader.readuntil(b"0\r\n\r\n")
            else:
                length = text.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
                await reader.readexactly(int(length))

    for payload in (body, stream_body) * 3:
        await exchange(payload)
    gc.collect()
    gc.disable()
    try:
        for payload in (body, stream_body) * 50:
            await exchange(payload)
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        left = {f"{type(each).__module__}.{type(each).__name__}" for each in gc.garbage}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
        writer.close()
    assert {name for name in left if name.startswith("mainspring.gateway")} == set()
