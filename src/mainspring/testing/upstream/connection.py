"""One connection of a scripted upstream: reads requests, plays replies, notices departures."""

import asyncio
import socket
import struct
import time
from collections import deque
from collections.abc import Coroutine
from typing import Any, Protocol, cast

import httptools

from mainspring.testing.upstream.answer import Answer
from mainspring.testing.upstream.received import ReceivedRequest
from mainspring.testing.upstream.reply import Reply

_REASONS = {200: b"OK", 400: b"Bad Request", 429: b"Too Many Requests", 500: b"Server Error"}


class Stage(Protocol):
    """What a connection asks of the upstream it belongs to."""

    def connected(self, connection: "Connection") -> int:
        """Register a connection; return its number."""
        ...

    def disconnected(self, connection: "Connection") -> None:
        """Forget a connection."""
        ...

    def script(self, request: ReceivedRequest) -> tuple[Reply, Answer]:
        """Record the request; return how to answer it."""
        ...

    def told_usage(self, sent: Answer) -> None:
        """Hear that an answer went out to its end."""
        ...

    async def released(self) -> None:
        """Wait until stalled replies may go on."""
        ...

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run ``work`` in the background."""
        ...


class _FaultError(Exception):
    """The script ended the connection."""


class Connection(asyncio.Protocol):
    """Serves one client connection, one request after another."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._waiting: deque[ReceivedRequest] = deque()
        self._task: asyncio.Task[None] | None = None
        self._current: ReceivedRequest | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._parser = httptools.HttpRequestParser(self)
        self._number = 0
        self._closing = False
        self._url = b""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []

    # Transport callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._number = self._stage.connected(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._writable.set()
        current = self._current
        if current is not None and not current.settled:
            if not self._closing:
                current.client_closed_at = time.monotonic()
            current.mark_settled()
        if self._task is not None:
            self._task.cancel()
        self._stage.disconnected(self)

    def pause_writing(self) -> None:
        self._writable.clear()
        if self._current is not None:
            self._current.held_back.set()

    def resume_writing(self) -> None:
        self._writable.set()

    # Parser callbacks

    def on_message_begin(self) -> None:
        self._url = b""
        self._headers = {}
        self._body = []

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._waiting.append(
            ReceivedRequest(
                self._parser.get_method().decode(),
                self._url.decode("latin-1"),
                self._headers,
                b"".join(self._body),
                self._number,
            )
        )
        if self._task is None:
            self._task = self._stage.start(self._serve())

    # Answering

    def close(self) -> None:
        """Close the connection without waiting for its answer."""
        self._closing = True
        self._transport.abort()

    async def _serve(self) -> None:
        try:
            while self._waiting:
                request = self._current = self._waiting.popleft()
                reply, answer = self._stage.script(request)
                await self._play(request, reply, answer)
                request.finished_at = time.monotonic()
                request.mark_settled()
                self._current = None
                if reply.close_after or request.headers.get("connection", "").lower() == "close":
                    self._transport.close()
                    return
        except _FaultError:
            if self._current is not None:
                self._current.mark_settled()
        finally:
            self._task = None

    async def _play(self, request: ReceivedRequest, reply: Reply, answer: Answer) -> None:
        if reply.delay_s:
            await asyncio.sleep(reply.delay_s)
        if reply.stall_before_headers:
            await self._stage.released()
        if reply.reset_at_once:
            self._reset()
        if reply.garbage is not None:
            self._transport.write(reply.garbage)
            self._transport.close()
            raise _FaultError
        faults = (reply.reset_after_chunks, reply.end_after_chunks, reply.stall_after_chunks)
        chunked = answer.stream or any(fault is not None for fault in faults)
        self._write_head(reply, answer, chunked)
        request.headers_sent_at = time.monotonic()
        for index, piece in enumerate(answer.pieces):
            if index and reply.chunk_interval_s:
                await asyncio.sleep(reply.chunk_interval_s)
            if reply.stall_after_chunks == index:
                await self._stage.released()
            data = piece.data
            if chunked:
                data = b"%x\r\n%b\r\n" % (len(data), data)
            self._cut(reply, index, data)
            await self._write(reply, data)
            request.tokens_sent += piece.tokens
        self._cut(reply, len(answer.pieces), b"0\r\n\r\n")
        if reply.stall_after_chunks == len(answer.pieces):
            await self._stage.released()
        # Counted before the last bytes leave: who has read the answer finds it in the books.
        self._stage.told_usage(answer)
        if chunked:
            self._transport.write(b"0\r\n\r\n")

    def _write_head(self, reply: Reply, answer: Answer, chunked: bool) -> None:
        length = sum(len(piece.data) for piece in answer.pieces)
        framing = b"transfer-encoding: chunked" if chunked else b"content-length: %d" % length
        lines = [
            b"HTTP/1.1 %d %b" % (answer.status, _REASONS.get(answer.status, b"Scripted")),
            b"content-type: " + answer.content_type.encode(),
            framing,
            *(f"{name}: {value}".encode("latin-1") for name, value in reply.headers),
        ]
        self._transport.write(b"\r\n".join(lines) + b"\r\n\r\n")

    def _cut(self, reply: Reply, index: int, data: bytes) -> None:
        if reply.reset_after_chunks == index:
            self._transport.write(data[: len(data) // 2])
            self._reset()
        if reply.end_after_chunks == index:
            self._transport.write(data[: len(data) // 2])
            self._transport.close()
            raise _FaultError

    def _reset(self) -> None:
        sock = cast("socket.socket", self._transport.get_extra_info("socket"))
        # Linger on, zero seconds: close() drops what is queued and sends RST instead of FIN.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()
        raise _FaultError

    async def _write(self, reply: Reply, data: bytes) -> None:
        size = 1 if reply.drip_s else reply.split_bytes or len(data)
        for start in range(0, len(data), max(size, 1)):
            if start and reply.drip_s:
                await asyncio.sleep(reply.drip_s)
            elif start:
                await asyncio.sleep(0)  # lets the loop send the piece before the next is queued
            self._transport.write(data[start : start + size])
            await self._writable.wait()
