"""Files on their way through a gateway and control: in pieces, bounded, whole or not at all."""

import asyncio
import contextlib
import gc
import hashlib
import io
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import openai
import psutil
import psycopg
import pytest

from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.gateway import until
from tests.fixtures.site import Site, open_site

MIB = 1024 * 1024
BOUNDARY = b"edge"
PURPOSE = b'--edge\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n'
FILE = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
END = b"\r\n--edge--\r\n"


@pytest.fixture
async def site(
    database_dsn: str, tmp_path: Path, upstream: ScriptedUpstream
) -> AsyncIterator[Site]:
    """Return a site whose files have at most 80 MiB."""
    async with open_site(database_dsn, tmp_path, upstream, max_file_bytes=80 * MIB) as opened:
        yield opened


WRONG = [
    (PURPOSE.replace(b"user_data", b"pictures") + FILE + b"x" * MIB + END, "purpose"),
    (FILE + b"x" * MIB + END, "purpose"),
    (PURPOSE + PURPOSE + FILE + b"x" * MIB + END, "purpose"),
    (PURPOSE + FILE + b"x" * MIB + b"\r\n" + FILE + b"y" + END, "file"),
    (PURPOSE + FILE.replace(b'"file"', b'"other"') + b"x" * MIB + END, "file"),
    (PURPOSE[:-2] + b"x" * MIB + b"\r\n" + FILE + b"x" + END, "purpose"),
    (PURPOSE + FILE + b"x" * MIB, None),
    (b"no form at all" * 100_000, None),
]
"""Forms that are none, each with the field that is told to be wrong."""


class Watched(io.BytesIO):
    """A file of ``size`` bytes that is nowhere; looks around as it is read."""

    def __init__(self, size: int, look: Callable[[], None]) -> None:
        super().__init__()
        self.digest = hashlib.sha256()
        self._size = size
        self._at = 0
        self._look = look

    def read(self, size: int | None = -1, /) -> bytes:
        """Return a further piece."""
        count = self._size - self._at
        if size is not None and size >= 0:
            count = min(size, count)
        self._at += count
        data = os.urandom(count)
        self.digest.update(data)
        self._look()
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place; only whoever wants to know the size does."""
        self._at = offset + {0: 0, 1: self._at, 2: self._size}[whence]
        return self._at

    def tell(self) -> int:
        """Return the place."""
        return self._at

    def fileno(self) -> int:
        """Say that this is no file of the system."""
        raise io.UnsupportedOperation


class Sender:
    """A client that sends a form at its own pace."""

    def __init__(self, site: Site, key: str) -> None:
        self._port = site.gateways[0].port
        self._key = key
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def begin(self, length: int | None) -> None:
        """Send the head; without a length, what follows is chunked."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)
        framing = "transfer-encoding: chunked" if length is None else f"content-length: {length}"
        self.writer.write(
            f"POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {self._key}\r\n"
            f"content-type: multipart/form-data; boundary=edge\r\n{framing}\r\n\r\n".encode()
        )

    async def send(self, data: bytes, *, chunked: bool = False) -> None:
        """Send a piece."""
        self.writer.write(b"%x\r\n%b\r\n" % (len(data), data) if chunked else data)
        await self.writer.drain()

    async def answer(self) -> httpx.Response:
        """Return the answer."""
        async with asyncio.timeout(20):
            head = await self.reader.readuntil(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines[1:] if line)
            body = await self.reader.readexactly(int(headers["content-length"]))
        return httpx.Response(int(lines[0].split()[1]), headers=headers, content=body)

    async def close(self) -> None:
        """Leave."""
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


def on_disk(site: Site) -> list[Path]:
    """Return everything that lies on the disk for callers, whole or not."""
    root = site.control.settings.home / "blobs"
    return [each for each in root.rglob("*") if each.is_file()]


