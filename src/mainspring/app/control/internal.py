"""The link to our own processes: snapshot out, records and heartbeats in."""

import asyncio
import math
from collections.abc import AsyncGenerator, Callable
from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from mainspring.app.control.metrics import ControlMetrics
from mainspring.app.control.recognition import InternalCallers
from mainspring.app.control.streams import OwnedStream
from mainspring.capabilities.calls.api import CallService
from mainspring.capabilities.federation.api import FederationService
from mainspring.capabilities.fleet.api import FleetService
from mainspring.capabilities.metering.api import MeteringService, ReconciliationService
from mainspring.infra.feed import SnapshotFeed
from mainspring.kernel.errors import InvalidRequestError
from mainspring.snapshot.frame import Frame, encode_frame
from mainspring.wire.observations import ObservationBatch
from mainspring.wire.records import HeartbeatBatch, KeyRefreshRequest, RecordBatch
from mainspring.wire.tallies import TallyReport

T = TypeVar("T")

_KEEP_ALIVE_S = 2.0
_LOOK_UP_S = 0.25
"""How often a silent stream looks whether we stop."""

_MAX_ISSUERS = 100
_MSGPACK = "application/msgpack"
_KEEP_ALIVE = (0).to_bytes(4, "big")


def internal_routes(
    *,
    callers: InternalCallers,
    feed: SnapshotFeed,
    metering: MeteringService,
    reconciliation: ReconciliationService,
    calls: CallService,
    fleet: FleetService,
    federation: FederationService,
    metrics: ControlMetrics,
    stopping: asyncio.Event,
) -> APIRouter:
    """Return the routes; they are no part of the public API and not in its document."""
    router = APIRouter(
        prefix="/internal/v1", dependencies=[Depends(callers)], include_in_schema=False
    )

    @router.get("/snapshot")
    async def snapshot(
        since: Annotated[int, Query(ge=0)] = 0,
        epoch: Annotated[str, Query(max_length=64)] = "",
    ) -> OwnedStream:
        """Stream frames, each behind its length; a length of 0 says that we are there."""
        # The first frame is read before the answer starts: a database that is away is a 503.
        first = await feed.next_frame(since or None, wait_s=0, epoch=epoch)
        return OwnedStream(
            _frames(feed, since, epoch, first, stopping), media_type="application/octet-stream"
        )

    @router.post("/records")
    async def records(request: Request) -> Response:
        """Keep a batch; the answer means that it is durable."""
        batch = _decoded(await request.body(), _record_batch)
        receipt = await metering.ingest(batch)
        metrics.received(accepted=receipt.accepted, duplicates=receipt.duplicates)
        return Response(msgspec.msgpack.encode(receipt), media_type=_MSGPACK)

    @router.post("/tallies", status_code=204)
    async def tallies(request: Request) -> None:
        """Keep what a gateway counted, for the comparison with its records."""
        await reconciliation.take(_decoded(await request.body(), _tally_report))

    @router.post("/observations")
    async def observations(request: Request) -> Response:
        """Keep what was observed of calls, as far as it can be kept."""
        receipt = await calls.ingest(_decoded(await request.body(), _observation_batch))
        return Response(msgspec.msgpack.encode(receipt), media_type=_MSGPACK)

    @router.post("/heartbeats", status_code=204)
    async def heartbeats(request: Request) -> None:
        """Take note of parts that live."""
        await fleet.hear(_decoded(await request.body(), _heartbeat_batch).heartbeats)

    @router.post("/token-issuers/refresh", status_code=204)
    async def refresh_keys(request: Request) -> None:
        """Fetch soon the keys of issuers whose tokens a gateway cannot verify."""
        wanted = _decoded(await request.body(), _key_refresh).issuer_ids
        await federation.hasten(wanted[:_MAX_ISSUERS])

    _ = (snapshot, records, tallies, observations, heartbeats, refresh_keys)
    return router


async def _frames(
    feed: SnapshotFeed, since: int, epoch: str, first: Frame | None, stopping: asyncio.Event
) -> AsyncGenerator[bytes]:
    loop = asyncio.get_running_loop()
    at, frame = since, first
    silent_since = -math.inf
    while not stopping.is_set():
        if frame is not None:
            at, epoch = frame.version, frame.epoch
            data = await asyncio.to_thread(encode_frame, frame)
            yield len(data).to_bytes(4, "big") + data
            silent_since = loop.time()
        elif loop.time() - silent_since >= _KEEP_ALIVE_S:
            yield _KEEP_ALIVE
            silent_since = loop.time()
        frame = await feed.next_frame(at, wait_s=_LOOK_UP_S, epoch=epoch)


def _decoded(body: bytes, decode: Callable[[bytes], T]) -> T:
    try:
        return decode(body)
    except msgspec.MsgspecError as error:
        raise InvalidRequestError(f"the body cannot be read: {error}") from error


_record_batch = msgspec.msgpack.Decoder(RecordBatch).decode
_tally_report = msgspec.msgpack.Decoder(TallyReport).decode
_observation_batch = msgspec.msgpack.Decoder(ObservationBatch).decode
_heartbeat_batch = msgspec.msgpack.Decoder(HeartbeatBatch).decode
_key_refresh = msgspec.msgpack.Decoder(KeyRefreshRequest).decode
