"""Making a recorded call again, as whoever asks for it."""

import asyncio
from typing import Any, Final

import msgspec

from mainspring.capabilities.calls.domain import (
    Comparison,
    Replay,
    Side,
    answered_in,
    asked_again,
    checked_parameters,
    compared,
    with_answer,
)
from mainspring.capabilities.calls.ports import CallStore, ModelCaller
from mainspring.capabilities.calls.service.calls import CallService
from mainspring.capabilities.catalog.api import MODEL_CALL
from mainspring.capabilities.metering.api import MeteringService, UsageEntry
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import MainspringError
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import Scope
from mainspring.wire.dialects import UPSTREAM_DIALECTS
from mainspring.wire.endpoints import Endpoint
from mainspring.wire.events.answer import fold
from mainspring.wire.events.kept import kept_answer

_SETTLES_S: Final = 5.0
"""So long the ledger is waited for; a gateway sends what it counted twice a second."""
_LOOK_EVERY_S: Final = 0.1


class ReplayService:
    """Makes calls again, through the gateway, where all that holds for calls holds for them."""

    def __init__(
        self,
        store: CallStore,
        calls: CallService,
        tenancy: TenancyService,
        *,
        caller: ModelCaller,
        metering: MeteringService,
        clock: Clock,
    ) -> None:
        self._store = store
        self._calls = calls
        self._tenancy = tenancy
        self._caller = caller
        self._metering = metering
        self._clock = clock

    async def replay(
        self,
        scope: Scope,
        call_id: str,
        *,
        model: str | None = None,
        parameters: dict[str, Any] | None = None,
        settles_s: float = _SETTLES_S,
    ) -> Comparison:
        """Make a call again in its project, in the caller's own name, and compare the two.

        A refusal of the gateway is an answer like any other: its status and text are compared.
        ``settles_s`` is how long the ledger is waited for.

        Raises:
            NotFoundError: if there is no such call that the caller may see.
            PermissionDeniedError: if the caller may not see it, or not call models there.
            CallNotKeptError: if what was asked was not kept whole.
            InvalidRequestError: if calls of its kind cannot be made again, or a parameter cannot
                be changed.
            GatewayUnreachableError: if the gateway does not answer.
        """
        changed = checked_parameters(parameters or {})
        call = (await self._calls.get_call(scope, call_id)).call
        within = msgspec.structs.replace(
            await self._tenancy.project_scope(scope, MODEL_CALL, call.project_id),
            org_id=call.org_id,
            project_id=call.project_id,
        )
        asked = asked_again(call, model, changed)
        began = self._clock.monotonic()
        made = await self._caller.call(within, asked.endpoint.path, msgspec.json.encode(asked.body))
        took_ms = (self._clock.monotonic() - began) * 1000
        now = self._clock.now()
        replay = Replay(
            day=now.date(),
            id=new_id("rpl"),
            at=now,
            org_id=call.org_id,
            project_id=call.project_id,
            request_id=call.request_id,
            replay_request_id=made.request_id,
            model=asked.body["model"],
            parameters=changed,
            status=made.status,
            actor_id=scope.actor.id,
        )
        await self._store.ensure_days({replay.day})
        async with self._store.begin(within) as calls:
            await calls.add_replay(replay)
        side = Side(
            request_id=made.request_id,
            model=replay.model,
            status=made.status,
            duration_ms=took_ms,
            truncated=made.truncated,
        )
        if not made.truncated:
            answer = _read(asked.endpoint, made.body, made.status, streamed=made.streamed)
            side = with_answer(side, answer)
        entry = await self._settled(made.request_id, settles_s)
        if entry is not None and entry.project_id == call.project_id:
            side = _figured(side, entry)
        return compared(replay, answered_in(call), side, settled=entry is not None)

    async def _settled(self, request_id: str, within_s: float) -> UsageEntry | None:
        for _ in range(round(within_s / _LOOK_EVERY_S)):
            entry = await self._metering.find(request_id)
            if entry is not None:
                return entry
            await asyncio.sleep(_LOOK_EVERY_S)
        return await self._metering.find(request_id)


def _figured(side: Side, entry: UsageEntry) -> Side:
    return msgspec.structs.replace(
        side,
        model=entry.model,
        upstream_model=entry.upstream_model,
        outcome=entry.outcome,
        input_tokens=entry.input_tokens + entry.cached_input_tokens + entry.cache_write_tokens,
        output_tokens=entry.output_tokens + entry.reasoning_tokens,
        cost_nanos=entry.cost_nanos,
        currency=entry.currency,
        ttft_ms=entry.ttft_ms,
        duration_ms=entry.duration_ms,
    )


def _read(endpoint: Endpoint, body: bytes, status: int, *, streamed: bool) -> object:
    """Return an answer as records keep it, as far as it can be read."""
    dialect = UPSTREAM_DIALECTS.get(endpoint.dialect or "")
    try:
        if not 200 <= status <= 299:
            return msgspec.json.decode(body)
        if not endpoint.worded:
            return None
        if dialect is None:
            return msgspec.json.decode(body)
        if streamed:
            reader = dialect.stream_reader()
            events = [*reader.feed(body), *reader.close()]
        else:
            events = list(dialect.read_answer(body))
        return kept_answer(fold(events))
    except (MainspringError, msgspec.MsgspecError, ValueError, IndexError, RecursionError):
        return None  # cut off in the middle, or of another shape
