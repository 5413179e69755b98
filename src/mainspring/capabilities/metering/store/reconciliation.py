"""What gateways counted, in PostgreSQL, and what the ledger has of it."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Text,
    case,
    delete,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import column, values

from mainspring.capabilities.metering.domain import Agreement, Count, Reconciliation
from mainspring.capabilities.metering.store.tables import gateway_tallies, usage_records
from mainspring.infra.db import Database
from mainspring.infra.db.rows import from_row, to_row
from mainspring.kernel.scope import Scope

_LONGEST_CALL = timedelta(days=1)
_KEY = ("gateway_id", "epoch", "since")


class PostgresTallyStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresTallies"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresTallies(session)


class PostgresTallies:
    """Counts and comparisons as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, tallies: Sequence[Reconciliation]) -> None:
        """Keep what gateways counted; what has grown is to be compared anew."""
        table = gateway_tallies.c
        for tally in sorted(tallies, key=lambda each: (each.gateway_id, each.epoch, each.since)):
            statement = insert(gateway_tallies).values(to_row(tally))
            new = statement.excluded
            grown = new.until > table.until
            await self._session.execute(
                statement.on_conflict_do_update(
                    index_elements=_KEY,
                    set_={
                        "until": new.until,
                        "counted": new.counted,
                        "delivered": or_(table.delivered, new.delivered),
                        "state": case((grown, new.state), else_=table.state),
                    },
                    # An older word that comes late says nothing new.
                    where=new.until >= table.until,
                )
            )

    async def note_delivered(self, gateway_id: str, *, other_than: str) -> None:
        """Note that nothing of a gateway's earlier processes waits any more."""
        table = gateway_tallies.c
        await self._session.execute(
            update(gateway_tallies)
            .where(
                table.gateway_id == gateway_id,
                table.epoch != other_than,
                table.delivered.is_(False),
            )
            .values(delivered=True)
        )

    async def unsettled(
        self, *, since: datetime, before: datetime, limit: int
    ) -> Sequence[Reconciliation]:
        """Return what began in ``since <= … < before`` and does not match, oldest first."""
        table = gateway_tallies.c
        query = (
            select(gateway_tallies)
            .where(
                table.since >= since,
                table.since < before,
                table.state != Agreement.MATCHED.value,
            )
            .order_by(table.since, table.gateway_id, table.epoch)
            .limit(limit)
        )
        return await self._read(query)

    async def booked(
        self, hours: Sequence[Reconciliation]
    ) -> Mapping[tuple[str, str, datetime], dict[str, Count]]:
        """Return what the ledger has of those windows, by gateway, epoch and beginning."""
        if not hours:
            return {}
        calls = usage_records.c
        windows = values(
            column("gateway_id", Text),
            column("epoch", Text),
            column("since", DateTime(timezone=True)),
            column("until", DateTime(timezone=True)),
            name="windows",
        ).data([(each.gateway_id, each.epoch, each.since, each.until) for each in hours])
        first = min(each.since for each in hours)
        last = max(each.until for each in hours)
        ended = calls.at + calls.duration_ms * text("interval '1 millisecond'")
        query = (
            select(
                windows.c.gateway_id,
                windows.c.epoch,
                windows.c.since,
                calls.model,
                func.count(),
                func.sum(
                    calls.input_tokens
                    + calls.cached_input_tokens
                    + calls.cache_write_tokens
                    + calls.output_tokens
                    + calls.reasoning_tokens
                ),
            )
            .select_from(windows)
            .join(
                usage_records,
                (calls.gateway_id == windows.c.gateway_id)
                & (ended >= windows.c.since)
                & (ended < windows.c.until),
            )
            .where(
                calls.at >= first - _LONGEST_CALL,
                calls.at < last,
                calls.day >= (first - _LONGEST_CALL).date(),
                calls.day <= last.date(),
            )
            .group_by(windows.c.gateway_id, windows.c.epoch, windows.c.since, calls.model)
        )
        found: dict[tuple[str, str, datetime], dict[str, Count]] = {}
        for gateway_id, epoch, since, model, number, tokens in await self._session.execute(query):
            counts = found.setdefault((gateway_id, epoch, since), {})
            counts[model] = Count(number, int(tokens))
        return found

    async def settle(self, hour: Reconciliation) -> None:
        """Write how a window stands, unless it has grown meanwhile."""
        table = gateway_tallies.c
        row = to_row(hour)
        await self._session.execute(
            update(gateway_tallies)
            .where(*(table[name] == row[name] for name in (*_KEY, "until")))
            .values({name: row[name] for name in ("booked", "state", "checked_at")})
        )

    async def hours(
        self,
        *,
        since: datetime,
        until: datetime,
        state: Agreement | None,
        gateway_id: str | None,
        before: tuple[datetime, str, str] | None,
        limit: int,
    ) -> Sequence[Reconciliation]:
        """Return windows that began in that range, newest first."""
        table = gateway_tallies.c
        query = (
            select(gateway_tallies)
            .where(table.since >= since, table.since < until)
            .order_by(table.since.desc(), table.gateway_id.desc(), table.epoch.desc())
            .limit(limit)
        )
        if state is not None:
            query = query.where(table.state == state.value)
        if gateway_id is not None:
            query = query.where(table.gateway_id == gateway_id)
        if before is not None:
            place: ColumnElement[Any] = tuple_(table.since, table.gateway_id, table.epoch)
            query = query.where(place < tuple_(*before))
        return await self._read(query)

    async def drop_before(self, moment: datetime) -> None:
        """Forget what began before then."""
        await self._session.execute(delete(gateway_tallies).where(gateway_tallies.c.since < moment))

    async def _read(self, query: Any) -> list[Reconciliation]:  # noqa: ANN401 - a select
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Reconciliation) for row in rows]
