"""Prices of GPU hours, and the shares that were booked, in PostgreSQL."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.metering.domain.gpu import HOUR, GpuCharge, GpuPrice, Use
from mainspring.capabilities.metering.domain.idle import IdleHours
from mainspring.capabilities.metering.store.costs import total, within
from mainspring.capabilities.metering.store.tables import gpu_charges, gpu_prices, usage_records
from mainspring.infra.db import Database
from mainspring.infra.db.rows import from_row, insert_row, replace_row, to_row
from mainspring.kernel.scope import Scope

_LOCK = "metering/gpu-hours"


class PostgresGpuStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresGpus"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresGpus(session)


class PostgresGpus:
    """Prices and shares as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def hold(self) -> None:
        """Have others who change prices or book wait until this transaction ends."""
        await self._session.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(_LOCK, 0)))
        )

    async def prices(self) -> Sequence[GpuPrice]:
        """Return every price, oldest first."""
        rows = await self._session.execute(select(gpu_prices).order_by(gpu_prices.c.id))
        return [from_row(row, GpuPrice) for row in rows.mappings()]

    async def add(self, price: GpuPrice) -> None:
        """Keep a new price."""
        await insert_row(self._session, gpu_prices, price, taken={})

    async def replace(self, price: GpuPrice) -> None:
        """Write the next revision."""
        await replace_row(self._session, gpu_prices, price, taken={})

    async def remove(self, price_id: str) -> None:
        """Remove a price; what was booked by it stays."""
        await self._session.execute(delete(gpu_prices).where(gpu_prices.c.id == price_id))

    async def uses(self, hour: datetime, upstream_ids: Sequence[str]) -> Sequence[Use]:
        """Return what calls that arrived in that hour used on those upstreams, by caller."""
        if not upstream_ids:
            return []
        calls = usage_records.c
        columns = (
            *(calls.org_id, calls.project_id, calls.key_id, calls.actor_id, calls.operation),
            *(calls.model, calls.upstream_id, calls.upstream_model, calls.track),
        )
        tokens = func.sum(
            calls.input_tokens
            + calls.cached_input_tokens
            + calls.cache_write_tokens
            + calls.output_tokens
            + calls.reasoning_tokens
        )
        query = (
            select(
                *columns,
                tokens.cast(usage_records.c.input_tokens.type).label("tokens"),
                (func.sum(calls.duration_ms) / 1000).label("busy_s"),
            )
            .where(*within(hour, hour + HOUR), calls.upstream_id.in_(upstream_ids))
            .group_by(*columns)
            .order_by(*columns)
        )
        rows = await self._session.execute(query)
        return [from_row(row, Use) for row in rows.mappings()]

    async def charges(self, hour: datetime) -> Sequence[GpuCharge]:
        """Return all that was booked of that hour, oldest first."""
        query = select(gpu_charges).where(gpu_charges.c.at == hour).order_by(gpu_charges.c.id)
        rows = await self._session.execute(query)
        return [from_row(row, GpuCharge) for row in rows.mappings()]

    async def book(self, entries: Sequence[GpuCharge]) -> None:
        """Add to what was booked."""
        if entries:
            await self._session.execute(insert(gpu_charges), [to_row(each) for each in entries])

    async def idle(self, *, since: datetime, until: datetime) -> Sequence[IdleHours]:
        """Return what hours that nobody used cost, as far as the scope sees it."""
        table = gpu_charges.c
        columns = (table.upstream_id, table.upstream_model, table.currency)
        query = (
            select(*columns, total(table.nanos))
            .where(table.at >= since, table.at < until, table.idle)
            .group_by(*columns)
            .order_by(*columns)
        )
        rows = await self._session.execute(query)
        return [from_row(row, IdleHours) for row in rows.mappings()]
