"""The scripted control speaks the internal contract and fails exactly as told."""

import struct
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from mainspring.snapshot.frame import Frame, decode_frame
from mainspring.testing.control import ScriptedControl
from mainspring.wire.records import (
    BatchReceipt,
    Heartbeat,
    HeartbeatBatch,
    RecordBatch,
    UsageRecord,
)


@pytest.fixture
async def control() -> AsyncIterator[ScriptedControl]:
    async with ScriptedControl(keep_alive_s=0.02) as scripted:
        yield scripted


@pytest.fixture
async def client(control: ScriptedControl) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=control.url, headers={"authorization": f"Bearer {control.token}"}
    ) as made:
        yield made


def batch(*ids: str) -> bytes:
    records = [
        UsageRecord(
            id=id_,
            request_id="req",
            at_ms=1,
            org_id="o",
            project_id="p",
            key_id=None,
            actor_id="a",
            operation="chat",
            model="m",
        )
        for id_ in ids
    ]
    raw = [msgspec.Raw(msgspec.msgpack.encode(record)) for record in records]
    return msgspec.msgpack.encode(RecordBatch("gateway", raw))


class FrameReader:
    """Takes length-prefixed frames out of a streamed answer."""

    def __init__(self, response: httpx.Response) -> None:
        self._chunks = response.aiter_bytes()
        self._buffer = b""

    async def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._buffer += await anext(self._chunks)
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    async def raw(self) -> bytes:
        (length,) = struct.unpack(">I", await self._exactly(4))
        return await self._exactly(length)

    async def frame(self) -> Frame:
        while True:
            data = await self.raw()
            if data:
                return decode_frame(data)


async def test_a_stream_begins_with_a_base_and_goes_on_with_deltas(
    control: ScriptedControl, client: httpx.AsyncClient
) -> None:
    control.snapshot.add_key()
    async with client.stream("GET", "/internal/v1/snapshot") as response:
        reader = FrameReader(response)
        base = await reader.frame()
        assert base.since is None
        assert len(base.entries) == 3  # organisation, project, key
        control.snapshot.add_upstream("http://127.0.0.1:9")
        control.publish()
        delta = await reader.frame()
        assert (delta.since, delta.version) == (3, 4)
        assert [entry.kind for entry in delta.entries] == ["upstream"]
    assert control.snapshot_requests == [None]


async def test_a_stream_may_start_in_the_middle_or_carry_garbage(
    control: ScriptedControl, client: httpx.AsyncClient
) -> None:
    control.snapshot.add_key()
    async with client.stream("GET", "/internal/v1/snapshot?since=2") as response:
        reader = FrameReader(response)
        delta = await reader.frame()
        assert [entry.kind for entry in delta.entries] == ["api_key"]
        control.send_frame(b"not a frame")
        data = await reader.raw()
        while not data:
            data = await reader.raw()
        assert data == b"not a frame"


async def test_an_open_stream_is_kept_alive_by_empty_frames(
    control: ScriptedControl, client: httpx.AsyncClient
) -> None:
    async with client.stream("GET", "/internal/v1/snapshot") as response:
        reader = FrameReader(response)
        await reader.frame()
        assert await reader.raw() == b""


async def test_records_are_kept_once_and_repeats_are_counted(
    control: ScriptedControl, client: httpx.AsyncClient
) -> None:
    await client.post("/internal/v1/records", content=batch("use_1", "use_2"))
    response = await client.post("/internal/v1/records", content=batch("use_2", "use_3"))
    receipt = msgspec.msgpack.decode(response.content, type=BatchReceipt)
    assert receipt == BatchReceipt(accepted=1, duplicates=1)
    assert sorted(control.records) == ["use_1", "use_2", "use_3"]
    assert control.duplicates == 1


async def test_batches_are_refused_and_receipts_lost_on_demand(
    control: ScriptedControl, client: httpx.AsyncClient
) -> None:
    control.refuse_records(503)
    refused = await client.post("/internal/v1/records", content=batch("use_1"))
    assert refused.status_code == 503
    assert control.records == {}
    control.lose_receipts()
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post("/internal/v1/records", content=batch("use_1"))
    assert list(control.records) == ["use_1"]


async def test_it_goes_down_and_comes_up_on_the_same_port(
    control: ScriptedControl, client: httpx.AsyncClient
) -> None:
    await control.go_down()
    with pytest.raises(httpx.ConnectError):
        await client.post("/internal/v1/records", content=batch("use_1"))
    await control.come_up()
    assert (await client.post("/internal/v1/records", content=batch("use_1"))).status_code == 200


async def test_a_wrong_token_is_refused(control: ScriptedControl) -> None:
    async with httpx.AsyncClient(base_url=control.url) as stranger:
        response = await stranger.post("/internal/v1/records", content=batch("use_1"))
    assert response.status_code == 401
    assert control.records == {}


async def test_heartbeats_are_kept_by_instance(
    control: ScriptedControl, client: httpx.AsyncClient
) -> None:
    beat = Heartbeat(
        instance_id="ins_1",
        role="gateway",
        name="gateway",
        state="ready",
        version="0",
        started_at_ms=1,
    )
    body = msgspec.msgpack.encode(HeartbeatBatch([beat]))
    assert (await client.post("/internal/v1/heartbeats", content=body)).status_code == 204
    await control.until(lambda: control.heartbeats == {"ins_1": beat})
