"""G1: forms with files are sent on while they arrive, with little memory, and counted as ever."""

import asyncio
import gc
import hashlib
import os
import socket
from collections.abc import AsyncIterator, Callable

import httpx
import psutil
import pytest

from mainspring.snapshot.policy_rules import ParameterRule
from mainspring.snapshot.resources import Timeouts
from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.wire.usage import Usage
from tests.fixtures.gateway import Stand, until

PATH = "/v1/audio/transcriptions"
BOUNDARY = b"----edges"
MODEL_FIRST = (
    b'--%b\r\nContent-Disposition: form-data; name="model"\r\n\r\near\r\n--%b\r\n'
    b'Content-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
) % (BOUNDARY, BOUNDARY)
END = b"\r\n--%b--\r\n" % BOUNDARY
FILE_FIRST = (
    b'--%b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n' % BOUNDARY
)
MODEL_LAST = (
    b'\r\n--%b\r\nContent-Disposition: form-data; name="model"\r\n\r\near\r\n--%b--\r\n'
) % (BOUNDARY, BOUNDARY)


@pytest.fixture(autouse=True)
def _ear(stand: Stand, upstream: ScriptedUpstream) -> None:
    add_ear(stand, upstream.url)


def add_ear(stand: Stand, *urls: str, timeouts: Timeouts | None = None) -> None:
    """Add or replace the model that hears, called ``ear-upstream`` by its servers."""
    servers = [
        stand.builder.add_upstream(url, f"server {number}", timeouts=timeouts)
        for number, url in enumerate(urls)
    ]
    stand.builder.add_model(
        "ear", *servers, upstream_model="ear-upstream", tasks=("transcription",)
    )
    stand.update()


class Caller:
    """A client that sends a form when it is told to."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def begin(self, length: int | None, *more: str, key: str | None = None) -> None:
        """Send the head; without a length, what follows is chunked."""
        port = self._stand.gateway.port
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        framing = "transfer-encoding: chunked" if length is None else f"content-length: {length}"
        lines = [
            f"POST {PATH} HTTP/1.1",
            "host: x",
            f"authorization: Bearer {key or self._stand.key}",
            f"content-type: multipart/form-data; boundary={BOUNDARY.decode()}",
            framing,
            *more,
        ]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")

    async def send(self, data: bytes, *, chunked: bool = False) -> None:
        """Send a piece."""
        self.writer.write(b"%x\r\n%b\r\n" % (len(data), data) if chunked else data)
        await self.writer.drain()

    async def answer(self) -> tuple[int, bytes, bytes]:
        """Return status, head and body of the answer."""
        async with asyncio.timeout(20):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = next(
                (
                    int(line.partition(b":")[2])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                ),
                None,
            )
            body = await (self.reader.readexactly(length) if length else self.reader.read())
        return int(head.split()[1]), head, body

    def close(self) -> None:
        """Close."""
        self.writer.close()


class Sink:
    """A server that reads forms without keeping them, as fast as its gate allows."""

    def __init__(self) -> None:
        self.heads: list[bytes] = []
        self.bytes = 0
        self.digest = hashlib.sha256()
        self.gate = asyncio.Event()
        self.gate.set()
        self.lost = 0
        self.on_piece: Callable[[], None] | None = None
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Return the base URL."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=64 * 1024)

    async def stop(self) -> None:
        """Stop."""
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.heads.append(head)
            length = int(head.lower().partition(b"content-length:")[2].split()[0])
            while length:
                await self.gate.wait()
                data = await reader.read(min(length, 256 * 1024))
                if not data:
                    self.lost += 1
                    return
                length -= len(data)
                self.bytes += len(data)
                self.digest.update(data)
                if self.on_piece is not None:
                    self.on_piece()
            answer = b'{"text":"heard","usage":{"type":"duration","seconds":7}}'
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
                % (len(answer), answer)
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            self.lost += 1
        finally:
            writer.close()


@pytest.fixture
async def sink(stand: Stand) -> AsyncIterator[Sink]:
    """Return a server that keeps nothing; the model's only one."""
    made = Sink()
    await made.start()
    add_ear(stand, made.url)
    yield made
    await made.stop()


