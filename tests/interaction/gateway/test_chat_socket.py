"""G1, U3: chats over one WebSocket, by the same pipeline as over HTTP."""

import asyncio
import base64
import json
import os
import socket as sockets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from mainspring.snapshot.resources import ApiKey, Limits
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand, until

CHUNKS = "chat.chunk"


class Device:
    """A client of the chat stream."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: object) -> None:
        """Send one message."""
        await self.connection.send(msgspec.json.encode(message).decode())

    async def ask(self, chat_id: str, words: str = "hello there", **more: object) -> None:
        """Begin a chat."""
        request = {"model": "scripted", "messages": [{"role": "user", "content": words}], **more}
        await self.send(type="chat.create", id=chat_id, request=request)

    async def next(self) -> dict[str, Any]:
        """Return the next message."""
        async with asyncio.timeout(10):
            return msgspec.json.decode(await self.connection.recv())

    async def until_end(self, chat_id: str) -> tuple[str, dict[str, Any]]:
        """Return the text of a chat and its last message; others' messages are skipped."""
        text = ""
        while True:
            message = await self.next()
            if message["id"] != chat_id:
                continue
            if message["type"] != CHUNKS:
                return text, message
            for choice in message["chunk"]["choices"]:
                text += choice["delta"].get("content") or ""

    async def closed(self) -> tuple[int, str]:
        """Wait for the server's farewell."""
        async with asyncio.timeout(10):
            await self.connection.wait_closed()
        return self.connection.close_code or 0, self.connection.close_reason or ""


@asynccontextmanager
async def device(
    stand: Stand,
    *,
    subprotocols: list[str] | None = None,
    origin: str | None = None,
    max_queue: int = 16,
) -> AsyncGenerator[Device]:
    """Connect, with the stand's key in a header if there are no subprotocols to show it."""
    headers = {} if subprotocols else {"authorization": f"Bearer {stand.key}"}
    if origin is not None:
        headers["origin"] = origin
    spoken = None if subprotocols is None else [Subprotocol(each) for each in subprotocols]
    url = stand.url.replace("http:", "ws:") + "/v1/chat/ws"
    async with connect(
        url, additional_headers=headers, subprotocols=spoken, max_queue=max_queue, proxy=None
    ) as connection:
        yield Device(connection)


async def test_a_chat_streams_and_tells_its_usage(stand: Stand, upstream: ScriptedUpstream) -> None:
    upstream.then(Reply(content="good morning to you"))
    async with device(stand) as client:
        await client.ask("one")
        text, end = await client.until_end("one")
    assert text == "good morning to you"
    assert (end["type"], end["status"]) == ("chat.done", "completed")
    assert end["usage"]["completion_tokens"] == 4
    [record] = await stand.recorded()
    assert (record.operation, record.outcome, record.stream) == ("chat", "ok", True)
    assert (record.usage.input, record.usage.output) == (2, 4)
    assert record.request_id == end["request_id"]
    [request] = upstream.requests
    assert request.json()["stream_options"] == {"include_usage": True}


async def test_a_whole_answer_comes_in_one_message(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content="all at once"))
    async with device(stand) as client:
        await client.ask("one", stream=False)
        end = await client.next()
    assert end["type"] == "chat.done"
    assert end["completion"]["choices"][0]["message"]["content"] == "all at once"
    assert end["usage"] == end["completion"]["usage"]
    assert not (await stand.recorded())[0].stream


async def test_chats_run_side_by_side_and_one_after_the_other(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content="slow one", stall_after_chunks=2), Reply(content="quick one"))
    async with device(stand) as client:
        await client.ask("slow")
        await upstream.received(1)
        await client.ask("quick")
        assert (await client.until_end("quick"))[0] == "quick one"
        upstream.release()
        assert (await client.until_end("slow"))[0].endswith("one")
        await client.ask("slow")
        assert (await client.until_end("slow"))[1]["type"] == "chat.done"
    assert len(await stand.recorded(3)) == 3


async def test_a_cancelled_chat_stops_its_upstream_and_leaves_the_others(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(stall_after_chunks=2))
    async with device(stand) as client:
        await client.ask("one")
        [request] = await upstream.received(1)
        await client.next()
        await client.send(type="chat.cancel", id="one")
        _, end = await client.until_end("one")
        assert (end["type"], end["status"]) == ("chat.done", "cancelled")
        await request.wait_settled()
        assert request.client_closed
        await client.send(type="chat.cancel", id="one")  # too late, and no error
        await client.ask("two")
        assert (await client.until_end("two"))[1]["status"] == "completed"
    first, second = await stand.recorded(2)
    assert (first.outcome, second.outcome) == ("client_closed", "ok")


