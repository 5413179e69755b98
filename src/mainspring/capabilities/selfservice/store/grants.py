"""Grants of restricted models in PostgreSQL."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.selfservice.domain import ModelGrant
from mainspring.capabilities.selfservice.store.tables import model_grants
from mainspring.infra.db import Database
from mainspring.infra.db.rows import from_row, insert_row, replace_row
from mainspring.infra.feed import publish
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource

_TAKEN = {
    "uq_model_grants_model_id": "there is such a grant already: change that one",
    "fk_model_grants_model_id": "the model is being removed",
    "fk_model_grants_org_id": "the organisation is being removed",
    "fk_model_grants_project_id": "the project is being removed",
}


class PostgresGrantStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresGrants"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresGrants(session)


class PostgresGrants:
    """Grants as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, grant: ModelGrant) -> None:
        """Keep a new grant."""
        await insert_row(self._session, model_grants, grant, taken=_TAKEN)

    async def get(self, grant_id: str, *, lock: bool = False) -> ModelGrant | None:
        """Return the grant, if the scope sees it."""
        query = select(model_grants).where(model_grants.c.id == grant_id)
        if lock:
            query = query.with_for_update()
        row = (await self._session.execute(query)).mappings().one_or_none()
        return None if row is None else from_row(row, ModelGrant)

    async def list(
        self,
        *,
        org_id: str | None,
        project_id: str | None,
        model_id: str | None,
        after: str | None,
        limit: int,
    ) -> Sequence[ModelGrant]:
        """Return up to ``limit`` grants, oldest first."""
        table = model_grants.c
        conditions: list[ColumnElement[bool]] = []
        if org_id is not None:
            conditions.append(table.org_id == org_id)
        if project_id is not None:
            conditions.append(or_(table.project_id == project_id, table.project_id.is_(None)))
        if model_id is not None:
            conditions.append(table.model_id == model_id)
        if after is not None:
            conditions.append(table.id > after)
        query = select(model_grants).where(*conditions).order_by(table.id).limit(limit)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, ModelGrant) for row in rows]

    async def replace(self, grant: ModelGrant) -> None:
        """Write the next revision."""
        await replace_row(self._session, model_grants, grant, taken=_TAKEN)

    async def remove(self, grant_id: str) -> None:
        """Remove it."""
        await self._remove(model_grants.c.id == grant_id)

    async def remove_of_model(self, model_id: str) -> Sequence[str]:
        """Remove every grant of a model; return their ids."""
        return await self._remove(model_grants.c.model_id == model_id)

    async def remove_of_organization(self, org_id: str) -> Sequence[str]:
        """Remove every grant of an organisation; return their ids."""
        return await self._remove(model_grants.c.org_id == org_id)

    async def remove_expired(self, now: datetime, limit: int) -> Sequence[str]:
        """Remove up to ``limit`` grants that are over; return their ids."""
        over = select(model_grants.c.id).where(model_grants.c.expires_at <= now).limit(limit)
        return await self._remove(model_grants.c.id.in_(over))

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits."""
        await publish(self._session, puts, deletes)

    async def _remove(self, condition: ColumnElement[bool]) -> Sequence[str]:
        gone = delete(model_grants).where(condition).returning(model_grants.c.id)
        return (await self._session.execute(gone)).scalars().all()
