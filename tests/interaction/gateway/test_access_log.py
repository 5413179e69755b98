"""One line for every request, whatever becomes of it, and nothing that is nobody's business."""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import socket
import struct
import sys
import termios
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mainspring.app.ports import choose_port
from mainspring.snapshot.resources import Limits
from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand, until

SECRET_WORDS = "the-contents-of-a-prompt"
CHAT = {"model": "scripted", "messages": [{"role": "user", "content": SECRET_WORDS}]}
LONG_PATH = "/v1/models/" + "x" * 1000
"""A hundred lines of it are far more than the 64 kB that a pipe holds."""


class Logged:
    """A gateway that writes an access log, and the lines of it."""

    def __init__(self, stand: Stand, path: Path) -> None:
        self.stand = stand
        self.path = path

    def text(self) -> str:
        return self.path.read_text("utf-8") if self.path.exists() else ""

    async def lines(self, count: int) -> list[dict[str, Any]]:
        await until(lambda: self.text().count("\n") >= count)
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture
async def logged(tmp_path: Path, upstream: ScriptedUpstream) -> AsyncIterator[Logged]:
    stand = Stand(tmp_path, SnapshotBuilder())
    stand.key = stand.builder.add_key()
    stand.builder.add_model("scripted", stand.builder.add_upstream(upstream.url))
    path = tmp_path / "logs" / "access.log"
    stand.configure(access_log=str(path))
    await stand.start()
    yield Logged(stand, path)
    await stand.close()


async def test_probes_that_find_all_well_leave_no_lines(logged: Logged) -> None:
    client = logged.stand.http()
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await client.get(path)).status_code == 200
    assert (await client.post("/readyz")).status_code >= 400
    assert (await client.get("/v1/models")).status_code == 200
    lines = await logged.lines(2)
    assert [line["path"] for line in lines] == ["/readyz", "/v1/models"]


async def test_a_line_tells_who_asked_for_what_and_how_it_went(logged: Logged) -> None:
    answer = await logged.stand.http().post(
        "/v1/chat/completions?hidden=1", json=CHAT, headers={"x-trace-id": "order.7"}
    )
    [line] = await logged.lines(1)
    [record] = await logged.stand.recorded()
    told = {name: line[name] for name in line if name not in {"at", "duration_ms", "ttft_ms"}}
    assert told == {
        "level": "info",
        "logger": "access",
        "message": "POST /v1/chat/completions 200",
        "method": "POST",
        "path": "/v1/chat/completions",
        "status": 200,
        "outcome": "ok",
        "bytes_in": len(answer.request.content),
        "bytes_out": len(answer.content),
        "request_id": answer.headers["x-request-id"],
        "trace_id": "order.7",
        "org_id": record.org_id,
        "project_id": record.project_id,
        "key_id": record.key_id,
        "actor_id": record.actor_id,
        "operation": "chat",
        "model": "scripted",
        "upstream_id": record.upstream_id,
        "upstream_model": "scripted",
        "attempts": 1,
        "input_tokens": record.usage.input,
        "output_tokens": record.usage.output,
    }
    assert 0 < line["ttft_ms"] <= line["duration_ms"]


async def test_neither_contents_nor_secrets_are_ever_in_it(
    logged: Logged, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content="an answer of its own"))
    client = logged.stand.http()
    await client.post("/v1/chat/completions?key=in-the-query", json=CHAT)
    await client.post(
        "/v1/chat/completions", json=CHAT, headers={"authorization": "Bearer msk-not-a-key"}
    )
    await logged.lines(2)
    for word in (SECRET_WORDS, "an answer", "in-the-query", logged.stand.key, "msk-not-a-key"):
        assert word not in logged.text()


async def test_a_stream_counts_what_the_client_got(logged: Logged) -> None:
    async with logged.stand.http().stream(
        "POST", "/v1/chat/completions", json={**CHAT, "stream": True}
    ) as answer:
        got = sum([len(piece) async for piece in answer.aiter_raw()])
    [line] = await logged.lines(1)
    assert (line["stream"], line["status"], line["bytes_out"]) == (True, 200, got)


async def test_a_stream_to_an_old_client_is_counted_once(
    logged: Logged, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content="one two three four", chunk_interval_s=0.01))
    body = json.dumps({**CHAT, "stream": True}).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.0\r\nhost: x\r\nauthorization: Bearer"
        f" {logged.stand.key}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", logged.stand.gateway.port)
    writer.write(head.encode() + body)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    [line] = await logged.lines(1)
    assert line["bytes_out"] == len(answer.partition(b"\r\n\r\n")[2])


async def test_refusals_are_told_with_their_code_and_their_caller_if_known(logged: Logged) -> None:
    builder = logged.stand.builder
    limited = builder.add_key(limits=Limits(requests_per_minute=1))
    logged.stand.update()
    client = logged.stand.http()
    for key in (limited, limited, "msk-not-a-key"):
        await client.post(
            "/v1/chat/completions", json=CHAT, headers={"authorization": f"Bearer {key}"}
        )
    await client.post("/v1/chat/completions", content=b"{")
    await client.get("/v1/nothing")
    await client.get("/v1/models")
    served, over, unknown, broken, missing, models = await logged.lines(6)
    assert (over["status"], over["outcome"], over["key_id"]) == (
        429,
        "rate_limit_exceeded",
        served["key_id"],
    )
    assert (unknown["status"], "org_id" in unknown) == (401, False)
    assert (broken["status"], broken["outcome"]) == (400, "malformed_json")
    assert (missing["status"], missing["path"]) == (404, "/v1/nothing")
    assert (models["status"], models["request_id"][:4]) == (200, "req_")


