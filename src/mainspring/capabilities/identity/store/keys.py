"""API keys in PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.identity.domain import ApiKey
from mainspring.capabilities.identity.store.tables import api_keys
from mainspring.infra.db.rows import column_by_id, find_row, from_row, insert_row, replace_row
from mainspring.infra.feed import publish
from mainspring.snapshot.resources import Resource

_TAKEN = {
    "fk_api_keys_project_id": "the project is being removed",
    "fk_api_keys_org_id": "the organisation is being removed",
}


class PostgresKeys:
    """API keys as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, key: ApiKey) -> None:
        """Keep a new key."""
        await insert_row(self._session, api_keys, key, taken=_TAKEN)

    async def get(self, key_id: str) -> ApiKey | None:
        """Return the key, if the scope sees it."""
        return await find_row(self._session, api_keys, ApiKey, key_id)

    async def lock(self, key_id: str) -> ApiKey | None:
        """Return the key, and keep others from changing it."""
        query = select(api_keys).where(api_keys.c.id == key_id).with_for_update()
        found = (await self._session.execute(query)).mappings().one_or_none()
        return None if found is None else from_row(found, ApiKey)

    async def replace(self, key: ApiKey) -> None:
        """Write the next revision."""
        await replace_row(self._session, api_keys, key, taken=_TAKEN)

    async def of_project(
        self, project_id: str, *, before: str | None, limit: int
    ) -> Sequence[ApiKey]:
        """Return up to ``limit`` keys of the project, newest first."""
        query = (
            select(api_keys)
            .where(api_keys.c.project_id == project_id)
            .order_by(api_keys.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(api_keys.c.id < before)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, ApiKey) for row in rows]

    async def live_of_organization(self, org_id: str) -> Sequence[ApiKey]:
        """Return the organisation's keys that are not revoked."""
        query = select(api_keys).where(api_keys.c.org_id == org_id, api_keys.c.revoked_at.is_(None))
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, ApiKey) for row in rows]

    async def revoke(self, key_ids: Iterable[str], at: datetime) -> None:
        """End the keys."""
        await self._session.execute(
            update(api_keys)
            .where(api_keys.c.id.in_(list(key_ids)), api_keys.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )

    async def names(self, key_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those keys that exist, by id."""
        return await column_by_id(self._session, api_keys.c.name, key_ids)

    async def unused(
        self, *, since: datetime, org_id: str | None, now: datetime, limit: int
    ) -> Sequence[ApiKey]:
        """Return up to ``limit`` live keys from before ``since`` that were not used since."""
        table = api_keys.c
        query = (
            select(api_keys)
            .where(
                func.coalesce(table.last_used_at, table.created_at) < since,
                table.created_at < since,
                table.revoked_at.is_(None),
                or_(table.expires_at.is_(None), table.expires_at > now),
            )
            .order_by(table.id)
            .limit(limit)
        )
        if org_id is not None:
            query = query.where(table.org_id == org_id)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, ApiKey) for row in rows]

    async def note_use(self, last_used: Mapping[str, datetime]) -> None:
        """Move the time of last use forward."""
        for key_id, at in sorted(last_used.items()):
            await self._session.execute(
                update(api_keys)
                .where(api_keys.c.id == key_id)
                .values(last_used_at=func.greatest(api_keys.c.last_used_at, at))
            )

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits."""
        await publish(self._session, puts, deletes)
