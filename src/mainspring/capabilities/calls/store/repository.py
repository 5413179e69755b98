"""What is kept of calls, in PostgreSQL."""

import logging
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, bindparam, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.calls.domain import (
    Call,
    CallFilter,
    KeptRequest,
    KeptSpan,
    Replay,
    Score,
    wanted_words,
)
from mainspring.capabilities.calls.ports import ObservationRefusedError
from mainspring.capabilities.calls.store.tables import (
    call_records,
    call_replays,
    call_scores,
    call_spans,
)
from mainspring.infra.db import Database
from mainspring.infra.db.partitions import (
    drop_partition,
    ensure_partition,
    missing_partitions,
    partitions_before,
)
from mainspring.infra.db.rows import from_row, to_row
from mainspring.kernel.scope import Scope

_log = logging.getLogger(__name__)
_SELF = Scope.platform("calls")
_PARENTS = (call_records, call_spans, call_scores, call_replays)
_FINE = ("ok", "client_closed")
_LISTED = [column for column in call_records.c if column.name not in {"request", "answer", "words"}]
_SHOWN = [column for column in call_records.c if column.name != "words"]


class PostgresCallStore:
    """Opens transactions on PostgreSQL; makes and drops partitions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._days: set[date] = set()

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresCalls"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresCalls(session)

    async def ensure_days(self, days: Collection[date]) -> None:
        """Make the partitions that are missing, each in a short transaction of its own."""
        wanted = set(days) - self._days
        if not wanted:
            return
        parents = [table.name for table in _PARENTS]
        async with self._database.session(_SELF) as session:
            missing = await missing_partitions(session, parents, wanted)
        for parent, day in missing:
            async with self._database.session(_SELF) as session:
                await ensure_partition(session, parent, day)
        self._days |= wanted

    async def drop_before(self, *, calls: date, spans: date) -> int:
        """Drop partitions of days before these, each in a transaction of its own.

        One that is being read is left for the next time.
        """
        dropped = 0
        over = {call_records: calls, call_scores: calls, call_replays: calls, call_spans: spans}
        for table, day in over.items():
            async with self._database.session(_SELF) as session:
                names = await partitions_before(session, table.name, day)
            for name in names:
                try:
                    async with self._database.session(_SELF) as session:
                        await drop_partition(session, name)
                    dropped += 1
                except OperationalError:
                    _log.info("%s is in use and goes another time", name)
        self._days = {day for day in self._days if day >= min(calls, spans)}
        return dropped


class PostgresCalls:
    """What is kept, as one transaction sees it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_calls(self, calls: Sequence[tuple[Call, str]]) -> int:
        """Keep calls; return how many were not there yet."""
        rows = [{**to_row(call), "search": words} for call, words in calls]
        words = func.to_tsvector("simple", bindparam("search"))
        return await self._add(call_records, rows, ("day", "id"), words=words)

    async def add_spans(self, spans: Sequence[KeptSpan]) -> int:
        """Keep spans; return how many were not there yet."""
        return await self._add(
            call_spans, [to_row(span) for span in spans], ("day", "trace_id", "span_id")
        )

    async def add_score(self, score: Score) -> None:
        """Keep a score."""
        await self._session.execute(insert(call_scores).values(to_row(score)))

    async def calls(
        self, which: CallFilter, *, before: tuple[int, str] | None, limit: int
    ) -> Sequence[Call]:
        """Return up to ``limit`` calls, newest first, without contents."""
        query = (
            select(*_LISTED)
            .where(*_conditions(which))
            .order_by(call_records.c.at.desc(), call_records.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            at = datetime.fromtimestamp(before[0] / 1000, UTC)
            query = query.where(
                tuple_(call_records.c.at, call_records.c.id) < tuple_(at, before[1]),
                call_records.c.day <= at.date(),
            )
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Call) for row in rows]

    async def call(self, days: Collection[date], request_id: str) -> Call | None:
        """Return the call of that request, of one of those days, with its contents."""
        query = select(*_SHOWN).where(
            call_records.c.day.in_(sorted(days)),
            call_records.c.id == "cal_" + request_id[4:],
        )
        row = (await self._session.execute(query)).mappings().first()
        return None if row is None else from_row(row, Call)

    async def requests(
        self, days: Collection[date], request_ids: Collection[str]
    ) -> Sequence[KeptRequest]:
        """Return what was asked in those requests, of those days."""
        table = call_records.c
        query = select(table.request_id, table.level, table.truncated, table.request).where(
            table.day.in_(sorted(days)),
            table.id.in_(["cal_" + each[4:] for each in request_ids]),
        )
        return [
            KeptRequest(
                request_id=request_id,
                level=level,
                truncated=truncated,
                request=None if request is None else msgspec.json.encode(request),
            )
            for request_id, level, truncated, request in await self._session.execute(query)
        ]

    async def scores(self, since: date, request_id: str, project_id: str) -> Sequence[Score]:
        """Return the scores of a call since that day, oldest first."""
        query = (
            select(call_scores)
            .where(
                call_scores.c.day >= since,
                call_scores.c.request_id == request_id,
                call_scores.c.project_id == project_id,
            )
            .order_by(call_scores.c.at, call_scores.c.id)
            .limit(200)
        )
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Score) for row in rows]

    async def add_replay(self, replay: Replay) -> None:
        """Keep that a call was made again."""
        await self._session.execute(insert(call_replays).values(to_row(replay)))

    async def replays(self, since: date, request_id: str, project_id: str) -> Sequence[Replay]:
        """Return how often a call was made again since that day, oldest first."""
        query = (
            select(call_replays)
            .where(
                call_replays.c.day >= since,
                call_replays.c.request_id == request_id,
                call_replays.c.project_id == project_id,
            )
            .order_by(call_replays.c.at, call_replays.c.id)
            .limit(200)
        )
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Replay) for row in rows]

    async def replay_of(self, since: date, request_id: str, project_id: str) -> Replay | None:
        """Return the replay that the call itself is, since that day, if it is one."""
        query = (
            select(call_replays)
            .where(
                call_replays.c.day >= since,
                call_replays.c.replay_request_id == request_id,
                call_replays.c.project_id == project_id,
            )
            .limit(1)
        )
        row = (await self._session.execute(query)).mappings().first()
        return None if row is None else from_row(row, Replay)

    async def trace(
        self, trace_id: str, *, org_id: str | None, project_id: str | None, limit: int
    ) -> Sequence[KeptSpan]:
        """Return up to ``limit`` spans of a trace by their start."""
        query = (
            select(call_spans)
            .where(call_spans.c.trace_id == trace_id)
            .order_by(call_spans.c.start_ns, call_spans.c.span_id)
            .limit(limit)
        )
        if org_id is not None:
            query = query.where(call_spans.c.org_id == org_id)
        if project_id is not None:
            query = query.where(call_spans.c.project_id == project_id)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, KeptSpan) for row in rows]

    async def _add(
        self,
        table: Table,
        rows: list[dict[str, Any]],
        unique: Sequence[str],
        **computed: ColumnElement[Any],
    ) -> int:
        if not rows:
            return 0
        statement = insert(table)
        if computed:
            statement = statement.values(computed)
        statement = statement.on_conflict_do_nothing(index_elements=unique).returning(table.c.day)
        try:
            return len((await self._session.execute(statement, rows)).all())
        except (DataError, IntegrityError, ProgrammingError) as error:
            raise ObservationRefusedError(str(error.orig)) from error


def _conditions(which: CallFilter) -> list[ColumnElement[bool]]:
    table = call_records.c
    conditions: list[ColumnElement[bool]] = [
        table.at >= which.since,
        table.at < which.until,
        # Lets the planner skip the partitions of other days.
        table.day >= which.since.date(),
        table.day <= which.until.date(),
    ]
    for name in (
        "org_id",
        "project_id",
        "model",
        "status",
        "outcome",
        "key_id",
        "session_id",
        "user_id",
        "trace_id",
    ):
        value = getattr(which, name)
        if value is not None:
            conditions.append(table[name] == value)
    if which.failed is not None:
        fine = table.outcome.in_(_FINE)
        conditions.append(~fine if which.failed else fine)
    if which.min_duration_ms is not None:
        conditions.append(table.duration_ms >= which.min_duration_ms)
    if which.min_cost_nanos is not None:
        conditions.append(table.cost_nanos >= which.min_cost_nanos)
    if which.metadata:
        conditions.append(table.metadata.contains(which.metadata))
    if which.text is not None:
        query = func.plainto_tsquery("simple", wanted_words(which.text))
        conditions.append(table.words.bool_op("@@")(query))
    return conditions
