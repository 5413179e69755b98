"""What streams: the snapshot to gateways, the playground through one, and control's own outages."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from pathlib import Path

import httpx
import psycopg
from psycopg import sql

from mainspring.infra.db.dsn import libpq_url, sqlalchemy_url
from mainspring.kernel.clock import SystemClock
from mainspring.snapshot.frame import Frame
from mainspring.snapshot.table import SnapshotTable
from mainspring.wire.delegation import DelegatedIdentity, verify_delegated_token
from tests.fixtures.collector import Collector
from tests.fixtures.control import (
    PASSWORD,
    Served,
    batch_of,
    control_settings,
    serving,
    until,
    usage_record,
)


async def test_a_gateway_gets_a_base_then_what_changes_within_moments(served: Served) -> None:
    table = SnapshotTable()
    first_key = served.settings.first_key_file.read_text().strip()
    async with (
        served.frames() as frames,
        httpx.AsyncClient(base_url=served.url, headers=served.admin()) as admin,
    ):
        base = await anext(frames)
        assert base is not None
        assert base.since is None
        table.apply(base)
        known = table.find_key(first_key)
        assert known is not None
        path = f"/api/v1/projects/{known.project_id}/keys"
        created = (await admin.post(path, json={"name": "second"})).json()
        await _follow(table, frames, lambda: table.find_key(created["secret"]) is not None)
        await admin.delete(f"/api/v1/keys/{created['id']}")
        await _follow(table, frames, lambda: table.find_key(created["secret"]) is None)

    # A gateway that comes back gets what it missed, and first of all a sign of life.
    await _rename(served, "Renamed")
    async with served.frames(since=table.version) as frames:
        delta = await anext(frames)
        assert delta is not None
        assert delta.since == table.version
        table.apply(delta)
        assert [each.name for each in table.organizations.values()] == ["Renamed"]
        assert await anext(frames) is None
    async with served.frames(since=table.version) as frames:
        assert await anext(frames) is None


async def test_a_gateway_from_a_lost_future_gets_a_base(served: Served) -> None:
    async with served.frames(since=1_000_000) as frames:
        frame = await anext(frames)
        while frame is None:
            frame = await anext(frames)
        assert frame.since is None


async def test_control_rides_out_the_loss_of_its_database(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url, timeout=15) as client:

        async def status(path: str) -> int:
            return (await client.get(path, headers=served.admin())).status_code

        record = batch_of(usage_record("org_1", "prj_1"))
        with _unreachable(served.settings.database_url):
            await until(lambda: _is(status("/readyz"), 503))
            refused = await client.get("/api/v1/organizations", headers=served.admin())
            assert (refused.status_code, refused.json()["code"]) == (503, "database_unavailable")
            assert refused.headers["retry-after"]
            kept = await client.post(
                "/internal/v1/records", content=record, headers=served.internal()
            )
            assert (kept.status_code, kept.json()["code"]) == (503, "database_unavailable")
            assert await status("/healthz") == 200
        await until(lambda: _is(status("/readyz"), 200))
        delivered = await client.post(
            "/internal/v1/records", content=record, headers=served.internal()
        )
        assert delivered.status_code == 200
        assert await status("/api/v1/organizations") == 200
        # The feeds found their way back as well.
        table = SnapshotTable()
        async with served.frames() as frames:
            base = await anext(frames)
            assert base is not None
            table.apply(base)
            await _rename(served, "After the outage")
            await _follow(
                table,
                frames,
                lambda: "After the outage" in {each.name for each in table.organizations.values()},
            )


async def test_control_waits_for_a_database_that_is_not_there_yet(
    empty_database_dsn: str, tmp_path: Path
) -> None:
    async def end_the_outage(url: str) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=15) as client:

            async def waits() -> bool:
                try:
                    answer = await client.get("/api/v1/setup")
                except httpx.ConnectError:
                    return False
                assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
                ready = await client.get("/readyz")
                return ready.status_code == 503 and "database" in ready.text

            await until(waits)
            assert (await client.get("/healthz")).status_code == 200

    with contextlib.ExitStack() as outage:
        outage.enter_context(_unreachable(empty_database_dsn))
        settings = control_settings(tmp_path / "home", empty_database_dsn)
        async with asyncio.TaskGroup() as group:

            async def start() -> None:
                async with (
                    serving(settings, on_port=port.set_result) as served,
                    httpx.AsyncClient(base_url=served.url) as client,
                ):
                    assert (await client.get("/readyz")).status_code == 200

            port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            group.create_task(start())
            await end_the_outage(f"http://127.0.0.1:{await port}")
            outage.close()


async def test_the_playground_calls_the_gateway_in_the_persons_name(
    empty_database_dsn: str, tmp_path: Path
) -> None:
    async with _gateway() as gateway:
        settings = control_settings(tmp_path / "home", empty_database_dsn, gateway_url=gateway.url)
        async with serving(settings) as served, _administrator(served) as browser:
            user_id = (await browser.get("/api/v1/sessions/current")).json()["user"]["id"]
            body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": True}
            pieces: list[str] = []
            async with browser.stream(
                "POST", "/api/v1/playground/chat/completions", json=body
            ) as answer:
                assert answer.status_code == 200
                assert answer.headers["content-type"] == "text/event-stream"
                assert answer.headers["x-mainspring-call"] == "req_1"
                async for line in answer.aiter_lines():
                    if line:
                        pieces.append(line)
                        gateway.go_on.set()
            assert pieces == ["data: one", "data: two"]
            token = gateway.authorization.removeprefix("Bearer ")
            secret = settings.internal_token_file.read_text().strip().encode()
            now = SystemClock().now().timestamp()
            identity = verify_delegated_token(token, secret, now=now)
            assert identity == DelegatedIdentity(
                org_id=identity.org_id,
                project_id=identity.project_id,
                actor_id=user_id,
                expires_at=identity.expires_at,
            )
            assert identity.project_id.startswith("prj_")
            assert identity.expires_at - now <= 300
            assert json.loads(gateway.body) == body
            assert gateway.path == "/v1/chat/completions"
            for call in ("embeddings", "rerank"):
                answer = await browser.post(f"/api/v1/playground/{call}", json={"model": "m"})
                assert answer.status_code == 200
                assert gateway.path == f"/v1/{call}"
                token = gateway.authorization.removeprefix("Bearer ")
                assert verify_delegated_token(token, secret, now=now).actor_id == user_id


async def test_requests_are_spans_and_the_gateway_goes_on_with_their_trace(
    database_dsn: str, tmp_path: Path
) -> None:
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    unsampled = parent[:-1] + "0"
    async with _gateway() as gateway, Collector(tmp_path) as collector:
        gateway.go_on.set()
        settings = control_settings(
            tmp_path / "home",
            database_dsn,
            gateway_url=gateway.url,
            otlp_endpoint=collector.url,
            trace_ratio=0.0,
        )
        async with serving(settings) as served, _administrator(served) as browser:
            path = "/api/v1/playground/rerank"
            body = {"model": "m", "query": "private words"}
            answer = await browser.post(path, json=body, headers={"traceparent": unsampled})
            assert (gateway.parent or "").endswith("-00")
            answer = await browser.post(path, json=body, headers={"traceparent": parent})
            assert answer.status_code == 200
            missing = "/api/v1/models/mod_nobody"
            await browser.get(missing, headers={"traceparent": parent})
            await browser.get(missing)
            async with httpx.AsyncClient(base_url=served.url, headers=served.internal()) as part:
                asked = await part.get("/internal/v1/batches", headers={"traceparent": parent})
                assert asked.status_code == 401  # in nobody's name

            async def told() -> bool:
                return len(collector.spans()) >= 3

            await until(told)
            passed_on = gateway.parent
        call, absent, listed = collector.spans()
        assert {each["Trace ID"] for each in (call, absent, listed)} == {"a" * 32}
        assert {each["Parent ID"] for each in (call, absent, listed)} == {"b" * 16}
        assert passed_on == f"00-{'a' * 32}-{call['ID']}-01"
        assert (call["Name"], call["Kind"]) == (f"POST {path}", "SPAN_KIND_SERVER")
        assert call["http.response.status_code"] == "Int(200)"
        assert call["mainspring.request.id"] == f"Str({answer.headers['x-request-id']})"
        # Whoever asks for something: the name is the route's, and what was refused is no failure.
        assert absent["Name"] == "GET /api/v1/models/{model_id}"
        assert absent["http.response.status_code"] == "Int(404)"
        assert "ERROR" not in absent.get("Status code", "")
        assert listed["Name"] == "GET /internal/v1/batches"
        secret = settings.internal_token_file.read_text().strip()
        assert [
            word for word in ("private words", "mod_nobody", secret) if word in collector.told()
        ] == []


async def test_a_browser_that_leaves_ends_the_call_at_the_gateway(
    empty_database_dsn: str, tmp_path: Path
) -> None:
    async with _gateway() as gateway:
        settings = control_settings(tmp_path / "home", empty_database_dsn, gateway_url=gateway.url)
        async with serving(settings) as served, _administrator(served) as browser:
            async with browser.stream(
                "POST", "/api/v1/playground/chat/completions", json={"model": "m", "messages": []}
            ) as answer:
                assert await anext(answer.aiter_lines()) == "data: one"
            async with asyncio.timeout(5):
                await gateway.left.wait()


async def test_the_playground_says_that_the_gateway_is_away(served: Served) -> None:
    async with _administrator(served) as browser:
        answer = await browser.post(
            "/api/v1/playground/chat/completions", json={"model": "m", "messages": []}
        )
    assert (answer.status_code, answer.json()["code"]) == (502, "gateway_unreachable")


class _Gateway:
    """A gateway that says one thing, and the next once it is told to."""

    def __init__(self) -> None:
        self.url = ""
        self.authorization = ""
        self.parent: str | None = None
        self.body = b""
        self.path = ""
        self.go_on = asyncio.Event()
        self.left = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.path = head.split(" ", 2)[1]
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        lower = {name.lower(): value for name, value in headers.items()}
        self.authorization = lower["authorization"]
        self.parent = lower.get("traceparent")
        self.body = await reader.readexactly(int(lower["content-length"]))
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: req_1\r\n"
            b"transfer-encoding: chunked\r\n\r\nb\r\ndata: one\n\n\r\n"
        )
        gone = asyncio.get_running_loop().create_task(reader.read())
        told = asyncio.get_running_loop().create_task(self.go_on.wait())
        await asyncio.wait({gone, told}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            self.left.set()
        else:
            writer.write(b"b\r\ndata: two\n\n\r\n0\r\n\r\n")
        for task in (gone, told):
            task.cancel()
        await asyncio.gather(gone, told, return_exceptions=True)
        writer.close()


@contextlib.asynccontextmanager
async def _gateway() -> AsyncGenerator[_Gateway]:
    gateway = _Gateway()
    server = await asyncio.start_server(gateway.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        gateway.url = f"http://127.0.0.1:{port}"
        yield gateway


@contextlib.asynccontextmanager
async def _administrator(served: Served) -> AsyncGenerator[httpx.AsyncClient]:
    token = served.settings.setup_link_file.read_text().strip().partition("#token=")[2]
    async with httpx.AsyncClient(base_url=served.url, timeout=15) as client:
        answer = await client.post(
            "/api/v1/setup",
            json={
                "token": token,
                "email": "ada@example.com",
                "name": "Ada",
                "password": PASSWORD,
            },
        )
        assert answer.status_code == 201, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield client


@contextlib.contextmanager
def _unreachable(dsn: str) -> Generator[None]:
    """Make the database refuse connections, and end those there are, for the block's length."""
    url = sqlalchemy_url(dsn)
    admin = libpq_url(url.set(database="postgres").render_as_string(hide_password=False))
    name = sql.Identifier(url.database or "")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [url.database],
        )
        try:
            yield
        finally:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


async def _follow(
    table: SnapshotTable, frames: AsyncGenerator[Frame | None], done: Callable[[], bool]
) -> None:
    async with asyncio.timeout(10):
        while not done():
            frame = await anext(frames)
            if frame is not None:
                table.apply(frame)


async def _rename(served: Served, name: str) -> None:
    async with httpx.AsyncClient(base_url=served.url, headers=served.admin()) as admin:
        [organization] = (await admin.get("/api/v1/organizations")).json()["items"]
        answer = await admin.patch(
            f"/api/v1/organizations/{organization['id']}", json={"name": name}
        )
        assert answer.status_code == 200


async def _is(status: Awaitable[int], expected: int) -> bool:
    return await status == expected