async def test_the_clients_departure_stops_every_chat(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply(stall_after_chunks=1)
    async with device(stand) as client:
        await client.ask("one")
        await client.ask("two")
        requests = await upstream.received(2)
        client.connection.transport.abort()
        for request in requests:
            await request.wait_settled()
            assert request.client_closed
    records = await stand.recorded(2)
    assert {each.outcome for each in records} == {"client_closed"}


@pytest.mark.parametrize("prefix", ["mainspring.key.", "openai-insecure-api-key."])
async def test_a_key_may_be_shown_as_a_subprotocol_and_is_never_echoed(
    stand: Stand, upstream: ScriptedUpstream, prefix: str
) -> None:
    async with device(stand, subprotocols=["mainspring.chat.v1", prefix + stand.key]) as client:
        assert client.connection.subprotocol == "mainspring.chat.v1"
        response = client.connection.response
        assert response is not None
        assert stand.key not in str(response.headers)
        await client.ask("one")
        assert (await client.until_end("one"))[1]["type"] == "chat.done"
    assert "sec-websocket-protocol" not in upstream.requests[0].headers


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"subprotocols": ["mainspring.chat.v1"]}, 401),
        ({"subprotocols": ["mainspring.chat.v1", "mainspring.key.wrong"]}, 401),
        ({"origin": "https://elsewhere.example"}, 403),
    ],
)
async def test_who_may_not_enter_is_told_before_the_switch(
    stand: Stand, options: dict[str, Any], status: int
) -> None:
    with pytest.raises(InvalidStatus) as raised:
        async with device(stand, **options):
            pass
    assert raised.value.response.status_code == status


async def test_a_key_in_the_query_is_not_read(stand: Stand) -> None:
    url = stand.url.replace("http:", "ws:") + f"/v1/chat/ws?api_key={stand.key}&key={stand.key}"
    with pytest.raises(InvalidStatus) as raised:
        await connect(url, proxy=None)
    assert raised.value.response.status_code == 401


async def test_pages_of_an_allowed_origin_and_of_our_own_may_enter(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    await stand.gateway.stop(0.5)
    stand.configure(cors_origins="https://app.example")
    await stand.start()
    for origin in ("https://app.example", stand.url):
        async with device(stand, origin=origin) as client:
            await client.ask("one")
            assert (await client.until_end("one"))[1]["type"] == "chat.done"


async def test_plain_requests_are_told_what_the_route_speaks(stand: Stand) -> None:
    answer = await stand.http().get("/v1/chat/ws")
    assert (answer.status_code, answer.json()["error"]["code"]) == (426, "upgrade_required")
    broken = {"upgrade": "websocket", "connection": "upgrade", "sec-websocket-version": "8"}
    answer = await stand.http().get("/v1/chat/ws", headers=broken)
    assert answer.status_code == 426
    assert (await stand.http().post("/v1/chat/ws", json={})).status_code == 405


async def test_limits_hold_and_say_when_to_come_back(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    stand.key = stand.builder.add_key(name="tight", limits=Limits(requests_per_minute=1))
    stand.update()
    async with device(stand) as client:
        await client.ask("one")
        await client.until_end("one")
        await client.ask("two")
        _, end = await client.until_end("two")
    assert (end["type"], end["status"]) == ("error", 429)
    assert end["error"]["code"] == "rate_limit_exceeded"
    assert end["retry_after_s"] > 0
    assert len(upstream.requests) == 1


async def test_a_key_that_is_revoked_begins_nothing_more(stand: Stand) -> None:
    async with device(stand) as client:
        await client.ask("one")
        await client.until_end("one")
        keys = [each for each in stand.builder.frame().entries if each.kind == "api_key"]
        for entry in keys:
            assert entry.data is not None
            stand.builder.delete(msgspec.msgpack.decode(entry.data, type=ApiKey))
        stand.update()
        await client.ask("two")
        _, end = await client.until_end("two")
    assert (end["type"], end["status"]) == ("error", 401)


async def test_mistakes_are_told_and_the_connection_goes_on(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(stall_after_chunks=1))
    async with device(stand) as client:
        await client.connection.send("{")
        assert (await client.next())["error"]["code"] == "malformed_json"
        await client.send(type="chat.begin", id="one")
        assert (await client.next())["error"]["code"] == "invalid_request"
        await client.send(type="chat.create", id="one", request={"messages": []})
        assert (await client.until_end("one"))[1]["error"]["code"] == "invalid_request"
        await client.send(type="chat.create", id="one", request=[1])
        assert (await client.until_end("one"))[1]["error"]["code"] == "invalid_request"
        await client.ask("one", model="nothing")
        _, end = await client.until_end("one")
        assert (end["status"], end["error"]["code"]) == (404, "model_not_found")
        await client.ask("one")
        await upstream.received(1)
        await client.ask("one")
        assert (await client.until_end("one"))[1]["error"]["code"] == "invalid_request"


async def test_more_chats_at_once_than_the_bound_are_refused(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply(stall_before_headers=True)
    async with device(stand) as client:
        for number in range(16):
            await client.ask(str(number))
        await client.ask("one too many")
        _, end = await client.until_end("one too many")
        assert (end["status"], end["error"]["code"]) == (429, "rate_limit_exceeded")
        await upstream.received(16)
        assert len(upstream.requests) == 16


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(status=400), 400),
        (Reply(status=500), 500),
        (Reply(reset_at_once=True), 502),
        (Reply(reset_after_chunks=2), 502),
        (Reply(body=b"no events"), 502),
        (Reply(body=b"data: no json\n\n"), 502),
    ],
)
async def test_a_failing_upstream_is_an_error_of_its_chat_alone(
    stand: Stand, upstream: ScriptedUpstream, reply: Reply, status: int
) -> None:
    upstream.then(reply)
    async with device(stand) as client:
        await client.ask("one")
        _, end = await client.until_end("one")
        assert (end["type"], end["status"]) == ("error", status)
        assert end["error"]["message"]
        await client.ask("two")
        assert (await client.until_end("two"))[1]["type"] == "chat.done"
    assert len(await stand.recorded(2)) == 2


