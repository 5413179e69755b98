"""Sealed columns, as places whose secrets can be sealed anew; see :mod:`mainspring.infra.secrets`.

A column holds a :class:`~mainspring.snapshot.resources.Sealed` in MessagePack. What else must know
of a change (a gateway, by the snapshot) is told in the same transaction by ``replaced``.
"""

from collections.abc import Awaitable, Callable, Sequence

import msgspec
from sqlalchemy import Column, RowMapping, Table, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.infra.db.database import Database
from mainspring.infra.secrets.places import SealedRow
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Sealed


async def _nobody(_session: AsyncSession, _key: str) -> None:
    """Tell nobody."""


class SealedColumn:
    """The secrets in one column of a table.

    ``key`` are the columns that name a row, all of text; ``context`` returns what the secret of a
    row is sealed for.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        table: Table,
        column: Column[object],
        *,
        context: Callable[[RowMapping], str],
        key: Sequence[str] = ("id",),
        replaced: Callable[[AsyncSession, str], Awaitable[None]] = _nobody,
    ) -> None:
        self._database = database
        self._name = name
        self._table = table
        self._column = column
        self._context = context
        self._key = func.concat_ws("/", *(table.c[each] for each in key)).label("row_key")
        self._replaced = replaced

    @property
    def name(self) -> str:
        """Return what operators call these secrets."""
        return self._name

    async def rows(self, scope: Scope, *, after: str, limit: int) -> Sequence[SealedRow]:
        """Return up to ``limit`` secrets behind ``after``."""
        query = (
            select(self._table, self._key)
            .where(self._column.is_not(None), self._key > after)
            .order_by(self._key)
            .limit(limit)
        )
        async with self._database.session(scope.across_tenants()) as session:
            found = (await session.execute(query)).mappings().all()
        return [
            SealedRow(
                str(row["row_key"]),
                msgspec.msgpack.decode(row[self._column.name], type=Sealed),
                self._context(row),
            )
            for row in found
        ]

    async def replace(self, scope: Scope, row: SealedRow, sealed: Sealed) -> bool:
        """Write ``sealed``, unless the row holds something else by now."""
        statement = (
            update(self._table)
            .where(self._key == row.key, self._column == msgspec.msgpack.encode(row.sealed))
            .values({self._column: msgspec.msgpack.encode(sealed)})
            .returning(self._key)
        )
        async with self._database.session(scope.across_tenants()) as session:
            if (await session.execute(statement)).one_or_none() is None:
                return False
            await self._replaced(session, row.key)
        return True
