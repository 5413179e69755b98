"""Spans reach a real collector, and no collector ever slows a request."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.wire.attributes import NameSet
from tests.fixtures.collector import Collector
from tests.fixtures.gateway import Stand, until

CHAT = {"model": "scripted", "messages": [{"role": "user", "content": "private words"}]}
PARENT = f"00-{'a' * 32}-{'b' * 16}-01"
UNSAMPLED = PARENT[:-1] + "0"


@pytest.fixture
async def collector(tmp_path: Path) -> AsyncIterator[Collector]:
    async with Collector(tmp_path) as running:
        yield running


@pytest.fixture
async def cold(tmp_path: Path, upstream: ScriptedUpstream) -> AsyncIterator[Stand]:
    """Return a stand that is not started yet."""
    stand = Stand(tmp_path, SnapshotBuilder())
    stand.key = stand.builder.add_key()
    stand.builder.add_model("scripted", stand.builder.add_upstream(upstream.url))
    yield stand
    await stand.close()


async def arrived(collector: Collector, count: int) -> list[dict[str, str]]:
    await until(lambda: len(collector.spans()) >= count, 10.0)
    return collector.spans()


async def test_a_call_is_a_server_span_with_a_client_span_below_it(
    cold: Stand, collector: Collector, upstream: ScriptedUpstream
) -> None:
    cold.configure(otlp_endpoint=collector.url, trace_ratio=0.0)
    await cold.start()
    answer = await cold.http().post(
        "/v1/chat/completions",
        json=CHAT,
        headers={"traceparent": PARENT, "tracestate": "vendor=1", "baggage": "tier=gold"},
    )
    server, client = await arrived(collector, 2)
    [record] = await cold.recorded()
    [request] = upstream.requests
    assert (server["Trace ID"], server["Parent ID"]) == ("a" * 32, "b" * 16)
    assert (client["Trace ID"], client["Parent ID"]) == ("a" * 32, server["ID"])
    assert request.headers["traceparent"] == f"00-{'a' * 32}-{client['ID']}-01"
    assert (request.headers["tracestate"], request.headers["baggage"]) == ("vendor=1", "tier=gold")
    assert (server["Name"], server["Kind"]) == ("POST /v1/chat/completions", "SPAN_KIND_SERVER")
    assert server["http.response.status_code"] == "Int(200)"
    assert server["mainspring.request.id"] == f"Str({answer.headers['x-request-id']})"
    assert server["mainspring.project.id"] == f"Str({record.project_id})"
    assert server["gen_ai.request.model"] == "Str(scripted)"
    assert (client["Name"], client["Kind"]) == ("chat scripted", "SPAN_KIND_CLIENT")
    assert client["gen_ai.operation.name"] == "Str(chat)"
    assert client["gen_ai.provider.name"] == "Str(openai)"
    assert client["server.address"] == "Str(127.0.0.1)"
    assert client["server.port"] == f"Int({upstream.port})"
    assert client["gen_ai.usage.input_tokens"] == f"Int({record.usage.input})"
    assert client["gen_ai.usage.output_tokens"] == f"Int({record.usage.output})"
    assert "Status code" not in client or "ERROR" not in client["Status code"]
    assert "private words" not in collector.told()
    assert cold.key not in collector.told()


async def test_each_attempt_has_a_span_and_an_upstream_that_knows_it(
    cold: Stand, collector: Collector, upstream: ScriptedUpstream
) -> None:
    second = cold.builder.add_upstream(upstream.url, "second")
    first = cold.builder.add_upstream(upstream.url, "first")
    cold.builder.add_model("twice", first, second)
    cold.configure(otlp_endpoint=collector.url, trace_ratio=1.0)
    await cold.start()
    upstream.then(Reply.failure(500), Reply())
    answer = await cold.http().post("/v1/chat/completions", json={**CHAT, "model": "twice"})
    assert answer.status_code == 200
    server, failed, answered = await arrived(collector, 3)
    told = [request.headers["traceparent"].split("-")[2] for request in upstream.requests]
    assert told == [failed["ID"], answered["ID"]]
    assert {failed["Parent ID"], answered["Parent ID"]} == {server["ID"]}
    assert failed["Status code"] == "STATUS_CODE_ERROR"
    assert (failed["error.type"], failed["mainspring.attempt.cause"]) == ("Str(500)", "Str(first)")
    assert answered["mainspring.attempt.cause"] == "Str(retry)"
    assert "gen_ai.usage.output_tokens" in answered
    assert "gen_ai.usage.output_tokens" not in failed


async def test_who_sampled_before_us_decides_and_failures_are_always_told(
    cold: Stand, collector: Collector, upstream: ScriptedUpstream
) -> None:
    cold.configure(otlp_endpoint=collector.url, trace_ratio=1.0)
    await cold.start()
    client = cold.http()
    await client.post("/v1/chat/completions", json=CHAT, headers={"traceparent": UNSAMPLED})
    upstream.then(Reply.failure(500))
    await client.post("/v1/chat/completions", json=CHAT, headers={"traceparent": UNSAMPLED})
    server, _ = await arrived(collector, 2)
    assert server["http.response.status_code"] == "Int(500)"
    assert [request.headers["traceparent"][-2:] for request in upstream.requests] == ["00", "00"]


@pytest.mark.parametrize(
    ("names", "there", "gone"),
    [
        ("current", {"gen_ai.provider.name"}, {"gen_ai.system", "gen_ai.usage.prompt_tokens"}),
        ("legacy", {"gen_ai.system", "gen_ai.usage.prompt_tokens"}, {"gen_ai.provider.name"}),
        ("both", {"gen_ai.system", "gen_ai.provider.name"}, set[str]()),
    ],
)
async def test_older_names_are_a_setting(
    cold: Stand, collector: Collector, names: str, there: set[str], gone: set[str]
) -> None:
    cold.configure(otlp_endpoint=collector.url, trace_ratio=1.0, trace_names=NameSet(names))
    await cold.start()
    await cold.http().post("/v1/chat/completions", json=CHAT)
    _, client = await arrived(collector, 2)
    assert there <= client.keys()
    assert not gone & client.keys()


class Receiver:
    """A collector that behaves badly: it answers ``status``, or nothing at all."""

    def __init__(self) -> None:
        self.status: int | None = 200
        self.headers: list[str] = []
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.headers.append(head)
                length = int(head.lower().partition("content-length: ")[2].partition("\r\n")[0])
                await reader.readexactly(length)
                if self.status is None:
                    await asyncio.Event().wait()
                writer.write(f"HTTP/1.1 {self.status} X\r\ncontent-length: 0\r\n\r\n".encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    await made.start()
    yield made
    await made.close()


async def served(stand: Stand, count: int) -> float:
    """Return how long the slowest of some requests took."""
    slowest = 0.0
    client = stand.http()
    for _ in range(count):
        began = time.monotonic()
        answer = await client.post("/v1/chat/completions", json=CHAT)
        slowest = max(slowest, time.monotonic() - began)
        assert answer.status_code == 200
    return slowest


@pytest.mark.parametrize("state", ["silent", "refusing", "away"])
async def test_a_collector_that_fails_slows_nothing(
    cold: Stand, receiver: Receiver, state: str
) -> None:
    receiver.status = None if state == "silent" else 503
    if state == "away":
        await receiver.close()
    cold.configure(
        otlp_endpoint=f"http://127.0.0.1:{receiver.port}",
        otlp_headers="x-api-key=a%2Cb",
        trace_ratio=1.0,
    )
    await cold.start()
    assert await served(cold, 20) < 2.0
    if state != "away":
        await until(lambda: bool(receiver.headers))
        assert "x-api-key: a,b\r\n" in receiver.headers[0]
        assert await served(cold, 20) < 2.0


async def test_spans_wait_for_a_collector_that_comes_back(cold: Stand, receiver: Receiver) -> None:
    receiver.status = 503
    cold.configure(otlp_endpoint=f"http://127.0.0.1:{receiver.port}", trace_ratio=1.0)
    await cold.start()
    await served(cold, 3)
    await until(lambda: len(receiver.headers) >= 1)
    receiver.status = 200
    count = len(receiver.headers)
    await until(lambda: len(receiver.headers) > count)
    assert dropped(await metrics(cold)) == 0


async def test_what_a_collector_refuses_for_good_is_counted(
    cold: Stand, receiver: Receiver
) -> None:
    receiver.status = 400
    cold.configure(otlp_endpoint=f"http://127.0.0.1:{receiver.port}", trace_ratio=1.0)
    await cold.start()
    await served(cold, 1)
    await until(lambda: bool(receiver.headers))
    async with asyncio.timeout(5):
        while dropped(await metrics(cold)) != 2:  # noqa: ASYNC110 - metrics have no event
            await asyncio.sleep(0.02)


async def metrics(stand: Stand) -> str:
    return (await stand.http().get("/metrics")).text


def dropped(text: str) -> int:
    [line] = [each for each in text.splitlines() if 'kind="exported_spans"' in each]
    return int(line.rpartition(" ")[2])