async def test_a_client_that_reads_nothing_stops_the_upstream_not_our_memory(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    # 100,000 long words: far more than sockets hold.
    upstream.then(Reply(content=" ".join(["x" * 200] * 100_000)))
    async with device(stand, max_queue=1) as client:
        client.connection.transport.pause_reading()
        await client.ask("one")
        [request] = await upstream.received(1)
        async with asyncio.timeout(20):
            await request.held_back.wait()
        assert request.tokens_sent < 60_000
        client.connection.transport.resume_reading()
        words = 0
        async with asyncio.timeout(60):
            async for raw in client.connection:
                words += 1
                if b'"chat.done"' in (raw if isinstance(raw, bytes) else raw.encode()):
                    break
    assert words > 100_000


async def test_messages_too_large_and_not_text_close_by_their_codes(stand: Stand) -> None:
    await stand.gateway.stop(0.5)
    stand.configure(max_message_bytes=10_000)
    await stand.start()
    async with device(stand) as client:
        await client.connection.send("x" * 10_001)
        assert (await client.closed())[0] == 1009
    async with device(stand) as client:
        await client.connection.send(b"bytes")
        assert (await client.closed())[0] == 1003
    async with device(stand) as client:
        await client.connection.send(["ok", "ay"])  # fragments make one message
        assert (await client.next())["error"]["code"] == "malformed_json"
        pong = await client.connection.ping()
        async with asyncio.timeout(5):
            await pong


def _frame(opcode: int, payload: bytes, *, masked: bool = True) -> bytes:
    mask = os.urandom(4)
    head = bytes([0x80 | opcode, (0x80 if masked else 0) | len(payload)])
    if not masked:
        return head + payload
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


async def test_frames_against_the_rules_end_the_connection(stand: Stand) -> None:
    cases = [
        (_frame(1, b"{}", masked=False), 1002),
        (_frame(1, b"\xff\xfe"), 1007),
        (_frame(3, b""), 1002),
        (_frame(0, b"more"), 1002),
        (_frame(8, b"\x00\x01"), 1002),
    ]
    for sent, code in cases:
        reader, writer = await asyncio.open_connection("127.0.0.1", stand.gateway.port)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET /v1/chat/ws HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {stand.key}\r\n"
            f"upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n"
            f"sec-websocket-key: {key}\r\n\r\n".encode()
        )
        async with asyncio.timeout(5):
            assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
            writer.write(sent)
            said = await reader.read()
        assert said[0] == 0x88
        assert int.from_bytes(said[2:4], "big") == code, sent
        writer.close()


