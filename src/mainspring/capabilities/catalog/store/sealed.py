"""Upstreams' credentials as a place of secrets."""

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.catalog.store.repository import PostgresCatalog
from mainspring.capabilities.catalog.store.tables import upstreams
from mainspring.infra.db import Database
from mainspring.infra.db.sealed import SealedColumn


def sealed_credentials(database: Database) -> SealedColumn:
    """Return the credentials of upstreams; gateways get those that were sealed anew."""
    return SealedColumn(
        database,
        "upstream credentials",
        upstreams,
        upstreams.c.credential,
        context=_context,
        replaced=_publish,
    )


def _context(row: RowMapping) -> str:
    return f"upstream/{row['id']}"


async def _publish(session: AsyncSession, upstream_id: str) -> None:
    catalog = PostgresCatalog(session)
    upstream = await catalog.upstream(upstream_id)
    if upstream is not None:
        await catalog.publish([upstream.resource()])
