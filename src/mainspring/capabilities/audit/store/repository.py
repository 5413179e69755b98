"""The audit trail in PostgreSQL."""

import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Text, cast, select, text, tuple_
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.audit.domain import Anchor, Event, EventFilter, Link
from mainspring.capabilities.audit.store.tables import audit_cuts, audit_events, audit_heads
from mainspring.infra.db import Database
from mainspring.infra.db.rows import from_row
from mainspring.kernel.scope import Scope

_log = logging.getLogger(__name__)
_SELF = Scope.platform("audit")
_MAKE_MONTH = text("SELECT audit_make_month(:month)")
_DROP_MONTH = text("SELECT audit_drop_month(:month)")
_MONTHS = text(
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
    " WHERE i.inhparent = to_regclass('audit_events') ORDER BY c.relname"
)
_PREFIX = "audit_events_"
_APPEND = text(
    "SELECT audit_append(:chain, :action, :kind, :object, NULL, NULL,"
    " audit_redacted(CAST(:details AS jsonb)))"
)


class PostgresTrailStore:
    """Opens transactions on PostgreSQL and makes partitions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._months: set[date] = set()

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresTrail"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresTrail(session)

    async def ensure_months(self, months: Sequence[date]) -> None:
        """Make the partitions that are missing, each in a short transaction of its own."""
        for month in sorted(set(months) - self._months):
            async with self._database.session(_SELF) as session:
                await session.execute(_MAKE_MONTH, {"month": month})
            self._months.add(month)

    async def drop_before(self, month: date) -> int:
        """Drop the months before ``month``, each in a transaction of its own; return how many.

        One that is being read is left for the next time.
        """
        async with self._database.session(_SELF) as session:
            names = list((await session.execute(_MONTHS)).scalars())
        dropped = 0
        for name in names:
            year, _, number = name.removeprefix(_PREFIX).partition("_")
            held = date(int(year), int(number), 1)
            if held >= month:
                continue
            try:
                async with self._database.session(_SELF) as session:
                    await session.execute(_DROP_MONTH, {"month": held})
                self._months.discard(held)
                dropped += 1
            except OperationalError:
                _log.info("%s is in use and goes another time", name)
        return dropped


class PostgresTrail:
    """The audit trail as one transaction sees it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def append(
        self,
        chain: str,
        *,
        action: str,
        object_kind: str,
        object_id: str | None,
        details: Mapping[str, Any] | None,
    ) -> None:
        """Tell of something that changes no row."""
        values = {
            "chain": chain,
            "action": action,
            "kind": object_kind,
            "object": object_id,
            "details": None if details is None else msgspec.json.encode(details).decode(),
        }
        await self._session.execute(_APPEND, values)

    async def events(
        self, which: EventFilter, *, before: tuple[str, str, int] | None, limit: int
    ) -> Sequence[Event]:
        """Return up to ``limit`` events, newest first."""
        table = audit_events.c
        query = (
            select(table.content, table.at, table.hash)
            .where(table.at >= which.since, table.at < which.until)
            .order_by(table.at.desc(), table.org_id.desc(), table.seq.desc())
            .limit(limit)
        )
        for column, wanted in (
            (table.org_id, which.org_id),
            (table.actor_id, which.actor_id),
            (table.action, which.action),
            (table.object_id, which.object_id),
            (table.request_id, which.request_id),
        ):
            if wanted is not None:
                query = query.where(column == wanted)
        if before is not None:
            at, org_id, seq = before
            query = query.where(
                tuple_(table.at, table.org_id, table.seq)
                < tuple_(datetime.fromisoformat(at), org_id, seq)
            )
        rows = await self._session.execute(query)
        return [
            msgspec.convert({**content, "at": at, "hash": digest}, Event)
            for content, at, digest in rows
        ]

    async def chains(self) -> Sequence[Anchor]:
        """Return the end of every chain that the scope sees."""
        rows = (
            await self._session.execute(select(audit_heads).order_by(audit_heads.c.org_id))
        ).mappings()
        return [from_row(row, Anchor) for row in rows]

    async def cuts(self) -> Sequence[Anchor]:
        """Return where chains begin whose older months were dropped."""
        query = select(audit_cuts.c.org_id, audit_cuts.c.seq, audit_cuts.c.hash)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Anchor) for row in rows]

    async def links(self, org_id: str, *, after: int, limit: int) -> Sequence[Link]:
        """Return up to ``limit`` events of a chain, as they are hashed."""
        table = audit_events.c
        query = (
            select(
                table.org_id,
                table.seq,
                table.at,
                cast(table.content, Text).label("content"),
                table.previous,
                table.hash,
            )
            .where(table.org_id == org_id, table.seq > after)
            .order_by(table.seq)
            .limit(limit)
        )
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Link) for row in rows]
