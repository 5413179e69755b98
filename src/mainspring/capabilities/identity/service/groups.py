"""Groups of members, and an organisation's own roles."""

import re
from collections.abc import Collection, Sequence

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.capabilities.identity.domain import (
    BUILT_IN_ROLES,
    MEMBER_READ,
    MEMBER_WRITE,
    ROLE_READ,
    ROLE_WRITE,
    CustomRole,
    Group,
    RoleAt,
    checked_person_name,
    covers,
)
from mainspring.capabilities.identity.domain.roles import MAX_DESCRIPTION
from mainspring.capabilities.identity.ports import IdentityStore, People
from mainspring.capabilities.identity.service.members import Member, MemberService, check_role
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
)
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import Scope

_SELF = Scope.platform("groups")
_ROLE_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
MAX_ROLES = 200
"""Roles of an organisation's own, and roles of one group."""


class GroupChanges(msgspec.Struct, frozen=True):
    """What may change about a group; ``UNSET`` stays as it is."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    roles: tuple[RoleAt, ...] | UnsetType = UNSET
    external_name: str | UnsetType | None = UNSET


class GroupService:
    """Groups: whoever is in one has its roles."""

    def __init__(
        self, store: IdentityStore, tenancy: TenancyService, members: MemberService, clock: Clock
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._members = members
        self._clock = clock

    async def create(
        self,
        scope: Scope,
        org_id: str,
        *,
        name: str,
        description: str = "",
        roles: Sequence[RoleAt] = (),
        external_name: str | None = None,
    ) -> Group:
        """Create a group; ``external_name`` is the group elsewhere whose people it takes in.

        Raises:
            NotFoundError: if the caller sees no such organisation.
            ConflictError: if the name is taken.
            InvalidRequestError, PermissionDeniedError: if a role cannot be given by the caller.
        """
        within = authorize(scope, MEMBER_WRITE, org_id=org_id)
        await self._tenancy.check_organization(org_id)
        now = self._clock.now()
        group = Group(
            id=new_id("grp"),
            org_id=org_id,
            name=checked_person_name(name),
            description=_checked_description(description),
            roles=_distinct(roles),
            external_name=_checked_external(external_name),
            created_at=now,
            updated_at=now,
        )
        async with self._store.people(within) as people:
            await self._check_roles(people, scope, group)
            await people.add_group(group)
            if group.external_name is not None:
                await people.derive_from_directory(org_id, now)
        return group

    async def tell_all(self) -> None:
        """Have gateways told of every group, once: those of before there was anything to tell."""
        async with self._store.people(_SELF) as people:
            await people.note_untold_groups()

    async def get(self, scope: Scope, group_id: str) -> Group:
        """Return one group.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        within, _ = await self._narrowed(scope, MEMBER_READ, group_id)
        async with self._store.people(within) as people:
            return existing(await people.group(group_id))

    async def list_of_organization(
        self, scope: Scope, org_id: str, page: PageRequest
    ) -> Page[Group]:
        """Return an organisation's groups, oldest first."""
        after = decode_cursor(page.cursor, str)
        scope = authorize(scope, MEMBER_READ, org_id=org_id)
        async with self._store.people(scope) as people:
            found = await people.groups(org_id, after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda group: group.id)

    async def update(
        self,
        scope: Scope,
        group_id: str,
        changes: GroupChanges,
        *,
        expected_revision: int | None = None,
    ) -> Group:
        """Change a group; its roles change for everybody who is in it.

        Raises:
            NotFoundError: if there is none that the caller may see.
            InvalidRequestError, PermissionDeniedError: if a role cannot be given by the caller.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        within, _ = await self._narrowed(scope, MEMBER_WRITE, group_id)
        async with self._store.people(within) as people:
            old = existing(await people.group(group_id))
            check_revision(expected_revision, old.revision)
            new = old
            if isinstance(changes.name, str):
                new = msgspec.structs.replace(new, name=checked_person_name(changes.name))
            if isinstance(changes.description, str):
                text = _checked_description(changes.description)
                new = msgspec.structs.replace(new, description=text)
            if not isinstance(changes.roles, UnsetType):
                await self._check_roles(people, scope, old, taken=True)
                new = msgspec.structs.replace(new, roles=_distinct(changes.roles))
                await self._check_roles(people, scope, new)
            now = self._clock.now()
            new = msgspec.structs.replace(new, updated_at=now, revision=old.revision + 1)
            if not isinstance(changes.external_name, UnsetType):
                # Whoever says where a group's people come from gives its roles to them.
                await self._check_roles(people, scope, new, taken=True)
                name = _checked_external(changes.external_name)
                new = msgspec.structs.replace(new, external_name=name)
            await people.replace_group(new)
            if new.external_name != old.external_name:
                # A directory's people move at once, a provider's when they next sign in.
                await people.empty_derived(group_id)
                await people.derive_from_directory(new.org_id, now)
        return new

    async def remove(self, scope: Scope, group_id: str) -> None:
        """Remove a group; its people keep what they have otherwise.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PermissionDeniedError: if a role of it is more than the caller has.
        """
        within, group = await self._narrowed(scope, MEMBER_WRITE, group_id)
        async with self._store.people(within) as people:
            await self._check_roles(people, scope, group, taken=True)
            await people.remove_group(group_id)

    async def list_members(self, scope: Scope, group_id: str, page: PageRequest) -> Page[Member]:
        """Return the people of a group, in the order of their ids."""
        after = decode_cursor(page.cursor, str)
        within, _ = await self._narrowed(scope, MEMBER_READ, group_id)
        async with self._store.people(within) as people:
            found = await people.group_members(group_id, after=after, limit=page.limit + 1)
        members = await self._members.named((user_id, None, at) for user_id, at in found)
        return page_of(members, page.limit, lambda member: member.user.id)

    async def put_member(self, scope: Scope, group_id: str, user_id: str) -> None:
        """Put a member of the organisation into a group.

        Raises:
            NotFoundError: if the caller sees no such group, or the person is no member.
            PermissionDeniedError: if a role of the group is more than the caller has.
        """
        within, group = await self._narrowed(scope, MEMBER_WRITE, group_id)
        async with self._store.people(within) as people:
            await self._check_roles(people, scope, group, taken=True)
            if await people.member(group.org_id, user_id) is None:
                raise NotFoundError("that person does not belong to the organisation")
            await people.put_group_member(group.org_id, group_id, user_id, self._clock.now())

    async def remove_member(self, scope: Scope, group_id: str, user_id: str) -> None:
        """Take a person out of a group, if they are in it.

        Raises:
            NotFoundError: if there is no group that the caller may see.
            ConflictError: if a provider or a directory says that they are in it.
            PermissionDeniedError: if a role of the group is more than the caller has.
        """
        within, group = await self._narrowed(scope, MEMBER_WRITE, group_id)
        async with self._store.people(within) as people:
            await self._check_roles(people, scope, group, taken=True)
            await people.remove_group_member(group_id, user_id)
            if await people.follows(group_id, user_id):
                raise ConflictError(
                    "an identity provider says that they are in this group; change it there"
                )

    async def _narrowed(
        self, scope: Scope, permission: Permission, group_id: str
    ) -> tuple[Scope, Group]:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.people(_SELF) as people:
            group = existing(await people.group(group_id))
        return authorize(scope, permission, org_id=group.org_id), group

    async def _check_roles(
        self, people: People, scope: Scope, group: Group, *, taken: bool = False
    ) -> None:
        for each in group.roles:
            if each.project_id is not None and not taken:
                try:
                    owner = await self._tenancy.organization_of(each.project_id)
                except NotFoundError:
                    owner = None
                if owner != group.org_id:
                    raise InvalidRequestError(
                        f"the organisation has no project {each.project_id!r}", param="roles"
                    )
            await check_role(people, scope, each.role, group.org_id, each.project_id, taken=taken)


class RoleService:
    """Roles of an organisation's own; ``permissions`` are all that exist."""

    def __init__(
        self,
        store: IdentityStore,
        tenancy: TenancyService,
        clock: Clock,
        *,
        permissions: Collection[Permission],
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._clock = clock
        self.permissions = {each.name: each for each in permissions}

    async def list_of_organization(self, scope: Scope, org_id: str) -> Sequence[CustomRole]:
        """Return the organisation's own roles, by name."""
        scope = authorize(scope, ROLE_READ, org_id=org_id)
        await self._tenancy.check_organization(org_id)
        async with self._store.people(scope) as people:
            return await people.roles(org_id)

    async def create(
        self, scope: Scope, org_id: str, *, name: str, description: str, permissions: Sequence[str]
    ) -> CustomRole:
        """Create a role.

        Raises:
            NotFoundError: if the caller sees no such organisation.
            InvalidRequestError: if the name or a permission is not acceptable.
            PermissionDeniedError: if it permits more than the caller may do.
            ConflictError: if the name is taken.
        """
        within = authorize(scope, ROLE_WRITE, org_id=org_id)
        await self._tenancy.check_organization(org_id)
        if not _ROLE_NAME.fullmatch(name) or name in BUILT_IN_ROLES:
            raise InvalidRequestError(
                "a role's name has 1 to 63 lower-case letters, digits and inner hyphens, and is"
                " not that of a built-in role",
                param="name",
            )
        now = self._clock.now()
        role = CustomRole(
            id=new_id("rol"),
            org_id=org_id,
            name=name,
            description=_checked_description(description),
            permissions=self._checked(scope, org_id, permissions),
            created_at=now,
            updated_at=now,
        )
        async with self._store.people(within) as people:
            if len(await people.roles(org_id)) >= MAX_ROLES:
                raise ConflictError(f"an organisation has at most {MAX_ROLES} roles of its own")
            await people.add_role(role)
        return role

    async def update(
        self,
        scope: Scope,
        org_id: str,
        name: str,
        *,
        description: str | UnsetType = UNSET,
        permissions: Sequence[str] | UnsetType = UNSET,
        expected_revision: int | None = None,
    ) -> CustomRole:
        """Change a role, for everybody who has it.

        Raises:
            NotFoundError: if there is none that the caller may see.
            InvalidRequestError: if a permission is not acceptable.
            PermissionDeniedError: if it permits, or permitted, more than the caller may do.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        within = authorize(scope, ROLE_WRITE, org_id=org_id)
        async with self._store.people(within) as people:
            old = _named(await people.roles(org_id), name)
            check_revision(expected_revision, old.revision)
            _refuse_beyond(scope, org_id, old.permissions)
            new = msgspec.structs.replace(
                old, updated_at=self._clock.now(), revision=old.revision + 1
            )
            if not isinstance(description, UnsetType):
                text = _checked_description(description)
                new = msgspec.structs.replace(new, description=text)
            if not isinstance(permissions, UnsetType):
                checked = self._checked(scope, org_id, permissions)
                new = msgspec.structs.replace(new, permissions=checked)
            await people.replace_role(new)
        return new

    async def remove(self, scope: Scope, org_id: str, name: str) -> None:
        """Remove a role that nobody has.

        Raises:
            NotFoundError: if there is none that the caller may see.
            ConflictError: if somebody has it.
        """
        within = authorize(scope, ROLE_WRITE, org_id=org_id)
        async with self._store.people(within) as people:
            role = _named(await people.roles(org_id), name)
            if await people.is_role_used(org_id, name):
                raise ConflictError("members, groups or invitations still have this role")
            await people.remove_role(role.id)

    def _checked(self, scope: Scope, org_id: str, permissions: Sequence[str]) -> tuple[str, ...]:
        for name in permissions:
            known = self.permissions.get(name)
            if known is None:
                raise InvalidRequestError(f"there is no permission {name!r}", param="permissions")
            if known.of_platform:
                raise InvalidRequestError(
                    f"{name} holds in the platform only; no role here can give it",
                    param="permissions",
                )
        _refuse_beyond(scope, org_id, permissions)
        return tuple(sorted(set(permissions)))


def _refuse_beyond(scope: Scope, org_id: str, permissions: Collection[str]) -> None:
    if scope.crosses_tenants or covers(scope.grants, frozenset(permissions), org_id, None):
        return
    raise PermissionDeniedError("the role permits more than you may do here")


def _distinct(roles: Sequence[RoleAt]) -> tuple[RoleAt, ...]:
    return tuple(dict.fromkeys(roles))


def _checked_description(text: str) -> str:
    text = text.strip()
    if len(text) > MAX_DESCRIPTION:
        raise InvalidRequestError(
            f"a description has at most {MAX_DESCRIPTION} characters", param="description"
        )
    return text


def _checked_external(name: str | None) -> str | None:
    if name is not None and (not 1 <= len(name) <= 256 or not name.isprintable()):
        raise InvalidRequestError(
            "a group's name elsewhere has 1 to 256 characters", param="external_name"
        )
    return name


def _named(roles: Sequence[CustomRole], name: str) -> CustomRole:
    for role in roles:
        if role.name == name:
            return role
    raise NotFoundError("the organisation has no role of its own with that name")
