"""Rows and domain values: the same few lines in every ``store/repository.py``.

A domain value is a msgspec struct with the names of the table's columns, an ``id`` and, where it
can be changed, a ``revision`` that grows by one with every change.
"""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
import psycopg
from sqlalchemy import Column, ColumnElement, RowMapping, Table, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.kernel.errors import ConflictError, PreconditionFailedError

T = TypeVar("T", bound=msgspec.Struct)

_NATIVE = (datetime, date, bytes)
"""Types that the driver takes as they are."""


def to_row(value: msgspec.Struct) -> dict[str, Any]:
    """Return ``value`` as column values; nested structs become JSON objects."""
    return msgspec.to_builtins(value, builtin_types=_NATIVE)


def values_of(row: RowMapping) -> dict[str, Any]:
    """Return the column values of ``row``, under plain names: msgspec refuses SQLAlchemy's own."""
    return {str(name): value for name, value in row.items()}


def from_row(row: RowMapping, shape: type[T]) -> T:
    """Return the value of type ``shape`` that ``row`` holds."""
    return msgspec.convert(values_of(row), shape)


async def find_row(session: AsyncSession, table: Table, shape: type[T], row_id: str) -> T | None:
    """Return the row of that id as far as the transaction's scope sees it."""
    return await find_where(session, table, shape, table.c.id == row_id)


async def find_where(
    session: AsyncSession, table: Table, shape: type[T], *conditions: ColumnElement[bool]
) -> T | None:
    """Return the one row that meets ``conditions``, if there is one."""
    found = (await session.execute(select(table).where(*conditions))).mappings().one_or_none()
    return None if found is None else from_row(found, shape)


async def column_by_id(
    session: AsyncSession, column: Column[Any], ids: Iterable[str]
) -> dict[str, Any]:
    """Return a column's values of the rows of ``ids``, as far as the scope sees them."""
    table_id = column.table.c.id
    query = select(table_id, column).where(table_id.in_(sorted(ids)))
    return dict(tuple(row) for row in await session.execute(query))


async def insert_row(
    session: AsyncSession, table: Table, value: msgspec.Struct, *, taken: Mapping[str, str]
) -> None:
    """Insert ``value``; ``taken`` says what to tell the caller for each unique constraint.

    Raises:
        ConflictError: if a constraint named in ``taken`` is violated.
    """
    with conflicts(taken):
        await session.execute(insert(table).values(to_row(value)))


async def replace_row(
    session: AsyncSession, table: Table, value: msgspec.Struct, *, taken: Mapping[str, str]
) -> None:
    """Write ``value`` over the revision before it.

    Raises:
        PreconditionFailedError: if the row changed or went meanwhile.
        ConflictError: if a constraint named in ``taken`` is violated.
    """
    row = to_row(value)
    statement = (
        update(table)
        .where(table.c.id == row["id"], table.c.revision == row["revision"] - 1)
        .values(row)
        .returning(table.c.id)
    )
    with conflicts(taken):
        changed = (await session.execute(statement)).one_or_none()
    if changed is None:
        raise PreconditionFailedError


@contextmanager
def conflicts(taken: Mapping[str, str]) -> Generator[None]:
    """Turn the violation of a constraint that ``taken`` names into a :class:`ConflictError`."""
    try:
        yield
    except IntegrityError as error:
        cause = error.orig
        name = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
        if name is None or name not in taken:
            raise
        raise ConflictError(taken[name]) from error
