"""nginx and Envoy as shipped: HTTP/2 from the official client, streams as they come, WebSockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import openai
import pytest
from openai import AsyncOpenAI
from websockets.asyncio.client import connect

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.networks import Networks
from mainspring.gateway.http.server import Entrance, HttpServer
from mainspring.snapshot.resources import Limits
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.interaction.proxies.conftest import Front, before

BODY = {"model": "scripted", "messages": [{"role": "user", "content": "three words here"}]}


@pytest.fixture
async def http2(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client that speaks HTTP/2 and nothing else."""
    async with httpx.AsyncClient(
        base_url=front.url,
        verify=front.trust,
        http1=False,
        http2=True,
        headers={"authorization": f"Bearer {front.stand.key}"},
        timeout=20,
    ) as client:
        yield client


async def test_the_official_client_streams_over_http_2(
    front: Front, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(tokens=6, stall_after_chunks=3))
    versions: list[str] = []

    async def note(response: object) -> None:
        versions.append(getattr(response, "http_version", ""))

    http = openai.DefaultAsyncHttpxClient(
        verify=front.trust, http2=True, event_hooks={"response": [note]}
    )
    async with AsyncOpenAI(
        base_url=f"{front.url}/v1", api_key=front.stand.key, http_client=http, max_retries=0
    ) as client:
        stream = await client.chat.completions.create(
            model="scripted", messages=[{"role": "user", "content": "hi"}], stream=True
        )
        pieces = aiter(stream)
        # The upstream stalls in the middle: what it has said must be here all the same.
        async with asyncio.timeout(5):
            early = [await anext(pieces) for _ in range(3)]
        upstream.release()
        late = [piece async for piece in pieces]
    assert versions == ["HTTP/2"]
    text = "".join(
        piece.choices[0].delta.content or "" for piece in (*early, *late) if piece.choices
    )
    assert len(text.split()) == 6
    [record] = await front.stand.recorded()
    assert (record.outcome, record.usage.output) == ("ok", 6)


async def test_many_calls_share_one_connection(front: Front, http2: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(http2.post("/v1/chat/completions", json=BODY) for _ in range(40))
    )
    assert {(answer.status_code, answer.http_version) for answer in answers} == {(200, "HTTP/2")}
    await front.stand.recorded(40)


async def test_a_client_that_leaves_ends_the_call_upstream(
    front: Front, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(tokens=50, stall_after_chunks=2))
    async with (
        httpx.AsyncClient(
            base_url=front.url,
            verify=front.trust,
            http2=True,
            headers={"authorization": f"Bearer {front.stand.key}"},
        ) as client,
        client.stream("POST", "/v1/chat/completions", json={**BODY, "stream": True}) as answer,
    ):
        await anext(answer.aiter_text())
    [record] = await front.stand.recorded()
    assert record.outcome == "client_closed"


async def test_refusals_come_through_as_they_are(front: Front, http2: httpx.AsyncClient) -> None:
    key = front.stand.builder.add_key(limits=Limits(requests_per_day=1))
    front.stand.update()
    headers = {"authorization": f"Bearer {key}"}
    assert (await http2.post("/v1/chat/completions", json=BODY, headers=headers)).status_code == 200
    refused = await http2.post("/v1/chat/completions", json=BODY, headers=headers)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "rate_limit_exceeded"
    assert int(refused.headers["retry-after"]) > 0
    unknown = await http2.get("/v1/nothing")
    assert unknown.json()["error"]["code"] == "route_not_found"


async def test_nothing_but_the_api_is_shown(front: Front, http2: httpx.AsyncClient) -> None:
    del front
    for path in ("/", "/metrics", "/healthz", "/readyz", "/v1", "/v1/../metrics", "/internal/v1/x"):
        answer = await http2.get(path)
        assert answer.status_code == 404, path
        assert b"mainspring_gateway" not in answer.content, path


async def test_a_chat_over_a_websocket(front: Front) -> None:
    async with connect(
        front.url.replace("https", "wss") + "/v1/chat/ws",
        ssl=front.trust,
        additional_headers={"authorization": f"Bearer {front.stand.key}"},
        proxy=None,
    ) as socket:
        await socket.send(json.dumps({"type": "chat.create", "id": "a", "request": BODY}))
        kinds: list[str] = []
        async with asyncio.timeout(10):
            while not kinds or kinds[-1] == "chat.chunk":
                kinds.append(json.loads(await socket.recv())["type"])
    assert kinds[0] == "chat.chunk"
    assert kinds[-1] == "chat.done"


async def test_clients_cannot_claim_another_address(proxy: str, tmp_path: Path) -> None:
    async def tell_peer(exchange: Exchange) -> None:
        exchange.respond(200, exchange.peer.encode(), content_type=b"text/plain")

    server = HttpServer()
    trusting = Entrance(forwarded_by=Networks.parse("127.0.0.1"))
    await server.start(tell_peer, "127.0.0.1", 0, entrance=trusting)
    async with (
        before(proxy, server.port, tmp_path) as (port, trust),
        httpx.AsyncClient(base_url=f"https://127.0.0.1:{port}", verify=trust) as client,
    ):
        for claim in ("203.0.113.7", "203.0.113.7, 127.0.0.1"):
            answer = await client.get("/v1/peer", headers={"x-forwarded-for": claim})
            assert answer.text == "127.0.0.1"
    await server.drain(1)