async def test_a_client_that_leaves_is_told_of(logged: Logged, upstream: ScriptedUpstream) -> None:
    upstream.then(Reply(stall_before_headers=True))
    body = json.dumps(CHAT).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {logged.stand.key}"
        f"\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", logged.stand.gateway.port)) as line:
        line.sendall(head.encode() + body)
        await until(lambda: len(upstream.requests) == 1)
    [told] = await logged.lines(1)
    assert (told["status"], told["outcome"], told["bytes_out"]) == (0, "client_closed", 0)


async def test_a_file_that_was_moved_away_is_opened_anew(logged: Logged) -> None:
    client = logged.stand.http()
    await client.get("/v1/models")
    await logged.lines(1)
    logged.path.rename(logged.path.with_suffix(".moved"))
    await client.get("/v1/models")
    assert len(await logged.lines(1)) == 1


async def test_a_log_that_nobody_reads_costs_lines_and_no_request(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    stand = Stand(tmp_path, SnapshotBuilder())
    stand.key = stand.builder.add_key()
    stand.builder.add_model("scripted", stand.builder.add_upstream(upstream.url))
    stand.configure(access_log=str(fifo))
    await stand.start()
    try:
        client = stand.http()
        for _ in range(200):
            await client.get(LONG_PATH)
        await until(lambda: _is_full(reader))
        async with asyncio.timeout(2):
            answer = await client.post("/v1/chat/completions", json=CHAT)
        assert answer.status_code == 200
    finally:
        os.close(reader)
        await stand.close()


async def test_a_pipe_that_is_read_later_gets_the_lines_from_then_on(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    stand = Stand(tmp_path, SnapshotBuilder())
    stand.key = stand.builder.add_key()
    stand.builder.add_model("scripted", stand.builder.add_upstream(upstream.url))
    stand.configure(access_log=str(fifo))
    await stand.start()
    try:
        client = stand.http()
        await client.get("/v1/unread")

        async def dropped() -> int:
            return _dropped((await client.get("/metrics")).text)

        async with asyncio.timeout(5):
            while await dropped() < 1:
                pass
        reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        try:
            await client.get("/v1/read")
            got = b""

            def read() -> bool:
                nonlocal got
                with contextlib.suppress(BlockingIOError):
                    got += os.read(reader, 65_536)
                return b"/v1/read" in got

            await until(read)
        finally:
            os.close(reader)
        assert b"/v1/unread" not in got
    finally:
        await stand.close()


async def test_a_log_that_nobody_reads_does_not_hold_up_the_end(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    builder = SnapshotBuilder()
    key = builder.add_key()
    builder.add_model("scripted", builder.add_upstream(upstream.url))
    (tmp_path / "gateway").mkdir()
    builder.write(tmp_path / "gateway" / "snapshot.bin")
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    port = choose_port("gateway", "127.0.0.1", 0, reserved=()).chosen
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mainspring.app.cli.main", "serve", "gateway",
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "MAINSPRING_HOME": str(tmp_path),
            "MAINSPRING_CONTROL_URL": "http://127.0.0.1:9",
            "MAINSPRING_GATEWAY_PORT": str(port),
            "MAINSPRING_ACCESS_LOG": str(fifo),
        },
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        headers = {"authorization": f"Bearer {key}"}
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=20) as client:
            async with asyncio.timeout(30):
                while not await _answers(client):  # noqa: ASYNC110 - another process has no event
                    await asyncio.sleep(0.05)
            for _ in range(200):
                assert (await client.get(LONG_PATH)).status_code == 404
        await until(lambda: _is_full(reader), 30)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            assert await process.wait() == 0
    finally:
        os.close(reader)
        if process.returncode is None:
            process.kill()
            await process.wait()


def _is_full(pipe: int) -> bool:
    held = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]
    return held > 0.9 * fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).status_code == 200
    except httpx.TransportError:
        return False


def _dropped(metrics: str) -> int:
    [line] = [each for each in metrics.splitlines() if 'dropped_total{kind="log_lines"}' in each]
    return int(line.rpartition(" ")[2])


async def test_a_full_disk_costs_lines_that_are_counted_and_no_request(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    stand = Stand(tmp_path, SnapshotBuilder())
    stand.key = stand.builder.add_key()
    stand.builder.add_model("scripted", stand.builder.add_upstream(upstream.url))
    stand.configure(access_log="/dev/full")
    await stand.start()
    try:
        client = stand.http()
        for _ in range(3):
            answer = await client.post("/v1/chat/completions", json=CHAT)
            assert answer.status_code == 200

        async def dropped() -> int:
            return _dropped((await client.get("/metrics")).text)

        async with asyncio.timeout(5):
            while await dropped() < 3:
                pass  # each look is a request of its own; lines are written in the background
        assert (await client.post("/v1/chat/completions", json=CHAT)).status_code == 200
    finally:
        await stand.close()
