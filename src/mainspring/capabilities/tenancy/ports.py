"""What tenancy needs from outside."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from mainspring.capabilities.tenancy.domain import Organization, Project
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource


class TenancyRepository(Protocol):
    """The tenants as one transaction sees them.

    Fails closed: any error undoes the whole transaction, and what was published with it.
    """

    async def add_organization(self, organization: Organization) -> None:
        """Keep a new organisation; ``ConflictError`` if its slug is taken."""
        ...

    async def organization(self, org_id: str) -> Organization | None:
        """Return the organisation, if the scope sees it."""
        ...

    async def organization_by_slug(self, slug: str) -> Organization | None:
        """Return the organisation of that slug, if the scope sees it."""
        ...

    async def organizations(self, *, after: str | None, limit: int) -> Sequence[Organization]:
        """Return up to ``limit`` organisations in the order of their ids, after ``after``."""
        ...

    async def replace_organization(self, organization: Organization) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove_organization(self, org_id: str) -> Sequence[str]:
        """Remove the organisation with its projects; return the ids of those."""
        ...

    async def add_project(self, project: Project) -> None:
        """Keep a new project; ``ConflictError`` if its slug is taken in the organisation."""
        ...

    async def project(self, project_id: str) -> Project | None:
        """Return the project, if the scope sees it."""
        ...

    async def project_by_slug(self, org_id: str, slug: str) -> Project | None:
        """Return the organisation's project of that slug."""
        ...

    async def projects(
        self, org_id: str, *, only: Collection[str] | None, after: str | None, limit: int
    ) -> Sequence[Project]:
        """Return up to ``limit`` projects of the organisation in the order of their ids.

        ``only`` names those that may be among them; ``None`` allows all.
        """
        ...

    async def replace_project(self, project: Project) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def organization_names(self, org_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those organisations that the scope sees, by id."""
        ...

    async def project_names(self, project_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those projects that the scope sees, by id."""
        ...

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits; call it last."""
        ...


class TenancyStore(Protocol):
    """Opens transactions; they see and write what the scope may."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[TenancyRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...


class Dependents(Protocol):
    """Another capability that holds things of an organisation.

    Fails closed: if it cannot let go, the organisation stays. It must be idempotent, because a
    removal that failed later is repeated as a whole.
    """

    async def release_organization(self, scope: Scope, org_id: str) -> None:
        """Let go of everything of ``org_id``, and tell gateways so."""
        ...
