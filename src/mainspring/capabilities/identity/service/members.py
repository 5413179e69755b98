"""Members of organisations and of their projects."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from mainspring.capabilities.identity.domain import (
    MEMBER_READ,
    MEMBER_WRITE,
    USER_WRITE,
    Level,
    Membership,
    ProjectMembership,
    User,
    covers,
    levels_of,
    permissions_of,
)
from mainspring.capabilities.identity.domain.roles import BUILT_IN_ROLES
from mainspring.capabilities.identity.ports import IdentityStore, People
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import InvalidRequestError, NotFoundError, PermissionDeniedError
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_SELF = Scope.platform("members")


class Member(msgspec.Struct, frozen=True):
    """A person in an organisation, a project or a group; ``role`` is ``None`` in a group."""

    user: User
    role: str | None
    since: datetime


class MemberService:
    """Who belongs where, and with which role.

    Nobody gives or takes a role that permits more than they may do themselves in that place.
    """

    def __init__(self, store: IdentityStore, tenancy: TenancyService, clock: Clock) -> None:
        self._store = store
        self._tenancy = tenancy
        self._clock = clock

    async def list_of_organization(
        self, scope: Scope, org_id: str, page: PageRequest
    ) -> Page[Member]:
        """Return an organisation's members, in the order of their ids.

        Raises:
            NotFoundError: if the caller sees no such organisation.
        """
        after = decode_cursor(page.cursor, str)
        scope = authorize(scope, MEMBER_READ, org_id=org_id)
        await self._tenancy.check_organization(org_id)
        async with self._store.people(scope) as people:
            found = await people.members(org_id, after=after, limit=page.limit + 1)
        members = await self.named((each.user_id, each.role, each.created_at) for each in found)
        return page_of(members, page.limit, lambda member: member.user.id)

    async def put(self, scope: Scope, org_id: str, user_id: str, role: str) -> Membership:
        """Change a member's role; the platform may also make somebody a member this way.

        Others bring people in by invitation: an account's id alone is nobody's consent.

        Raises:
            NotFoundError: if the caller sees no such organisation, or the person is no member.
            InvalidRequestError: if there is no such role for an organisation.
            PermissionDeniedError: if the role is more than the caller has.
        """
        within = authorize(scope, MEMBER_WRITE, org_id=org_id)
        await self._tenancy.check_organization(org_id)
        async with self._store.people(within) as people:
            old = await people.member(org_id, user_id)
            if old is None:
                await self._refuse_unknown(scope, user_id)
            else:
                await check_role(people, scope, old.role, org_id, None, taken=True)
            await check_role(people, scope, role, org_id, None)
            membership = Membership(
                org_id=org_id,
                user_id=user_id,
                role=role,
                suspended=old is not None and old.suspended,
                created_at=self._clock.now() if old is None else old.created_at,
            )
            await people.put_member(membership)
        return membership

    async def remove(self, scope: Scope, org_id: str, user_id: str) -> None:
        """Take a person out of an organisation, and end the keys that they hold there.

        Raises:
            NotFoundError: if the caller sees no such organisation, or the person is no member.
            PermissionDeniedError: if the person's role is more than the caller has.
        """
        within = authorize(scope, MEMBER_WRITE, org_id=org_id)
        async with self._store.people(within) as people:
            old = await people.member(org_id, user_id)
            if old is None:
                raise NotFoundError("that person does not belong to the organisation")
            await check_role(people, scope, old.role, org_id, None, taken=True)
            await people.remove_member(org_id, user_id)
            await people.end_keys(user_id, self._clock.now(), org_id=org_id)

    async def list_of_project(
        self, scope: Scope, project_id: str, page: PageRequest
    ) -> Page[Member]:
        """Return those members who have a role in the project itself.

        Raises:
            NotFoundError: if the caller sees no such project.
        """
        after = decode_cursor(page.cursor, str)
        scope = await self._tenancy.project_scope(scope, MEMBER_READ, project_id)
        async with self._store.people(scope) as people:
            found = await people.project_members(project_id, after=after, limit=page.limit + 1)
        members = await self.named((each.user_id, each.role, each.created_at) for each in found)
        return page_of(members, page.limit, lambda member: member.user.id)

    async def put_in_project(
        self, scope: Scope, project_id: str, user_id: str, role: str
    ) -> ProjectMembership:
        """Give a member of the organisation a role in one of its projects.

        Raises:
            NotFoundError: if the caller sees no such project, or the person is no member.
            InvalidRequestError: if there is no such role for a project.
            PermissionDeniedError: if the role is more than the caller has.
        """
        within = await self._tenancy.project_scope(scope, MEMBER_WRITE, project_id)
        org_id = await self._tenancy.organization_of(project_id)
        async with self._store.people(within) as people:
            if await people.member(org_id, user_id) is None:
                raise NotFoundError("that person does not belong to the organisation")
            old = await people.project_member(project_id, user_id)
            if old is not None:
                await check_role(people, scope, old.role, org_id, project_id, taken=True)
            await check_role(people, scope, role, org_id, project_id)
            membership = ProjectMembership(
                org_id=org_id,
                project_id=project_id,
                user_id=user_id,
                role=role,
                created_at=self._clock.now() if old is None else old.created_at,
            )
            await people.put_project_member(membership)
        return membership

    async def remove_from_project(self, scope: Scope, project_id: str, user_id: str) -> None:
        """Take a role in a project back; what the person has elsewhere stays.

        Raises:
            NotFoundError: if the caller sees no such project, or the person has no role there.
            PermissionDeniedError: if that role is more than the caller has.
        """
        within = await self._tenancy.project_scope(scope, MEMBER_WRITE, project_id)
        async with self._store.people(within) as people:
            old = await people.project_member(project_id, user_id)
            if old is None:
                raise NotFoundError("that person has no role in the project")
            await check_role(people, scope, old.role, old.org_id, project_id, taken=True)
            await people.remove_project_member(project_id, user_id)

    async def named(self, found: Iterable[tuple[str, str | None, datetime]]) -> list[Member]:
        """Return members with their names; accounts belong to no tenant, hence the own scope."""
        rows = list(found)
        async with self._store.people(_SELF) as people:
            users = await people.users({user_id for user_id, _, _ in rows})
        return [
            Member(users[user_id], role, since) for user_id, role, since in rows if user_id in users
        ]

    async def _refuse_unknown(self, scope: Scope, user_id: str) -> None:
        try:
            authorize(scope, USER_WRITE, org_id=PLATFORM_ORG)
        except PermissionDeniedError:
            raise NotFoundError(
                "that person does not belong to the organisation; invite them"
            ) from None
        async with self._store.people(_SELF) as people:
            if not await people.users([user_id]):
                raise NotFoundError("there is no such account")


async def check_role(
    people: People,
    scope: Scope,
    role: str,
    org_id: str,
    project_id: str | None,
    *,
    taken: bool = False,
) -> None:
    """Check that ``scope`` may give ``role`` there, or (``taken``) take it from somebody.

    Raises:
        InvalidRequestError: if there is no such role for such a place.
        PermissionDeniedError: if it permits more than the caller may do there.
    """
    custom = () if role in BUILT_IN_ROLES else await people.roles(org_id)
    level = Level.ORGANIZATION if project_id is None else Level.PROJECT
    known = role in BUILT_IN_ROLES or any(each.name == role for each in custom)
    if not taken and (not known or level not in levels_of(role)):
        raise InvalidRequestError(f"{role!r} is no role of this {level}", param="role")
    if scope.crosses_tenants:
        return
    if not covers(scope.grants, permissions_of(role, custom), org_id, project_id):
        raise PermissionDeniedError(f"the role {role} permits more than you may do here")
