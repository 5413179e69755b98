"""The tenants in PostgreSQL."""

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.tenancy.domain import Organization, Project
from mainspring.capabilities.tenancy.store.tables import organizations, projects
from mainspring.infra.db import Database
from mainspring.infra.db.rows import (
    column_by_id,
    find_row,
    find_where,
    from_row,
    insert_row,
    replace_row,
)
from mainspring.infra.feed import publish
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource

_TAKEN = {
    "uq_organizations_slug": "another organisation has this slug",
    "uq_projects_org_id": "another project of the organisation has this slug",
    "fk_projects_org_id": "the organisation is being removed",
}


class PostgresTenancyStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresTenancy"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresTenancy(session)


class PostgresTenancy:
    """The tenants as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_organization(self, organization: Organization) -> None:
        """Keep a new organisation."""
        await insert_row(self._session, organizations, organization, taken=_TAKEN)

    async def organization(self, org_id: str) -> Organization | None:
        """Return the organisation, if the scope sees it."""
        return await find_row(self._session, organizations, Organization, org_id)

    async def organization_by_slug(self, slug: str) -> Organization | None:
        """Return the organisation of that slug, if the scope sees it."""
        return await find_where(
            self._session, organizations, Organization, organizations.c.slug == slug
        )

    async def organizations(self, *, after: str | None, limit: int) -> Sequence[Organization]:
        """Return up to ``limit`` organisations after ``after``, oldest first."""
        query = select(organizations).order_by(organizations.c.id).limit(limit)
        if after is not None:
            query = query.where(organizations.c.id > after)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Organization) for row in rows]

    async def replace_organization(self, organization: Organization) -> None:
        """Write the next revision."""
        await replace_row(self._session, organizations, organization, taken=_TAKEN)

    async def remove_organization(self, org_id: str) -> Sequence[str]:
        """Remove the organisation with its projects; return the ids of those."""
        gone = await self._session.execute(
            delete(projects).where(projects.c.org_id == org_id).returning(projects.c.id)
        )
        ids = list(gone.scalars())
        await self._session.execute(delete(organizations).where(organizations.c.id == org_id))
        return ids

    async def add_project(self, project: Project) -> None:
        """Keep a new project."""
        await insert_row(self._session, projects, project, taken=_TAKEN)

    async def project(self, project_id: str) -> Project | None:
        """Return the project, if the scope sees it."""
        return await find_row(self._session, projects, Project, project_id)

    async def project_by_slug(self, org_id: str, slug: str) -> Project | None:
        """Return the organisation's project of that slug."""
        return await find_where(
            self._session,
            projects,
            Project,
            projects.c.org_id == org_id,
            projects.c.slug == slug,
        )

    async def projects(
        self, org_id: str, *, only: Collection[str] | None, after: str | None, limit: int
    ) -> Sequence[Project]:
        """Return up to ``limit`` projects of the organisation after ``after``, oldest first."""
        query = (
            select(projects).where(projects.c.org_id == org_id).order_by(projects.c.id).limit(limit)
        )
        if only is not None:
            query = query.where(projects.c.id.in_(sorted(only)))
        if after is not None:
            query = query.where(projects.c.id > after)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Project) for row in rows]

    async def replace_project(self, project: Project) -> None:
        """Write the next revision."""
        await replace_row(self._session, projects, project, taken=_TAKEN)

    async def organization_names(self, org_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those organisations that the scope sees, by id."""
        return await column_by_id(self._session, organizations.c.name, org_ids)

    async def project_names(self, project_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those projects that the scope sees, by id."""
        return await column_by_id(self._session, projects.c.name, project_ids)

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits."""
        await publish(self._session, puts, deletes)
