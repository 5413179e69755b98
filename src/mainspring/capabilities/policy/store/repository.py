"""The policies in PostgreSQL."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.policy.domain import Policy
from mainspring.capabilities.policy.store.tables import policies
from mainspring.infra.db import Database
from mainspring.infra.db.rows import find_row, from_row, insert_row, replace_row
from mainspring.infra.feed import publish
from mainspring.kernel.scope import Scope
from mainspring.snapshot.policies import Subject
from mainspring.snapshot.resources import Resource

_TAKEN = {
    "uq_policies_org_id": "another policy has this name",
    "fk_policies_org_id": "the organisation is being removed",
    "fk_policies_project_id": "the project is being removed",
    "fk_policies_key_id": "the key is being removed",
}


class PostgresPolicyStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresPolicies"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresPolicies(session)


class PostgresPolicies:
    """The policies as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, policy: Policy) -> None:
        """Keep a new policy."""
        await insert_row(self._session, policies, policy, taken=_TAKEN)

    async def get(self, policy_id: str) -> Policy | None:
        """Return the policy, if the scope sees it."""
        return await find_row(self._session, policies, Policy, policy_id)

    async def of_organization(
        self, org_id: str | None, *, after: str | None, limit: int
    ) -> Sequence[Policy]:
        """Return up to ``limit`` policies after ``after``, oldest first."""
        conditions: list[ColumnElement[bool]] = []
        if org_id is not None:
            conditions.append(or_(policies.c.org_id == org_id, policies.c.org_id.is_(None)))
        if after is not None:
            conditions.append(policies.c.id > after)
        query = select(policies).where(*conditions).order_by(policies.c.id).limit(limit)
        return await self._found(query)

    async def concerning(self, subject: Subject) -> Sequence[Policy]:
        """Return those that are attached to ``subject`` or to whom it belongs."""
        query = select(policies).where(
            or_(policies.c.org_id == subject.org_id, policies.c.org_id.is_(None)),
            or_(policies.c.project_id == subject.project_id, policies.c.project_id.is_(None)),
            or_(policies.c.key_id == subject.key_id, policies.c.key_id.is_(None)),
        )
        return await self._found(query.order_by(policies.c.id))

    async def count_of(self, policy: Policy) -> int:
        """Return how many are attached where ``policy`` is."""
        query = select(func.count()).where(
            policies.c.org_id.is_not_distinct_from(policy.org_id),
            policies.c.project_id.is_not_distinct_from(policy.project_id),
            policies.c.key_id.is_not_distinct_from(policy.key_id),
        )
        return (await self._session.execute(query)).scalar_one()

    async def replace(self, policy: Policy) -> None:
        """Write the next revision."""
        await replace_row(self._session, policies, policy, taken=_TAKEN)

    async def remove(self, policy_id: str) -> None:
        """Remove the policy."""
        await self._session.execute(delete(policies).where(policies.c.id == policy_id))

    async def remove_of(self, org_id: str) -> Sequence[str]:
        """Remove every policy of an organisation; return their ids."""
        gone = await self._session.execute(
            delete(policies).where(policies.c.org_id == org_id).returning(policies.c.id)
        )
        return list(gone.scalars())

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits."""
        await publish(self._session, puts, deletes)

    async def _found(self, query: Select[Any]) -> list[Policy]:
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Policy) for row in rows]