async def test_a_form_reaches_the_upstream_before_its_client_is_done(
    stand: Stand, sink: Sink
) -> None:
    sound = os.urandom(3_000_000)
    whole = MODEL_FIRST + sound + END
    caller = Caller(stand)
    await caller.begin(len(whole))
    await caller.send(whole[:1_000_000])
    await until(lambda: sink.bytes > 900_000)
    await caller.send(whole[1_000_000:])
    status, head, body = await caller.answer()
    assert (status, body) == (200, b'{"text":"heard","usage":{"type":"duration","seconds":7}}')
    sent = whole.replace(b"\r\n\r\near\r\n", b"\r\n\r\near-upstream\r\n", 1)
    assert sink.digest.hexdigest() == hashlib.sha256(sent).hexdigest()
    assert b"authorization" not in sink.heads[0].lower()
    assert b"x-mainspring-target" in head
    [record] = await stand.recorded()
    assert (record.operation, record.outcome, record.usage) == (
        "transcription",
        "ok",
        Usage(seconds=7),
    )
    # The connection goes on.
    caller.writer.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
    assert (await caller.answer())[0] == 200
    caller.close()


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_model_that_is_named_behind_a_large_file_is_found(
    stand: Stand, upstream: ScriptedUpstream, chunked: bool
) -> None:
    sound = os.urandom(5_000_000)
    whole = FILE_FIRST + sound + MODEL_LAST
    caller = Caller(stand)
    await caller.begin(None if chunked else len(whole))
    for start in range(0, len(whole), 700_001):
        await caller.send(whole[start : start + 700_001], chunked=chunked)
    if chunked:
        await caller.send(b"", chunked=True)
    status, _, _ = await caller.answer()
    assert status == 200
    [request] = upstream.requests
    assert request.body == whole.replace(b"\r\n\r\near\r\n", b"\r\n\r\near-upstream\r\n", 1)
    assert ("content-length" in request.headers) is not chunked
    caller.close()


