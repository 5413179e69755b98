"""The internal contract of control over a real socket, with outages on demand.

It serves the snapshot stream, takes records and heartbeats, and keeps what it was sent. It has no
database: what control itself does is tested on control.
"""

import asyncio
import contextlib
import struct
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

import msgspec

from mainspring.kernel.tasks import TaskOwner
from mainspring.snapshot.frame import encode_frame
from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.wire.observations import CallRecord, ObservationBatch, TraceRecord
from mainspring.wire.records import (
    BatchReceipt,
    Heartbeat,
    HeartbeatBatch,
    RecordBatch,
    UsageRecord,
)

_batch_decoder = msgspec.msgpack.Decoder(RecordBatch)
_record_decoder = msgspec.msgpack.Decoder(UsageRecord)
_observations_decoder = msgspec.msgpack.Decoder(ObservationBatch)
_observation_decoder = msgspec.msgpack.Decoder(CallRecord | TraceRecord)
_heartbeats_decoder = msgspec.msgpack.Decoder(HeartbeatBatch)
_encode = msgspec.msgpack.Encoder().encode

_MAX_OBSERVATIONS = 1000

_REASONS = {200: "OK", 204: "No Content", 401: "Unauthorized", 404: "Not Found", 503: "Down"}


class ScriptedControl:
    """Control's internal HTTP on 127.0.0.1, with outages on demand.

    ::

        async with ScriptedControl() as control:
            secret = control.snapshot.add_key()
            ...                                  # a gateway with control.url and control.token
            control.publish()                    # tell connected gateways what changed since
            await control.until(lambda: len(control.records) == 3)

    ``records`` are the distinct usage records by id; ``duplicates`` counts those that came again.
    ``observations`` are the last thousand. ``heartbeats`` are the latest by instance.
    ``snapshot_requests`` are the ``since`` values that gateways asked with (``None``: a base),
    ``snapshot_epochs`` the epochs. With ``keep_records`` false, records are acknowledged and
    counted (``records_taken``), not read: for load.
    """

    def __init__(
        self,
        snapshot: SnapshotBuilder | None = None,
        *,
        token: str = "scripted-control-token",  # noqa: S107 - a test's token, not a secret
        keep_alive_s: float = 0.2,
        keep_records: bool = True,
        port: int = 0,
    ) -> None:
        self.snapshot = snapshot or SnapshotBuilder()
        self.token = token
        self.records: dict[str, UsageRecord] = {}
        self.records_taken = 0
        self.duplicates = 0
        self.observations: deque[CallRecord | TraceRecord] = deque(maxlen=_MAX_OBSERVATIONS)
        self.heartbeats: dict[str, Heartbeat] = {}
        self.snapshot_requests: list[int | None] = []
        self.snapshot_epochs: list[str] = []
        self._keep_alive_s = keep_alive_s
        self._keep_records = keep_records
        self._port = port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._streams: list[asyncio.Queue[bytes]] = []
        self._refusals: list[int] = []
        self._lost_receipts = 0
        self._silent = False
        self._changed = asyncio.Event()
        self._failures: list[BaseException] = []
        self._tasks = TaskOwner(lambda _name, error: self._failures.append(error))

    @property
    def url(self) -> str:
        """Return the base URL; it stays the same over :meth:`go_down` and :meth:`come_up`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        """Return the port that is listened on."""
        return self._port

    @property
    def open_streams(self) -> int:
        """Return how many gateways hold a snapshot stream open."""
        return len(self._streams)

    # Scripting

    def publish(self) -> None:
        """Send every open stream the delta of what changed since its last frame."""
        for stream in self._streams:
            stream.put_nowait(b"")

    def send_frame(self, data: bytes) -> None:
        """Send ``data`` to every open stream as a frame, whatever it is."""
        for stream in self._streams:
            stream.put_nowait(data)

    def fall_silent(self, silent: bool = True) -> None:
        """Stop (or resume) keep-alives: streams stay open and say nothing."""
        self._silent = silent

    def refuse_records(self, *statuses: int) -> None:
        """Answer the next batches by ``statuses``, one each, without keeping them."""
        self._refusals.extend(statuses)

    def lose_receipts(self, count: int = 1) -> None:
        """Keep the next ``count`` batches and close the connection without an answer."""
        self._lost_receipts += count

    async def go_down(self) -> None:
        """Refuse connections and drop those that are open."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def come_up(self) -> None:
        """Listen (again) on the same port."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def until(self, condition: Callable[[], bool], *, timeout_s: float = 5.0) -> None:
        """Wait until ``condition`` holds; it is asked after everything that arrives.

        Raises:
            TimeoutError: if it does not within ``timeout_s`` seconds.
        """
        async with asyncio.timeout(timeout_s):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def __aenter__(self) -> Self:
        await self.come_up()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.go_down()
        await self._tasks.close()
        if self._failures and exc is None:
            raise BaseExceptionGroup("the scripted control itself failed", self._failures)

    # Serving

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.start(self._serve(reader, writer), name="scripted control")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._one(reader, writer):
                    pass
        finally:
            self._writers.discard(writer)
            writer.close()
            self._changed.set()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request; tell whether the connection may serve another."""
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("authorization") != f"Bearer {self.token}":
            self._respond(writer, 401)
            return True
        url = urlsplit(target)
        match method, url.path:
            case "GET", "/internal/v1/snapshot":
                query = parse_qs(url.query)
                since, epoch = query.get("since", ["0"])[0], query.get("epoch", [""])[0]
                await self._stream_snapshot(writer, int(since) or None, epoch)
                return False
            case "POST", "/internal/v1/records":
                return self._take_records(writer, body)
            case "POST", "/internal/v1/observations":
                came = _observations_decoder.decode(body).records
                if self._keep_records:
                    self.observations.extend(_observation_decoder.decode(raw) for raw in came)
                self._respond(writer, 200, _encode(BatchReceipt(len(came), 0)))
            case "POST", "/internal/v1/heartbeats":
                for beat in _heartbeats_decoder.decode(body).heartbeats:
                    self.heartbeats[beat.instance_id] = beat
                self._respond(writer, 204)
            case _:
                self._respond(writer, 404)
        self._changed.set()
        return True

    def _respond(self, writer: asyncio.StreamWriter, status: int, body: bytes = b"") -> None:
        head = f"HTTP/1.1 {status} {_REASONS.get(status, 'Scripted')}\r\n"
        if status != 204:
            head += f"content-type: application/msgpack\r\ncontent-length: {len(body)}\r\n"
        writer.write(head.encode() + b"\r\n" + body)

    def _take_records(self, writer: asyncio.StreamWriter, body: bytes) -> bool:
        if self._refusals:
            self._respond(writer, self._refusals.pop(0))
            self._changed.set()
            return True
        accepted = duplicates = 0
        records = _batch_decoder.decode(body).records
        self.records_taken += len(records)
        if not self._keep_records:
            self._respond(writer, 200, _encode(BatchReceipt(len(records), 0)))
            return True
        for raw in records:
            record = _record_decoder.decode(raw)
            if record.id in self.records:
                duplicates += 1
            else:
                self.records[record.id] = record
                accepted += 1
        self.duplicates += duplicates
        self._changed.set()
        if self._lost_receipts:
            self._lost_receipts -= 1
            return False
        self._respond(writer, 200, _encode(BatchReceipt(accepted, duplicates)))
        return True

    async def _stream_snapshot(
        self, writer: asyncio.StreamWriter, since: int | None, epoch: str
    ) -> None:
        self.snapshot_requests.append(since)
        self.snapshot_epochs.append(epoch)
        if epoch not in ("", self.snapshot.epoch):
            since = None
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        stream: asyncio.Queue[bytes] = asyncio.Queue()
        self._streams.append(stream)
        try:
            told = self._send_changes(writer, since)
            self._changed.set()
            while True:
                try:
                    async with asyncio.timeout(self._keep_alive_s):
                        data = await stream.get()
                except TimeoutError:
                    if not self._silent:
                        self._send(writer, b"")
                else:
                    if data:
                        self._send(writer, data)
                    else:
                        told = self._send_changes(writer, told)
                await writer.drain()
        finally:
            self._streams.remove(stream)

    def _send_changes(self, writer: asyncio.StreamWriter, since: int | None) -> int:
        # A gateway that is ahead of us talked to another control: it starts over from a base.
        if since is not None and since > self.snapshot.version:
            since = None
        self._send(writer, encode_frame(self.snapshot.frame(since)))
        return self.snapshot.version

    def _send(self, writer: asyncio.StreamWriter, frame: bytes) -> None:
        if writer.is_closing():
            raise ConnectionResetError  # asyncio would say nothing, uvloop another error
        data = struct.pack(">I", len(frame)) + frame
        writer.write(b"%x\r\n%b\r\n" % (len(data), data))