async def known(dsn: str) -> list[tuple[Any, ...]]:
    """Return what the database knows of files."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute("SELECT set_config('mainspring.crosses_tenants', 'on', false)")
        rows = await connection.execute("SELECT state, sha256, purpose FROM files")
        return await rows.fetchall()


async def test_a_large_file_comes_and_goes_without_filling_the_memory(
    site: Site, database_dsn: str
) -> None:
    """Client, gateway and control share this process: what any of them held would be seen."""
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key)
    await client.files.create(file=("small", b"x" * MIB), purpose="user_data")
    gc.collect()
    process = psutil.Process()
    before = peak = process.memory_info().rss

    def look() -> None:
        nonlocal peak
        peak = max(peak, process.memory_info().rss)

    source = Watched(64 * MIB, look)
    made = await client.files.create(file=("large.bin", source), purpose="user_data")
    assert made.bytes == 64 * MIB
    assert ("ready", source.digest.digest(), "user_data") in await known(database_dsn)
    digest = hashlib.sha256()
    async with client.files.with_streaming_response.content(made.id) as answer:
        told = answer.headers["repr-digest"]
        async for piece in answer.iter_bytes():
            digest.update(piece)
            look()
    assert digest.digest() == source.digest.digest()
    assert told == f"sha-256=:{b64encode(digest.digest()).decode()}:"
    assert peak - before < 24 * MIB
    # Whoever asks for the head alone gets no more than that.
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=site.url(), headers=headers) as http:
        for _ in range(3):
            head = await http.head(f"/v1/files/{made.id}/content")
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-length"] == str(64 * MIB)


async def test_a_file_is_passed_on_while_it_arrives_wherever_its_fields_stand(
    site: Site, database_dsn: str
) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    whole = PURPOSE + FILE + os.urandom(3 * MIB) + END
    sender = Sender(site, key)
    await sender.begin(len(whole))
    await sender.send(whole[: 2 * MIB])
    await until(lambda: sum(each.stat().st_size for each in on_disk(site)) > MIB)
    await sender.send(whole[2 * MIB :])
    answer = await sender.answer()
    assert (answer.status_code, answer.json()["bytes"]) == (200, 3 * MIB)
    # The connection goes on.
    sender.writer.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
    assert (await sender.answer()).status_code == 200
    await sender.close()
    data = os.urandom(2 * MIB)
    whole = FILE + data + b"\r\n" + PURPOSE.replace(b"user_data", b"evals")[:-2] + END
    for chunked in (False, True):
        await sender.begin(None if chunked else len(whole))
        for start in range(0, len(whole), 300_001):
            await sender.send(whole[start : start + 300_001], chunked=chunked)
        if chunked:
            await sender.send(b"", chunked=True)
        answer = await sender.answer()
        assert (answer.status_code, answer.json()["purpose"]) == (200, "evals")
        await sender.close()
    kept = await known(database_dsn)
    assert kept.count(("ready", hashlib.sha256(data).digest(), "evals")) == 2


async def test_what_is_refused_is_refused_early_and_leaves_nothing(
    site: Site, database_dsn: str
) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    for form, param in WRONG:
        sender = Sender(site, key)
        await sender.begin(len(form))
        await sender.send(form)
        answer = await sender.answer()
        error = answer.json()["error"]
        assert (answer.status_code, error["param"]) == (400, param), error
        await sender.close()
    # Announced: nothing of the file is waited for.
    sender = Sender(site, key)
    await sender.begin(81 * MIB)
    await sender.send(PURPOSE + FILE + b"x")
    answer = await sender.answer()
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")
    assert answer.json()["error"]["type"] == "invalid_request_error"
    await sender.close()
    # Not announced: as soon as it is.
    sender = Sender(site, key)
    await sender.begin(None)
    await sender.send(PURPOSE + FILE, chunked=True)
    sending = asyncio.create_task(flood(sender))  # noqa: TID251 - cancelled below
    answer = await sender.answer()
    sending.cancel()
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")
    await sender.close()
    await until(lambda: on_disk(site) == [])
    assert await known(database_dsn) == []


async def flood(sender: Sender) -> None:
    """Send a file that has no end."""
    with contextlib.suppress(ConnectionError):
        while True:
            await sender.send(b"x" * MIB, chunked=True)


async def test_transfers_end_with_their_clients_and_hold_up_nobody_else(
    site: Site, database_dsn: str
) -> None:
    _, key = await site.tenant("acme")
    _, other = await site.tenant("rival")
    await site.has_caught_up()
    sender = Sender(site, key)
    await sender.begin(10 * MIB)
    await sender.send(PURPOSE + FILE + os.urandom(2 * MIB))
    await until(lambda: on_disk(site) != [])
    assert [each[0] for each in await known(database_dsn)] == ["arriving"]
    sender.writer.transport.abort()
    await until(lambda: on_disk(site) == [])
    async with asyncio.timeout(5):
        while await known(database_dsn):  # noqa: ASYNC110 - a table has no event
            await asyncio.sleep(0.02)
    # A project has no more of them than it may.
    client = site.openai(key)
    small = await client.files.create(file=("small", b"x"), purpose="user_data")
    slow: list[Sender] = []
    for _ in range(16):
        sender = Sender(site, key)
        await sender.begin(10 * MIB)
        await sender.send(PURPOSE + FILE + b"x" * 100_000)
        slow.append(sender)
    with pytest.raises(openai.RateLimitError) as refused:
        await client.files.content(small.id)
    assert refused.value.code == "rate_limit_exceeded"
    assert [each.id async for each in client.files.list()] == [small.id]
    await site.openai(other).files.create(file=("b", b"y" * 3 * MIB), purpose="user_data")
    for sender in slow:
        await sender.close()
    async with asyncio.timeout(5):
        while True:
            try:
                content = await client.files.content(small.id)
            except openai.RateLimitError:
                await asyncio.sleep(0.02)
            else:
                break
    assert content.content == b"x"