async def test_the_official_client_uploads_what_is_larger_than_any_other_body(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    sound = os.urandom(40 * 1024 * 1024)
    heard = await stand.openai().audio.transcriptions.create(model="ear", file=("a.wav", sound))
    [request] = upstream.requests
    assert heard.text == f"{len(request.body)} {hashlib.sha256(request.body).hexdigest()}"
    assert sound in request.body


async def test_image_variations_are_served_like_edits(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    server = stand.builder.add_upstream(upstream.url, "painter's server")
    stand.builder.add_model("painter", server, tasks=("image",))
    stand.update()
    answer = await stand.http().post(
        "/v1/images/variations", data={"model": "painter"}, files={"image": os.urandom(400_000)}
    )
    assert answer.status_code == 200
    [record] = await stand.recorded()
    assert record.operation == "image_variation"


async def test_two_hundred_megabytes_pass_without_filling_the_memory(
    stand: Stand, sink: Sink
) -> None:
    size = 200 * 1024 * 1024
    piece = os.urandom(1024 * 1024)
    await stand.http().get("/healthz")
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    peak = 0

    def look() -> None:
        nonlocal peak
        if sink.bytes // len(piece) % 4 == 0:
            peak = max(peak, process.memory_info().rss)

    sink.on_piece = look
    caller = Caller(stand)
    await caller.begin(len(MODEL_FIRST) + size + len(END))
    async with asyncio.timeout(60):
        await caller.send(MODEL_FIRST)
        for _ in range(size // len(piece)):
            await caller.send(piece)
        await caller.send(END)
        assert (await caller.answer())[0] == 200
    assert sink.bytes > size
    # Buffers of sockets on four sides; a gathered body would be six times as much.
    assert peak - before < 32 * 1024 * 1024
    caller.close()


async def test_a_slow_upstream_slows_its_client_down(stand: Stand, sink: Sink) -> None:
    sink.gate.clear()
    sound = os.urandom(30_000_000)
    caller = Caller(stand)
    await caller.begin(len(MODEL_FIRST) + len(sound) + len(END))
    sending = asyncio.create_task(caller.send(MODEL_FIRST + sound + END))  # noqa: TID251 - awaited below
    done, _ = await asyncio.wait({sending}, timeout=0.5)
    assert not done
    sink.gate.set()
    assert (await caller.answer())[0] == 200
    await sending
    caller.close()


async def test_the_clients_departure_stops_the_upstream(stand: Stand, sink: Sink) -> None:
    caller = Caller(stand)
    await caller.begin(10_000_000)
    await caller.send(MODEL_FIRST + os.urandom(500_000))
    await until(lambda: sink.bytes > 400_000)
    caller.writer.transport.abort()
    await until(lambda: sink.lost == 1)
    [record] = await stand.recorded()
    assert record.outcome == "client_closed"
    assert stand.gateway.spool.waiting_bytes > 0


async def test_a_second_model_behind_the_first_is_never_sent_whole(
    stand: Stand, sink: Sink
) -> None:
    whole = MODEL_FIRST + os.urandom(2_000_000) + MODEL_LAST
    caller = Caller(stand)
    await caller.begin(len(whole))
    await caller.send(whole)
    status, _, body = await caller.answer()
    assert (status, b"is there twice" in body) == (400, True)
    await until(lambda: sink.lost == 1)
    [record] = await stand.recorded()
    assert record.outcome == "invalid_request"
    caller.close()


async def test_a_form_that_does_not_end_is_never_sent_whole(stand: Stand, sink: Sink) -> None:
    whole = MODEL_FIRST + os.urandom(2_000_000)
    caller = Caller(stand)
    await caller.begin(len(whole))
    await caller.send(whole)
    assert (await caller.answer())[0] == 400
    await until(lambda: sink.lost == 1)
    caller.close()


async def test_who_may_not_call_is_told_before_the_file_is_read(stand: Stand, sink: Sink) -> None:
    caller = Caller(stand)
    await caller.begin(100_000_000, key="msk-wrong")
    await caller.send(MODEL_FIRST + os.urandom(100_000))
    status, head, _ = await caller.answer()
    assert (status, b"connection: close" in head) == (401, True)
    assert sink.heads == []
    caller.close()


async def test_a_client_that_asks_first_is_told_to_go_on(stand: Stand, sink: Sink) -> None:
    whole = MODEL_FIRST + os.urandom(500_000) + END
    caller = Caller(stand)
    await caller.begin(len(whole), "expect: 100-continue")
    assert await caller.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    await caller.send(whole)
    assert (await caller.answer())[0] == 200
    caller.close()


@pytest.mark.parametrize("chunked", [False, True])
async def test_uploads_have_a_limit_of_their_own(stand: Stand, sink: Sink, chunked: bool) -> None:
    await stand.gateway.stop(0.5)
    stand.configure(max_body_bytes=100_000, max_upload_bytes=1_000_000)
    await stand.start()
    fine = MODEL_FIRST + os.urandom(900_000) + END
    caller = Caller(stand)
    await caller.begin(len(fine))
    await caller.send(fine)
    assert (await caller.answer())[0] == 200
    caller.close()
    caller = Caller(stand)
    await caller.begin(None if chunked else 1_100_000)
    if chunked:
        await caller.send(MODEL_FIRST + os.urandom(1_100_000), chunked=True)
    status, _, body = await caller.answer()
    assert (status, b"body_too_large" in body) == (413, True)
    caller.close()


async def test_an_upload_that_is_still_kept_goes_to_the_next_target(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    async with ScriptedUpstream() as dead:
        gone = dead.url
    add_ear(stand, gone, upstream.url)
    whole = MODEL_FIRST + os.urandom(5_000_000) + END
    caller = Caller(stand)
    await caller.begin(len(whole))
    await caller.send(whole)
    assert (await caller.answer())[0] == 200
    [record] = await stand.recorded()
    assert record.attempts == 2
    caller.close()


async def test_an_upload_is_sent_again_only_while_all_of_it_is_kept(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    async with ScriptedUpstream() as second:
        add_ear(stand, upstream.url, second.url)
        upstream.default = Reply.failure(500)
        for size, status, attempts in ((600_000, 200, 2), (5_000_000, 500, 1)):
            whole = MODEL_FIRST + os.urandom(size) + END
            caller = Caller(stand)
            await caller.begin(len(whole))
            await caller.send(whole)
            assert (await caller.answer())[0] == status
            caller.close()
            record = (await stand.recorded(attempts and len(upstream.requests)))[-1]
            assert record.attempts == attempts
        assert len(second.requests) == 1


async def test_a_key_for_retries_has_the_form_gathered_and_made_once(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    whole = MODEL_FIRST + os.urandom(600_000) + END
    headers = {
        "content-type": f"multipart/form-data; boundary={BOUNDARY.decode()}",
        "idempotency-key": "once",
    }
    client = stand.http()
    first = await client.post(PATH, content=whole, headers=headers)
    again = await client.post(PATH, content=whole, headers=headers)
    assert (first.status_code, first.content) == (200, again.content)
    assert len(upstream.requests) == 1


async def test_other_requests_go_on_beside_uploads(stand: Stand, sink: Sink) -> None:
    sink.gate.clear()
    caller = Caller(stand)
    await caller.begin(5_000_000)
    await caller.send(MODEL_FIRST + os.urandom(300_000))
    answer = await stand.openai().chat.completions.create(
        model="scripted", messages=[{"role": "user", "content": "hello"}]
    )
    assert answer.usage is not None
    caller.close()
    sink.gate.set()
    async with httpx.AsyncClient(base_url=stand.url) as client:
        assert (await client.get("/healthz")).status_code == 200


async def test_a_form_is_held_to_policies_wherever_its_fields_stand(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    stand.builder.add_policy(ParameterRule(name="temperature", max=0.5, beyond="refuse"))
    stand.update()
    field = b'\r\n--%b\r\nContent-Disposition: form-data; name="temperature"\r\n\r\n%b'
    for value, status in ((b"0.2", 200), (b"0.9", 400)):
        whole = MODEL_FIRST + os.urandom(2_000_000) + field % (BOUNDARY, value) + END
        caller = Caller(stand)
        await caller.begin(len(whole))
        await caller.send(whole)
        assert (await caller.answer())[0] == status
        caller.close()
    assert len(upstream.requests) == 1
