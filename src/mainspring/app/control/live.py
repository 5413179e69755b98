"""Live events for the console: parts, calls and sums, as server-sent events."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable

from fastapi import APIRouter, Request
from pydantic import BaseModel

from mainspring.app.control.streams import OwnedStream
from mainspring.capabilities.fleet.api import SYSTEM_READ, FleetService
from mainspring.capabilities.fleet.http import PartList, PartView
from mainspring.capabilities.metering.api import MeteringService
from mainspring.capabilities.metering.http import UsageRecordView, UsageSummaryView
from mainspring.infra.web import (
    Authenticate,
    CurrentScope,
    event_stream,
    for_the_signed_in,
    problems,
)
from mainspring.kernel.authorize import reach
from mainspring.kernel.errors import MainspringError, NotReadyError, SignInRequiredError
from mainspring.kernel.scope import Scope
from mainspring.kernel.tasks import TaskOwner
from mainspring.wire.sse import encode_event

_log = logging.getLogger(__name__)

_EVERY_S = 2.0
_SUMMARY_EVERY_S = 5.0
_KEEP_ALIVE_S = 15.0
_QUEUE = 64


def live_routes(
    *,
    authenticate: Authenticate,
    metering: MeteringService,
    fleet: FleetService,
    stopping: asyncio.Event,
) -> APIRouter:
    """Return the route of the live stream."""
    router = APIRouter(tags=["live"], responses=problems(SignInRequiredError))

    @router.get(
        "/live",
        operation_id="follow_live",
        openapi_extra=for_the_signed_in(),
        response_class=OwnedStream,
        responses=event_stream(
            "Server-sent events. `parts`: as `GET /system/parts`, every two seconds, for whoever"
            " may see it. `call`: a usage record, as it arrives. `summary`: as"
            " `GET /usage/summary`, every five seconds.",
            {"parts": PartList, "call": UsageRecordView, "summary": UsageSummaryView},
        ),
    )
    async def follow_live(request: Request, scope: CurrentScope) -> OwnedStream:
        """Follow parts, calls and sums as they change."""
        stream = LiveStream(metering, fleet, scope, lambda: authenticate(request))
        return OwnedStream(
            stream.events(stopping),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    _ = follow_live
    return router


class LiveStream:
    """One browser's stream. Fails open: what cannot be read at this moment is simply not sent."""

    def __init__(
        self,
        metering: MeteringService,
        fleet: FleetService,
        scope: Scope,
        recognise: Callable[[], Awaitable[Scope]],
    ) -> None:
        self._metering = metering
        self._fleet = fleet
        self._scope = scope
        self._recognise = recognise
        # Bounded: a browser that does not read stops our reading, not our memory.
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(_QUEUE)

    async def events(self, stopping: asyncio.Event) -> AsyncGenerator[bytes]:
        """Yield events until the caller leaves, loses its session or a role, or we stop."""
        owner = TaskOwner(self._failed)
        try:
            owner.start(self._calls(), name="live-calls")
            owner.start(self._repeat(self._summary, _SUMMARY_EVERY_S), name="live-summary")
            if reach(self._scope, SYSTEM_READ) is None:
                owner.start(self._repeat(self._parts, _EVERY_S), name="live-parts")
            owner.start(self._end_with_session(), name="live-session")
            owner.start(self._end_when(stopping), name="live-stop")
            yield b"retry: 2000\n\n"
            while True:
                try:
                    async with asyncio.timeout(_KEEP_ALIVE_S):
                        event = await self._queue.get()
                except TimeoutError:
                    event = b": still here\n\n"
                if event is None:
                    return
                yield event
        finally:
            await owner.close()

    async def _calls(self) -> None:
        async for named in self._metering.follow(self._scope):
            await self._put("call", UsageRecordView.of(named))

    async def _parts(self) -> None:
        parts = await self._fleet.list_parts(self._scope)
        items = [PartView.model_validate(part) for part in parts]
        await self._put("parts", PartList(items=items, next_cursor=None))

    async def _summary(self) -> None:
        summary = await self._metering.summary(self._scope)
        await self._put("summary", UsageSummaryView.model_validate(summary))

    async def _end_with_session(self) -> None:
        """End when the caller is nobody any more, or may see something else than at first.

        A browser asks again, and gets what it may see now.
        """
        seen = set(self._scope.grants)
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                scope = await self._recognise()
            except NotReadyError:
                continue  # the database is away: nobody can tell now
            except MainspringError:
                break
            if set(scope.grants) != seen:
                break
        await self._queue.put(None)

    async def _end_when(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        await self._queue.put(None)

    async def _repeat(self, step: Callable[[], Awaitable[None]], every_s: float) -> None:
        while True:
            try:
                await step()
            except NotReadyError:
                _log.debug("a live event was left out: the database is away")
            except MainspringError as error:
                # What this caller may not see (sums over several organisations) is not sent.
                _log.debug("a live event is not for this caller: %s", error.code)
                return
            await asyncio.sleep(every_s)

    async def _put(self, event: str, data: BaseModel) -> None:
        await self._queue.put(encode_event(data.model_dump_json().encode(), event))

    def _failed(self, name: str, error: BaseException) -> None:
        _log.error("%s failed", name, exc_info=error)
        if not self._queue.full():
            self._queue.put_nowait(None)
