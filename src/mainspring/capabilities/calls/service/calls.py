"""The use cases of calls."""

import logging
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from mainspring.capabilities.calls.domain import (
    CALL_READ,
    MAX_RANGE,
    MAX_SPANS,
    SCORE_WRITE,
    TRACE_READ,
    Call,
    CallFilter,
    KeptRequest,
    KeptSpan,
    Replay,
    Score,
    call_of,
    spans_of,
)
from mainspring.capabilities.calls.ports import (
    CallStore,
    NoScoreFollower,
    ObservationRefusedError,
    ScoreFollower,
)
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize, authorize_somewhere
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import DatabaseUnavailableError, InvalidRequestError, NotFoundError
from mainspring.kernel.ids import id_time_ms, new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.ranges import checked_range
from mainspring.kernel.scope import Scope
from mainspring.wire.observations import CallRecord, ObservationBatch, TraceRecord
from mainspring.wire.records import BatchReceipt
from mainspring.wire.spans import trace_id_of

_log = logging.getLogger(__name__)
_SELF = Scope.platform("calls")
_DAYS_AHEAD: Final = 7
_decoder = msgspec.msgpack.Decoder(CallRecord | TraceRecord)


class Retention(msgspec.Struct, frozen=True):
    """For how many days calls (with their scores) and spans are kept."""

    calls_days: int = 30
    spans_days: int = 7


class ShownCall(msgspec.Struct, frozen=True):
    """A call with what people thought of it, and how it was made again.

    ``replay_of`` is there where the call itself is another one made again.
    """

    call: Call
    scores: Sequence[Score]
    replays: Sequence[Replay] = ()
    replay_of: Replay | None = None