async def test_bytes_before_the_switch_wait_for_it(stand: Stand) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", stand.gateway.port)
    sock = writer.get_extra_info("socket")
    sock.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET /v1/chat/ws HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {stand.key}\r\n"
        f"upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n"
        f"sec-websocket-key: {key}\r\n\r\n".encode()
    )
    # A client that does not wait for 101 is no WebSocket client: it is served as plain HTTP.
    writer.write(head + _frame(1, b"{}"))
    async with asyncio.timeout(5):
        assert b" 426 " in await reader.readline()
    writer.close()


async def test_a_stopping_gateway_lets_chats_end_and_says_goodbye(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content="the last words", stall_after_chunks=2))
    async with device(stand) as idle, device(stand) as client:
        await client.ask("one")
        await upstream.received(1)
        stopping = asyncio.create_task(stand.gateway.stop(10.0))  # noqa: TID251 - awaited below
        assert (await idle.closed())[0] == 1001
        upstream.release()
        text, end = await client.until_end("one")
        assert (text, end["status"]) == ("the last words", "completed")
        assert (await client.closed())[0] == 1001
        async with asyncio.timeout(5):
            await stopping
    await stand.start()


async def test_the_gateway_counts_its_sockets(stand: Stand) -> None:
    async with device(stand):
        answer = await stand.http().get("/metrics")
        assert "mainspring_gateway_websockets 1\n" in answer.text
    client = stand.http()

    async def gone() -> bool:
        return "mainspring_gateway_websockets 0\n" in (await client.get("/metrics")).text

    async with asyncio.timeout(5):
        while not await gone():  # noqa: ASYNC110 - another process' figure has no event
            await asyncio.sleep(0.01)


async def test_http_goes_on_beside_sockets(stand: Stand) -> None:
    async with device(stand) as client, httpx.AsyncClient(base_url=stand.url) as http:
        assert (await http.get("/healthz")).status_code == 200
        await client.ask("one")
        assert (await client.until_end("one"))[1]["type"] == "chat.done"
    await until(lambda: len(stand.records()) == 1)


async def test_chats_have_lines_of_their_own_in_the_access_log(
    stand: Stand, tmp_path: Path
) -> None:
    await stand.gateway.stop(0.5)
    path = tmp_path / "access.log"
    stand.configure(access_log=str(path))
    await stand.start()
    async with device(
        stand, subprotocols=["mainspring.chat.v1", f"mainspring.key.{stand.key}"]
    ) as client:
        await client.ask("one")
        _, end = await client.until_end("one")
    await until(lambda: path.exists() and path.read_text("utf-8").count("\n") == 2)
    chat, connection = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    assert (chat["path"], chat["status"]) == ("/v1/chat/completions", 200)
    assert chat["request_id"] == end["request_id"]
    assert (connection["path"], connection["status"]) == ("/v1/chat/ws", 101)
    assert stand.key not in path.read_text("utf-8")


async def test_a_chat_with_an_idempotency_key_is_made_once(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply(content="only once", prompt_tokens=3)
    request = {"model": "scripted", "messages": [{"role": "user", "content": "hello"}]}

    async def ask(client: Device, chat_id: str, key: str, **more: object) -> tuple[str, Any]:
        asked = {**request, **more}
        await client.send(type="chat.create", id=chat_id, request=asked, idempotency_key=key)
        return await client.until_end(chat_id)

    async with device(stand) as client:
        first, done = await ask(client, "a", "k-1")
        again, replayed = await ask(client, "b", "k-1")
        _, refused = await ask(client, "c", "k-1", temperature=1)
        _, bad = await ask(client, "d", "no key")
    async with device(stand) as another:
        later, _ = await ask(another, "e", "k-1")
    assert [first, again, later] == ["only once"] * 3
    assert done["type"] == replayed["type"] == "chat.done"
    assert refused["error"]["code"] == "idempotency_key_reused"
    assert bad["error"]["code"] == "invalid_request"
    assert len(upstream.requests) == 1
    [record] = await stand.recorded()
    assert record.usage.total == 5


async def test_a_chat_with_a_key_goes_on_without_its_client(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content="still here", stall_after_chunks=1))
    request = {"model": "scripted", "messages": [{"role": "user", "content": "hello"}]}
    asked = {"type": "chat.create", "request": request, "idempotency_key": "k-2"}
    async with device(stand) as client:
        await client.send(id="a", **asked)
        assert (await client.next())["type"] == CHUNKS
    upstream.release()
    [record] = await stand.recorded()
    assert record.outcome == "ok"
    async with device(stand) as client:
        await client.send(id="b", **asked)
        text, done = await client.until_end("b")
    assert (text, done["type"]) == ("still here", "chat.done")
    assert len(upstream.requests) == 1
