"""The use cases of tenancy. Each asks :func:`authorize` first and acts in the scope it answers."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec
from msgspec import UNSET

from mainspring.capabilities.tenancy.domain import (
    ORGANIZATION_CREATE,
    ORGANIZATION_LIMIT,
    ORGANIZATION_READ,
    ORGANIZATION_WRITE,
    PROJECT_CAPTURE,
    PROJECT_LIMIT,
    PROJECT_READ,
    PROJECT_WRITE,
    Changes,
    Organization,
    Project,
    ProjectChanges,
    Storing,
    checked_name,
    checked_slug,
    slug_from,
)
from mainspring.capabilities.tenancy.ports import Dependents, TenancyStore
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize, reach, reach_within
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
)
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope
from mainspring.snapshot import resources
from mainspring.snapshot.data_policy import DataPolicy
from mainspring.snapshot.limits import first_wider
from mainspring.snapshot.resources import Capture, Limits

_SELF = Scope.platform("tenancy")
_Tenant = TypeVar("_Tenant", Organization, Project)


class TenancyService:
    """Organisations and projects."""

    def __init__(
        self, store: TenancyStore, clock: Clock, *, dependents: Iterable[Dependents] = ()
    ) -> None:
        self._store = store
        self._clock = clock
        self._dependents = tuple(dependents)

    async def create_organization(
        self,
        scope: Scope,
        *,
        name: str,
        slug: str | None = None,
        limits: Limits | None = None,
        user_limits: Limits | None = None,
        data_policy: DataPolicy | None = None,
    ) -> Organization:
        """Create a tenant; without ``slug`` one is made from ``name``.

        Raises:
            ConflictError: if the slug is taken.
        """
        scope = authorize(scope, ORGANIZATION_CREATE, org_id=PLATFORM_ORG)
        name = checked_name(name)
        now = self._clock.now()
        organization = Organization(
            id=new_id("org"),
            name=name,
            slug=slug_from(name) if slug is None else checked_slug(slug),
            limits=limits,
            user_limits=user_limits,
            data_policy=data_policy,
            created_at=now,
            updated_at=now,
        )
        async with self._store.begin(scope) as tenants:
            await tenants.add_organization(organization)
            await tenants.publish([organization.resource()])
        return organization

    async def get_organization(self, scope: Scope, org_id: str) -> Organization:
        """Return one organisation.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = authorize(scope, ORGANIZATION_READ, org_id=org_id)
        async with self._store.begin(scope) as tenants:
            return existing(await tenants.organization(org_id))

    async def find_organization(self, scope: Scope, slug: str) -> Organization | None:
        """Return the organisation of that slug, for declarative files and boot."""
        scope = authorize(scope, ORGANIZATION_READ, org_id=PLATFORM_ORG)
        async with self._store.begin(scope) as tenants:
            return await tenants.organization_by_slug(slug)

    async def list_organizations(self, scope: Scope, page: PageRequest) -> Page[Organization]:
        """Return the organisations that the caller may see, oldest first."""
        after = decode_cursor(page.cursor, str)
        ids = reach(scope, ORGANIZATION_READ)
        if ids is None:
            scope = authorize(scope, ORGANIZATION_READ, org_id=PLATFORM_ORG)
            async with self._store.begin(scope) as tenants:
                found = await tenants.organizations(after=after, limit=page.limit + 1)
        else:
            wanted = [each for each in sorted(ids) if after is None or each > after]
            found = [
                await self.get_organization(scope, org_id) for org_id in wanted[: page.limit + 1]
            ]
        return page_of(found, page.limit, lambda organization: organization.id)

    async def update_organization(
        self, scope: Scope, org_id: str, changes: Changes, *, expected_revision: int | None = None
    ) -> Organization:
        """Change an organisation; suspension stops its calls at every gateway.

        What an organisation is granted (its limits, and whether it is suspended) is the
        platform's to change, never its own administrators'. Where its data may go is its own.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        if changes.grants():
            authorize(scope, ORGANIZATION_LIMIT, org_id=PLATFORM_ORG)
            scope = authorize(scope, ORGANIZATION_LIMIT, org_id=org_id)
        own = changes.name is not UNSET or changes.data_policy is not UNSET
        if not changes.grants() or own:
            scope = authorize(scope, ORGANIZATION_WRITE, org_id=org_id)
        async with self._store.begin(scope) as tenants:
            old = existing(await tenants.organization(org_id))
            new = self._revised(old, changes, expected_revision)
            await tenants.replace_organization(new)
            await tenants.publish([new.resource()])
        return new

    async def remove_organization(self, scope: Scope, org_id: str) -> None:
        """Remove an organisation with its projects and all that hangs on them.

        What it used stays in the ledger. Repeat the call if it failed half way.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = authorize(scope, ORGANIZATION_CREATE, org_id=PLATFORM_ORG)
        async with self._store.begin(scope) as tenants:
            existing(await tenants.organization(org_id))
        for dependents in self._dependents:
            await dependents.release_organization(scope, org_id)
        async with self._store.begin(scope) as tenants:
            project_ids = await tenants.remove_organization(org_id)
            gone = [(resources.Project.kind, project_id) for project_id in project_ids]
            await tenants.publish(deletes=[*gone, (resources.Organization.kind, org_id)])

    async def create_project(
        self,
        scope: Scope,
        org_id: str,
        *,
        name: str,
        slug: str | None = None,
        limits: Limits | None = None,
        user_limits: Limits | None = None,
        stores_responses: Storing = "always",
        response_days: int = 30,
        capture: Capture | None = None,
        data_policy: DataPolicy | None = None,
    ) -> Project:
        """Create a project; without ``slug`` one is made from ``name``.

        Raises:
            NotFoundError: if the caller sees no such organisation.
            ConflictError: if the slug is taken in the organisation.
            InvalidRequestError: if a limit is wider than the organisation's.
        """
        scope = authorize(scope, PROJECT_WRITE, org_id=org_id)
        if limits is not None or user_limits is not None or data_policy is not None:
            authorize(scope, PROJECT_LIMIT, org_id=org_id)
        if capture is not None:
            authorize(scope, PROJECT_CAPTURE, org_id=org_id)
        name = checked_name(name)
        now = self._clock.now()
        project = Project(
            id=new_id("prj"),
            org_id=org_id,
            name=name,
            slug=slug_from(name) if slug is None else checked_slug(slug),
            limits=limits,
            user_limits=user_limits,
            stores_responses=stores_responses,
            response_days=response_days,
            capture=capture,
            data_policy=data_policy,
            created_at=now,
            updated_at=now,
        )
        async with self._store.begin(scope) as tenants:
            organization = existing(await tenants.organization(org_id))
            _refuse_wider("organisation", "limits", limits, organization.limits)
            _refuse_wider("organisation", "user_limits", user_limits, organization.user_limits)
            await tenants.add_project(project)
            await tenants.publish([project.resource()])
        return project

    async def get_project(self, scope: Scope, project_id: str) -> Project:
        """Return one project.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = await self._narrowed_to_project(scope, PROJECT_READ, project_id)
        async with self._store.begin(scope) as tenants:
            return existing(await tenants.project(project_id))

    async def find_project(self, scope: Scope, org_id: str, slug: str) -> Project | None:
        """Return the organisation's project of that slug."""
        scope = authorize(scope, PROJECT_READ, org_id=org_id)
        async with self._store.begin(scope) as tenants:
            return await tenants.project_by_slug(org_id, slug)

    async def list_projects(self, scope: Scope, org_id: str, page: PageRequest) -> Page[Project]:
        """Return the projects of an organisation that the caller may see, oldest first.

        Raises:
            NotFoundError: if the caller sees no such organisation.
            PermissionDeniedError: if it may see none of them.
        """
        after = decode_cursor(page.cursor, str)
        within, only = _projects_seen(scope, org_id)
        async with self._store.begin(within) as tenants:
            existing(await tenants.organization(org_id))
            found = await tenants.projects(org_id, only=only, after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda project: project.id)

    async def organization_names(self, scope: Scope, org_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those organisations that the (narrowed) scope sees, by id."""
        async with self._store.begin(scope) as tenants:
            return await tenants.organization_names(org_ids)

    async def project_names(self, scope: Scope, project_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those projects that the (narrowed) scope sees, by id."""
        async with self._store.begin(scope) as tenants:
            return await tenants.project_names(project_ids)

    async def update_project(
        self,
        scope: Scope,
        project_id: str,
        changes: ProjectChanges,
        *,
        expected_revision: int | None = None,
    ) -> Project:
        """Change a project; suspension stops its calls at every gateway.

        Its limits, where its data may go, and whether it is suspended, are for whoever governs
        the whole organisation: a project's own administrator does not widen what the project was
        given. What is kept of its calls has a permission of its own: contents are its users' words.

        Raises:
            NotFoundError: if there is none that the caller may see.
            InvalidRequestError: if a limit is wider than the organisation's.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        if changes.grants():
            scope = await self._granting(scope, project_id)
        captures = changes.capture is not UNSET
        if captures:
            scope = await self._narrowed_to_project(scope, PROJECT_CAPTURE, project_id)
        if not (changes.grants() or captures) or changes.describes():
            scope = await self._narrowed_to_project(scope, PROJECT_WRITE, project_id)
        async with self._store.begin(scope) as tenants:
            old = existing(await tenants.project(project_id))
            if changes.grants():
                organization = existing(await tenants.organization(old.org_id))
                for field in ("limits", "user_limits"):
                    _refuse_wider(
                        "organisation",
                        field,
                        getattr(changes, field) or None,
                        getattr(organization, field),
                    )
            new = self._revised(old, changes, expected_revision)
            await tenants.replace_project(new)
            await tenants.publish([new.resource()])
        return new

    async def outline(
        self, scope: Scope, *, limit: int
    ) -> list[tuple[Organization, list[Project]]]:
        """Return up to ``limit`` organisations that the caller may see, each with its projects.

        This is what a switcher shows; whoever has more than ``limit`` of either searches instead.
        """
        page = await self.list_organizations(scope, PageRequest(limit=limit))
        outline: list[tuple[Organization, list[Project]]] = []
        for organization in page.items:
            if reach_within(scope, PROJECT_READ, org_id=organization.id) == frozenset():
                outline.append((organization, []))
                continue
            within, only = _projects_seen(scope, organization.id)
            async with self._store.begin(within) as tenants:
                projects = await tenants.projects(
                    organization.id, only=only, after=None, limit=limit
                )
            outline.append((organization, list(projects)))
        return outline

    async def project_scope(self, scope: Scope, permission: Permission, project_id: str) -> Scope:
        """Return ``scope`` narrowed to a project in which it has ``permission``.

        This is how other capabilities act on what belongs to a project.

        Raises:
            NotFoundError: if there is no project of that id that the caller may see.
            PermissionDeniedError: if it may see it and not do that.
        """
        return await self._narrowed_to_project(scope, permission, project_id)

    async def check_organization(self, org_id: str) -> None:
        """Check that there is such an organisation; the caller was authorised already.

        Raises:
            NotFoundError: if there is none.
        """
        async with self._store.begin(_SELF) as tenants:
            existing(await tenants.organization(org_id))

    async def organization_of(self, project_id: str) -> str:
        """Return whose project it is, for callers that decide by it.

        Raises:
            NotFoundError: if there is no such project.
        """
        async with self._store.begin(_SELF) as tenants:
            return existing(await tenants.project(project_id)).org_id

    async def refuse_wider(self, project_id: str, limits: Limits | None) -> None:
        """Check that limits of something in a project fit into those above it.

        Raises:
            InvalidRequestError: if one is wider than the project's or the organisation's.
        """
        if limits is None:
            return
        async with self._store.begin(_SELF) as tenants:
            project = existing(await tenants.project(project_id))
            organization = existing(await tenants.organization(project.org_id))
        for owner, outer in (("project", project.limits), ("organisation", organization.limits)):
            _refuse_wider(owner, "limits", limits, outer)

    async def _narrowed_to_project(
        self, scope: Scope, permission: Permission, project_id: str
    ) -> Scope:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.begin(_SELF) as tenants:
            project = existing(await tenants.project(project_id))
        return authorize(scope, permission, org_id=project.org_id, project_id=project.id)

    async def _granting(self, scope: Scope, project_id: str) -> Scope:
        async with self._store.begin(_SELF) as tenants:
            project = existing(await tenants.project(project_id))
        # Who sees only this project is told what is missing, not that the project is unknown.
        authorize(scope, PROJECT_READ, org_id=project.org_id, project_id=project.id)
        try:
            return authorize(scope, PROJECT_LIMIT, org_id=project.org_id)
        except NotFoundError:
            raise PermissionDeniedError(
                f"this needs the permission {PROJECT_LIMIT.name} in the organisation"
            ) from None

    def _revised(self, old: _Tenant, changes: Changes, expected_revision: int | None) -> _Tenant:
        check_revision(expected_revision, old.revision)
        if isinstance(changes.name, str):
            changes = msgspec.structs.replace(changes, name=checked_name(changes.name))
        return msgspec.structs.replace(
            apply_changes(old, changes),
            updated_at=self._clock.now(),
            revision=old.revision + 1,
        )


def _projects_seen(scope: Scope, org_id: str) -> tuple[Scope, frozenset[str] | None]:
    """Return the scope to read an organisation's projects in, and which ones (``None``: all).

    Raises:
        NotFoundError, PermissionDeniedError: if there is none that the caller may see.
    """
    seen = reach_within(scope, PROJECT_READ, org_id=org_id)
    if not seen:
        return authorize(scope, PROJECT_READ, org_id=org_id), None
    return authorize(scope, PROJECT_READ, org_id=org_id, project_id=min(seen)), seen


def _refuse_wider(owner: str, field: str, inner: Limits | None, outer: Limits | None) -> None:
    """Settings are inherited downwards and only ever narrowed."""
    if inner is None or outer is None:
        return
    wider = first_wider(inner, outer)
    if wider is not None:
        dimension, most = wider
        raise InvalidRequestError(
            f"the {owner} is granted {dimension} of at most {most}", param=f"{field}.{dimension}"
        )