class CallService:
    """What was observed of calls."""

    def __init__(
        self,
        store: CallStore,
        tenancy: TenancyService,
        clock: Clock,
        *,
        retention: Retention | None = None,
        follower: ScoreFollower | None = None,
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._clock = clock
        self._retention = retention or Retention()
        self._follower = follower or NoScoreFollower()

    async def ingest(self, batch: ObservationBatch) -> BatchReceipt:
        """Keep a gateway's batch; once this returns, all of it that can be kept is durable.

        What came before changes nothing. What cannot be read or held is left out: it is no bill.

        Raises:
            DatabaseUnavailableError: if nothing was kept; send the batch again.
        """
        now = self._clock.now()
        calls: dict[str, tuple[Call, str]] = {}
        spans: list[KeptSpan] = []
        unread = 0
        for raw in batch.records:
            try:
                record = _decoder.decode(raw)
                if isinstance(record, CallRecord):
                    call = call_of(record, now)
                    calls.setdefault(call[0].id, call)
                else:
                    spans += spans_of(record)
            except (msgspec.MsgspecError, ValueError, RecursionError):
                unread += 1
        oldest = now.date() - timedelta(days=self._retention.calls_days)
        kept = [call for call in calls.values() if call[0].day > oldest]
        oldest = now.date() - timedelta(days=self._retention.spans_days)
        spans = [span for span in spans if span.day > oldest]
        await self._store.ensure_days({call.day for call, _ in kept} | {each.day for each in spans})
        try:
            added = await self._keep(kept, spans)
        except ObservationRefusedError:
            added = 0
            for call in kept:
                added += await self._keep_if_possible([call], [])
            for span in spans:
                added += await self._keep_if_possible([], [span])
        if unread:
            _log.warning("%d observations of %s cannot be read", unread, batch.gateway_id)
        return BatchReceipt(accepted=added, duplicates=max(len(batch.records) - added, 0))

    async def list_calls(
        self, scope: Scope, page: PageRequest, which: CallFilter, *, until: datetime | None
    ) -> Page[Call]:
        """Return calls, newest first, without contents.

        Raises:
            NotFoundError: if the caller sees no such organisation or project.
            InvalidRequestError: if the range is not one.
        """
        start, end = checked_range(which.since, until, self._clock.now(), longest=MAX_RANGE)
        scope = await self._narrowed(scope, CALL_READ, which.org_id, which.project_id)
        which = msgspec.structs.replace(
            which,
            since=start,
            until=end,
            org_id=None if scope.crosses_tenants else scope.org_id,
        )
        before = decode_cursor(page.cursor, tuple[int, str])
        async with self._store.begin(scope) as calls:
            found = await calls.calls(which, before=before, limit=page.limit + 1)
        return page_of(found, page.limit, lambda call: (_unix_ms(call.at), call.id))

    async def get_call(self, scope: Scope, call_id: str) -> ShownCall:
        """Return a call with its contents and scores, by its own id or that of its request.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PermissionDeniedError: if the caller may not see calls where it belongs.
        """
        call = await self._find(call_id)
        if call is None:
            raise NotFoundError
        scope = authorize(scope, CALL_READ, org_id=call.org_id, project_id=call.project_id)
        async with self._store.begin(scope) as calls:
            scores = await calls.scores(call.day, call.request_id, call.project_id)
            replays = await calls.replays(call.day, call.request_id, call.project_id)
            replay_of = await calls.replay_of(call.day, call.request_id, call.project_id)
        return ShownCall(call, scores, replays, replay_of)

    async def requests_of(
        self, days: Collection[date], request_ids: Collection[str]
    ) -> Sequence[KeptRequest]:
        """Return what was asked in those requests; whoever asks has decided that they may know."""
        async with self._store.begin(_SELF) as calls:
            return await calls.requests(days, request_ids)

    async def score(
        self,
        scope: Scope,
        *,
        request_id: str,
        name: str,
        project_id: str | None = None,
        value: float | None = None,
        label: str | None = None,
        comment: str | None = None,
        source: str = "user",
        user_id: str | None = None,
    ) -> Score:
        """Keep what somebody thought of an answer.

        Without ``project_id`` the call's own record tells where it belongs; with it the call may
        be one of which nothing is kept.

        Raises:
            InvalidRequestError: if there is neither a value nor a label nor a comment.
            NotFoundError: if there is no such project or call that the caller may see.
        """
        if value is None and not label and not comment:
            raise InvalidRequestError("a score has a value, a label or a comment", param="value")
        if not request_id.startswith("req_") or _made_at(request_id) is None:
            raise InvalidRequestError("this is not the id of a request", param="request_id")
        if project_id is not None:
            scope = await self._tenancy.project_scope(scope, SCORE_WRITE, project_id)
            org_id = scope.org_id
        else:
            call = await self._find(request_id)
            if call is None:
                raise NotFoundError
            org_id, project_id = call.org_id, call.project_id
            scope = authorize(scope, SCORE_WRITE, org_id=org_id, project_id=project_id)
        now = self._clock.now()
        score = Score(
            day=now.date(),
            id=new_id("scr"),
            at=now,
            org_id=org_id,
            project_id=project_id,
            request_id=request_id,
            name=name,
            value=value,
            label=label,
            comment=comment,
            source=source,
            user_id=user_id,
            actor_id=scope.actor.id,
        )
        await self._store.ensure_days({score.day})
        since = now.date() - timedelta(days=self._retention.calls_days)
        async with self._store.begin(scope) as calls:
            before = await calls.scores(since, request_id, project_id)
            await calls.add_score(score)
        if all(each.name != name for each in before):
            await self._tell(score)
        return score

    async def trace(
        self, scope: Scope, trace_id: str, *, org_id: str | None, project_id: str | None
    ) -> Sequence[KeptSpan]:
        """Return the spans of a trace, by their start; ``trace_id`` may be an ``X-Trace-ID``.

        A trace's id is its sender's choice, so that two tenants may use one: each sees its own.

        Raises:
            NotFoundError: if the caller sees no span of it.
        """
        scope = await self._narrowed(scope, TRACE_READ, org_id, project_id)
        org_id = None if scope.crosses_tenants else scope.org_id
        async with self._store.begin(scope) as calls:
            found = await calls.trace(
                trace_id_of(trace_id), org_id=org_id, project_id=project_id, limit=MAX_SPANS
            )
        if not found:
            raise NotFoundError
        return found

    async def keep_house(self) -> None:
        """Make room for today and the days ahead, and drop the days that are over."""
        today = self._clock.now().date()
        await self._store.ensure_days(
            {today + timedelta(days=offset) for offset in range(-1, _DAYS_AHEAD + 1)}
        )
        dropped = await self._store.drop_before(
            calls=today - timedelta(days=self._retention.calls_days),
            spans=today - timedelta(days=self._retention.spans_days),
        )
        if dropped:
            _log.info("%d days of calls and spans are over", dropped)

    async def _tell(self, score: Score) -> None:
        try:
            await self._follower.scored(score)
        except DatabaseUnavailableError:
            _log.warning("a score was not followed")

    async def _narrowed(
        self, scope: Scope, permission: Permission, org_id: str | None, project_id: str | None
    ) -> Scope:
        if project_id is not None:
            return await self._tenancy.project_scope(scope, permission, project_id)
        return authorize_somewhere(scope, permission, org_id=org_id)

    async def _find(self, call_id: str) -> Call | None:
        made_at = _made_at(call_id)
        if made_at is None:
            return None
        # A gateway makes the id when the request has arrived; around midnight days may differ.
        days: set[date] = {(made_at + timedelta(minutes=minutes)).date() for minutes in (-60, 0, 1)}
        async with self._store.begin(_SELF) as calls:
            return await calls.call(days, "req_" + call_id.rpartition("_")[2])

    async def _keep(self, calls: Sequence[tuple[Call, str]], spans: Sequence[KeptSpan]) -> int:
        async with self._store.begin(_SELF) as kept:
            return await kept.add_calls(calls) + await kept.add_spans(spans)

    async def _keep_if_possible(
        self, calls: Sequence[tuple[Call, str]], spans: Sequence[KeptSpan]
    ) -> int:
        try:
            return await self._keep(calls, spans)
        except ObservationRefusedError as error:
            _log.warning("an observation cannot be kept: %s", error)
            return 0


def _made_at(own_id: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(id_time_ms(own_id) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _unix_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
