"""What is kept of calls, in PostgreSQL."""

import logging
from collections.abc import AsyncGenerator, Collection, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from psycopg.errors import QueryCanceled
from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Text,
    bindparam,
    func,
    select,
    tuple_,
)
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
)
from mainspring.capabilities.calls.ports import ObservationRefusedError
from mainspring.capabilities.calls.store.search import (
    FINE,
    TERMS,
    by_terms,
    find_by_terms,
    values_kept,
)
from mainspring.capabilities.calls.store.tables import (
    call_records,
    call_replays,
    call_scores,
    call_spans,
    call_terms,
)
from mainspring.infra.db import Database
from mainspring.infra.db.partitions import (
    drop_partition,
    ensure_partition,
    missing_partitions,
    partitions_before,
)
from mainspring.infra.db.rows import from_row, to_row
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.scope import Scope

_log = logging.getLogger(__name__)
_SELF = Scope.platform("calls")
_PARENTS = (call_records, call_terms, call_spans, call_scores, call_replays)
_QUESTION_S = 10.0
_TOO_BROAD = (
    "finding these calls takes too long; ask for a shorter time, or name the project or the model"
)
_PREPARE = select(
    func.set_config("statement_timeout", bindparam("ms", type_=Text()), True),
    # A plan that is right for a model of every call is wrong for one of few.
    func.set_config("plan_cache_mode", "force_custom_plan", True),
)
_LISTED = [column for column in call_records.c if column.name not in {"request", "answer", "words"}]
_SHOWN = [column for column in call_records.c if column.name != "words"]


class PostgresCallStore:
    """Opens transactions on PostgreSQL; makes and drops partitions.

    ``question_s`` is how long one statement of a question may take.
    """

    def __init__(self, database: Database, *, question_s: float = _QUESTION_S) -> None:
        self._database = database
        self._question_ms = str(round(question_s * 1000))
        self._days: set[date] = set()

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresCalls"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresCalls(session, self._question_ms)

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
        with_calls = (call_terms, call_records, call_scores, call_replays)
        over = {**dict.fromkeys(with_calls, calls), call_spans: spans}
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

    def __init__(self, session: AsyncSession, question_ms: str) -> None:
        self._session = session
        self._question_ms = question_ms

    async def add_calls(self, calls: Sequence[tuple[Call, str]]) -> int:
        """Keep calls; return how many were not there yet."""
        added = await self._add(call_records, [to_row(call) for call, _ in calls], ("day", "id"))
        if added:
            await self._add_terms(calls)
        return added

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
        with _within_time():
            await self._session.execute(_PREPARE, {"ms": self._question_ms})
            if by_terms(which):
                found = await find_by_terms(self._session, which, before=before, limit=limit)
                query = _of_ids(found)
            else:
                query = _of_filter(which, before=before, limit=limit)
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

    async def _add(self, table: Table, rows: list[dict[str, Any]], unique: Sequence[str]) -> int:
        if not rows:
            return 0
        statement = (
            insert(table).on_conflict_do_nothing(index_elements=unique).returning(table.c.day)
        )
        with _refused():
            return len((await self._session.execute(statement, rows)).all())

    async def _add_terms(self, calls: Sequence[tuple[Call, str]]) -> None:
        columns = ("day", "at", "id", "org_id", "duration_ms", "cost_nanos")
        rows = [
            {name: getattr(call, name) for name in columns} | values_kept(call, words)
            for call, words in calls
        ]
        # No columns are named: that would make PostgreSQL apply the policy of readers.
        statement = insert(call_terms).values(terms=TERMS).on_conflict_do_nothing()
        with _refused():
            await self._session.execute(statement, rows)


@contextmanager
def _refused() -> Generator[None]:
    try:
        yield
    except (DataError, IntegrityError, ProgrammingError) as error:
        raise ObservationRefusedError(str(error.orig)) from error


@contextmanager
def _within_time() -> Generator[None]:
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, QueryCanceled):
            raise InvalidRequestError(_TOO_BROAD, param="since") from error
        raise


def _of_ids(found: Sequence[tuple[date, str]]) -> Select[Any]:
    table = call_records.c
    return (
        select(*_LISTED)
        .where(
            table.day.in_(sorted({day for day, _ in found})),
            table.id.in_([call_id for _, call_id in found]),
        )
        .order_by(table.at.desc(), table.id.desc())
    )


def _of_filter(which: CallFilter, *, before: tuple[int, str] | None, limit: int) -> Select[Any]:
    table = call_records.c
    query = (
        select(*_LISTED)
        .where(*_conditions(which))
        .order_by(table.at.desc(), table.id.desc())
        .limit(limit)
    )
    if before is not None:
        at = datetime.fromtimestamp(before[0] / 1000, UTC)
        query = query.where(
            tuple_(table.at, table.id) < tuple_(at, before[1]), table.day <= at.date()
        )
    return query


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
        fine = table.outcome.in_(FINE)
        conditions.append(~fine if which.failed else fine)
    if which.min_duration_ms is not None:
        conditions.append(table.duration_ms >= which.min_duration_ms)
    if which.min_cost_nanos is not None:
        conditions.append(table.cost_nanos >= which.min_cost_nanos)
    return conditions
