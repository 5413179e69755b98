"""Which calls hold what is asked for, by the terms that migration 0044 keeps of each.

A term is a hash of a word of the contents, or of a field with its value. What is sought is a
setting of the transaction that the table's policy reads, because under row-level security an index
with many keys for a row serves a policy's conditions and no others.

Days are searched from the newest on until enough is found. A term of most calls is found within
the first day, which is read in its order; one of few is looked up in the index for ever more days
at a time. Either way the work is bounded by what is found, not by what there is.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from mainspring.capabilities.calls.domain import Call, CallFilter, wanted_words
from mainspring.capabilities.calls.store.tables import call_terms

_Query = Select[date, datetime, str]

FINE: Final = ("ok", "client_closed")
"""Outcomes of calls that did not fail."""
_ALONE: Final = 2
"""Days that are searched one by one, before there are several at a time."""
_INDEXED: Final = ("session_id", "user_id", "trace_id")
_TERMS_ALONE: Final = (
    "model",
    "key_id",
    "status",
    "outcome",
    "min_duration_ms",
    "min_cost_nanos",
)
_FIELDS: Final[dict[str, type[TypeEngine[Any]]]] = {
    "org_id": Text,
    "project_id": Text,
    "key_id": Text,
    "model": Text,
    "status": Integer,
    "outcome": Text,
    "failed": Boolean,
    "session_id": Text,
    "user_id": Text,
    "trace_id": Text,
    "metadata": JSONB,
}
"""What ``call_facts`` takes, in its order."""

_words: ColumnElement[Any] = func.to_tsvector("simple", bindparam("words_in", type_=Text()))
_facts: ColumnElement[Any] = func.call_facts(
    *(bindparam(f"its_{name}", type_=kind()) for name, kind in _FIELDS.items())
)
TERMS: Final[ColumnElement[Any]] = func.call_terms_of(_words, _facts)
"""The terms of the values that :func:`values_kept` or :func:`values_sought` returns."""
_SEEK: Final = select(
    func.length(_words), func.set_config("mainspring.sought", cast(TERMS, Text), True)
)


def by_terms(which: CallFilter) -> bool:
    """Tell whether terms find these calls sooner than the indexes of the calls themselves.

    What is long or dear is found there as well, for the sake of long calls that hold a word.
    """
    if which.text is not None or which.metadata:
        return True
    if any(getattr(which, name) is not None for name in _INDEXED):
        return False
    return any(getattr(which, name) is not None for name in _TERMS_ALONE)


def values_kept(call: Call, words: str) -> dict[str, Any]:
    """Return what the terms of ``call`` are made of."""
    fields = {f"its_{name}": getattr(call, name) for name in _FIELDS if name != "failed"}
    return {**fields, "its_failed": call.outcome not in FINE, "words_in": words}


def values_sought(which: CallFilter) -> dict[str, Any]:
    """Return what the terms of the calls that ``which`` asks for are made of."""
    fields = {f"its_{name}": getattr(which, name) for name in _FIELDS}
    return {**fields, "words_in": wanted_words(which.text or "")}


async def find_by_terms(
    session: AsyncSession, which: CallFilter, *, before: tuple[int, str] | None, limit: int
) -> Sequence[tuple[date, str]]:
    """Return the days and ids of up to ``limit`` calls, newest first."""
    words = (await session.execute(_SEEK, values_sought(which))).scalar_one()
    if which.text is not None and not words:
        return []
    last = which.until
    if before is not None:
        last = min(last, datetime.fromtimestamp(before[0] / 1000, UTC))
    found: list[tuple[date, str]] = []
    for number, days in enumerate(days_at_a_time(which.since.date(), last.date())):
        query = _within(which, before, *days)
        ask = _in_order if number < _ALONE else _all_sorted
        rows = await session.execute(ask(query, limit - len(found)))
        found += [(day, call_id) for day, _, call_id in rows]
        if len(found) >= limit:
            break
    return found


def days_at_a_time(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the ranges that together are ``first`` to ``last``: the newest first, ever longer."""
    number = 0
    while first <= last:
        length = 1 << max(0, number - _ALONE + 1)
        begin = max(first, last - timedelta(days=length - 1))
        yield begin, last
        last = begin - timedelta(days=1)
        number += 1


def _within(
    which: CallFilter, before: tuple[int, str] | None, first_day: date, last_day: date
) -> _Query:
    table = call_terms.c
    query = select(table.day, table.at, table.id).where(
        table.at >= which.since, table.at < which.until
    )
    if first_day == last_day:
        query = query.where(table.day == first_day)
    else:
        query = query.where(table.day >= first_day, table.day <= last_day)
    if before is not None:
        at = datetime.fromtimestamp(before[0] / 1000, UTC)
        query = query.where(table.at <= at, tuple_(table.at, table.id) < tuple_(at, before[1]))
    if which.min_duration_ms is not None:
        query = query.where(table.duration_ms >= which.min_duration_ms)
    if which.min_cost_nanos is not None:
        query = query.where(table.cost_nanos >= which.min_cost_nanos)
    return query


def _in_order(query: _Query, limit: int) -> _Query:
    """Let the planner choose: the primary key has the order of one day, and its end is soon."""
    table = call_terms.c
    return query.order_by(table.at.desc(), table.id.desc()).limit(limit)


def _all_sorted(query: _Query, limit: int) -> _Query:
    """Collect what there is, and sort that: the days before had few.

    A planner that expects many would read all days in their order.
    """
    every = query.cte("every").prefix_with("MATERIALIZED")
    newest = select(every.c.day, every.c.at, every.c.id)
    return newest.order_by(every.c.at.desc(), every.c.id.desc()).limit(limit)
