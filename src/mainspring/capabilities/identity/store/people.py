"""Members, groups, roles and invitations in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    DateTime,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.identity.domain import (
    SCIM,
    CustomRole,
    Group,
    Membership,
    ProjectMembership,
    User,
)
from mainspring.capabilities.identity.domain.invitations import Invitation
from mainspring.capabilities.identity.store.directory_tables import (
    directory_groups,
    directory_members,
    directory_users,
)
from mainspring.capabilities.identity.store.endings import PostgresEndings
from mainspring.capabilities.identity.store.group_feed import ChangedGroups
from mainspring.capabilities.identity.store.provider_tables import (
    derived_members,
    identity_providers,
)
from mainspring.capabilities.identity.store.tables import (
    group_members,
    groups,
    invitations,
    memberships,
    project_members,
    roles,
    users,
)
from mainspring.infra.db.rows import (
    conflicts,
    find_row,
    find_where,
    from_row,
    insert_row,
    replace_row,
    to_row,
)

_TAKEN = {
    "uq_users_email": "this e-mail address has an account already",
    "uq_groups_org_id": "another group of the organisation has this name",
    "uq_roles_org_id": "another role of the organisation has this name",
    "fk_project_members_org_id": "that person does not belong to the organisation",
    "fk_group_members_org_id": "that person does not belong to the organisation",
    "fk_project_members_project_id": "the project is being removed",
    "fk_group_members_group_id": "the group is being removed",
    "fk_memberships_org_id": "the organisation is being removed",
    "fk_groups_org_id": "the organisation is being removed",
    "fk_roles_org_id": "the organisation is being removed",
    "fk_invitations_org_id": "the organisation is being removed",
    "fk_invitations_project_id": "the project is being removed",
}


class PostgresPeople(PostgresEndings):
    """An organisation's people as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session)
        self._groups = ChangedGroups(session)

    async def remove_groups_of(self, org_id: str) -> None:
        """Remove every group of an organisation that is being removed."""
        await self._groups.note_all_of(org_id)
        await self._session.execute(delete(groups).where(groups.c.org_id == org_id))

    async def note_untold_groups(self) -> None:
        """Have gateways told of the groups that they know nothing of."""
        await self._groups.note_untold()

    async def tell_groups(self) -> None:
        """Tell gateways of the groups that changed; the last thing that a transaction does."""
        await self._groups.publish()

    async def users(self, user_ids: Collection[str]) -> Mapping[str, User]:
        """Return those accounts, by id."""
        query = select(users).where(users.c.id.in_(sorted(user_ids)))
        rows = (await self._session.execute(query)).mappings()
        return {str(row["id"]): from_row(row, User) for row in rows}

    async def add_user(self, user: User) -> None:
        """Keep a new account."""
        await insert_row(self._session, users, user, taken=_TAKEN)

    async def replace_user(self, user: User) -> None:
        """Write the next revision."""
        await replace_row(self._session, users, user, taken=_TAKEN)

    async def members(self, org_id: str, *, after: str | None, limit: int) -> Sequence[Membership]:
        """Return up to ``limit`` members in the order of their ids."""
        query = (
            select(memberships)
            .where(memberships.c.org_id == org_id)
            .order_by(memberships.c.user_id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(memberships.c.user_id > after)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Membership) for row in rows]

    async def member(self, org_id: str, user_id: str) -> Membership | None:
        """Return the person's place in the organisation, and keep others from changing it."""
        query = (
            select(memberships)
            .where(memberships.c.org_id == org_id, memberships.c.user_id == user_id)
            .with_for_update()
        )
        found = (await self._session.execute(query)).mappings().one_or_none()
        return None if found is None else from_row(found, Membership)

    async def put_member(self, membership: Membership) -> None:
        """Make someone a member, or change the role of one."""
        statement = insert(memberships).values(to_row(membership))
        with conflicts(_TAKEN):
            await self._session.execute(
                statement.on_conflict_do_update(
                    index_elements=["org_id", "user_id"],
                    set_={
                        "role": statement.excluded.role,
                        "source": statement.excluded.source,
                        "suspended": statement.excluded.suspended,
                    },
                )
            )

    async def remove_member(self, org_id: str, user_id: str) -> None:
        """Take someone out of the organisation, its projects and its groups."""
        await self._groups.note_groups_of(org_id, user_id)
        await self._session.execute(
            delete(memberships).where(
                memberships.c.org_id == org_id, memberships.c.user_id == user_id
            )
        )

    async def project_members(
        self, project_id: str, *, after: str | None, limit: int
    ) -> Sequence[ProjectMembership]:
        """Return up to ``limit`` members of the project in the order of their ids."""
        query = (
            select(project_members)
            .where(project_members.c.project_id == project_id)
            .order_by(project_members.c.user_id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(project_members.c.user_id > after)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, ProjectMembership) for row in rows]

    async def project_member(self, project_id: str, user_id: str) -> ProjectMembership | None:
        """Return the person's place in the project."""
        return await find_where(
            self._session,
            project_members,
            ProjectMembership,
            project_members.c.project_id == project_id,
            project_members.c.user_id == user_id,
        )

    async def put_project_member(self, membership: ProjectMembership) -> None:
        """Give a member of the organisation a role in the project."""
        statement = insert(project_members).values(to_row(membership))
        with conflicts(_TAKEN):
            await self._session.execute(
                statement.on_conflict_do_update(
                    index_elements=["project_id", "user_id"],
                    set_={"role": statement.excluded.role},
                )
            )

    async def remove_project_member(self, project_id: str, user_id: str) -> None:
        """Take the role in the project back."""
        await self._session.execute(
            delete(project_members).where(
                project_members.c.project_id == project_id, project_members.c.user_id == user_id
            )
        )

    async def groups(self, org_id: str, *, after: str | None, limit: int) -> Sequence[Group]:
        """Return up to ``limit`` groups, oldest first."""
        query = select(groups).where(groups.c.org_id == org_id).order_by(groups.c.id).limit(limit)
        if after is not None:
            query = query.where(groups.c.id > after)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Group) for row in rows]

    async def group(self, group_id: str) -> Group | None:
        """Return the group, if the scope sees it."""
        return await find_row(self._session, groups, Group, group_id)

    async def add_group(self, group: Group) -> None:
        """Keep a new group."""
        self._groups.note(group.id)
        await insert_row(self._session, groups, group, taken=_TAKEN)

    async def replace_group(self, group: Group) -> None:
        """Write the next revision."""
        await replace_row(self._session, groups, group, taken=_TAKEN)

    async def remove_group(self, group_id: str) -> None:
        """Remove the group; its members keep what they have otherwise."""
        self._groups.note(group_id)
        await self._session.execute(delete(groups).where(groups.c.id == group_id))

    async def group_members(
        self, group_id: str, *, after: str | None, limit: int
    ) -> Sequence[tuple[str, datetime]]:
        """Return up to ``limit`` ids of the group's people, and since when they are in it."""
        inside = union_all(
            select(group_members.c.user_id, group_members.c.created_at).where(
                group_members.c.group_id == group_id
            ),
            select(derived_members.c.user_id, derived_members.c.created_at).where(
                derived_members.c.group_id == group_id
            ),
        ).subquery()
        query = (
            select(inside.c.user_id, func.min(inside.c.created_at))
            .group_by(inside.c.user_id)
            .order_by(inside.c.user_id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(inside.c.user_id > after)
        return [(user_id, at) for user_id, at in await self._session.execute(query)]

    async def follows(self, group_id: str, user_id: str) -> bool:
        """Tell whether a provider or a directory put the person into the group."""
        query = select(derived_members.c.user_id).where(
            derived_members.c.group_id == group_id, derived_members.c.user_id == user_id
        )
        return (await self._session.execute(query.limit(1))).one_or_none() is not None

    async def fed_groups(self, org_id: str) -> Sequence[Group]:
        """Return the groups that take in people of a group elsewhere."""
        query = select(groups).where(groups.c.org_id == org_id, groups.c.external_name.is_not(None))
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Group) for row in rows]

    async def empty_derived(self, group_id: str) -> None:
        """Take out whom providers and directories put into the group."""
        self._groups.note(group_id)
        await self._session.execute(
            delete(derived_members).where(derived_members.c.group_id == group_id)
        )

    async def derive_from_directory(self, org_id: str, at: datetime) -> None:
        """Have those in the organisation's groups whom its directory puts into them."""
        inside = (
            select(groups.c.id.label("group_id"), directory_users.c.user_id.label("user_id"))
            .select_from(groups)
            .join(
                directory_groups,
                and_(
                    directory_groups.c.org_id == groups.c.org_id,
                    directory_groups.c.display_name == groups.c.external_name,
                ),
            )
            .join(directory_members, directory_members.c.group_id == directory_groups.c.id)
            .join(directory_users, directory_users.c.id == directory_members.c.directory_user_id)
            .join(
                memberships,
                and_(
                    memberships.c.org_id == groups.c.org_id,
                    memberships.c.user_id == directory_users.c.user_id,
                ),
            )
            .where(groups.c.org_id == org_id)
        )
        await self._groups.note_all_of(org_id)  # a put that changes nothing is none
        held = tuple_(derived_members.c.group_id, derived_members.c.user_id)
        await self._session.execute(
            delete(derived_members).where(
                derived_members.c.org_id == org_id,
                derived_members.c.source == SCIM,
                held.not_in(inside),
            )
        )
        wanted = inside.subquery()
        rows = select(
            literal(org_id),
            wanted.c.group_id,
            wanted.c.user_id,
            literal(SCIM),
            literal(at, DateTime(timezone=True)),
        )
        await self._session.execute(
            insert(derived_members)
            .from_select(["org_id", "group_id", "user_id", "source", "created_at"], rows)
            .on_conflict_do_nothing()
        )

    async def memberships_from(self, user_id: str, source: str) -> Sequence[Membership]:
        """Return the person's places that follow ``source``, and keep others from changing them."""
        query = (
            select(memberships)
            .where(memberships.c.user_id == user_id, memberships.c.source == source)
            .order_by(memberships.c.org_id)
            .with_for_update()
        )
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Membership) for row in rows]

    async def has_own_roles(self, org_id: str, user_id: str) -> bool:
        """Tell whether the person was given something here, in projects or groups."""
        for table in (project_members, group_members):
            query = select(table.c.user_id).where(
                table.c.org_id == org_id, table.c.user_id == user_id
            )
            if (await self._session.execute(query.limit(1))).one_or_none() is not None:
                return True
        return False

    async def derive_groups(
        self,
        user_id: str,
        source: str,
        names: Collection[str],
        at: datetime,
        *,
        org_id: str | None,
    ) -> None:
        """Have the person in exactly those groups that take in one of ``names``, by ``source``.

        That is among the organisations that the person belongs to, or ``org_id`` alone.
        """
        wanted = (
            select(
                groups.c.org_id,
                groups.c.id,
                literal(user_id),
                literal(source),
                literal(at, DateTime(timezone=True)),
            )
            .join(
                memberships,
                and_(memberships.c.org_id == groups.c.org_id, memberships.c.user_id == user_id),
            )
            .where(groups.c.external_name.in_(sorted(names)))
        )
        held = delete(derived_members).where(
            derived_members.c.user_id == user_id, derived_members.c.source == source
        )
        if org_id is not None:
            wanted = wanted.where(groups.c.org_id == org_id)
            held = held.where(derived_members.c.org_id == org_id)
        theirs = (derived_members.c.user_id == user_id, derived_members.c.source == source)
        await self._groups.note_derived(*theirs)
        kept = select(groups.c.id).where(groups.c.external_name.in_(sorted(names)))
        await self._session.execute(held.where(derived_members.c.group_id.not_in(kept)))
        await self._session.execute(
            insert(derived_members)
            .from_select(["org_id", "group_id", "user_id", "source", "created_at"], wanted)
            .on_conflict_do_nothing()
        )
        await self._groups.note_derived(*theirs)

    async def put_group_member(
        self, org_id: str, group_id: str, user_id: str, at: datetime
    ) -> None:
        """Put a member of the organisation into the group."""
        self._groups.note(group_id)
        values = {"org_id": org_id, "group_id": group_id, "user_id": user_id, "created_at": at}
        with conflicts(_TAKEN):
            await self._session.execute(
                insert(group_members).values(values).on_conflict_do_nothing()
            )

    async def remove_group_member(self, group_id: str, user_id: str) -> None:
        """Take a person out of the group."""
        self._groups.note(group_id)
        await self._session.execute(
            delete(group_members).where(
                group_members.c.group_id == group_id, group_members.c.user_id == user_id
            )
        )

    async def roles(self, org_id: str) -> Sequence[CustomRole]:
        """Return the organisation's own roles, by name."""
        query = select(roles).where(roles.c.org_id == org_id).order_by(roles.c.name)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, CustomRole) for row in rows]

    async def add_role(self, role: CustomRole) -> None:
        """Keep a new role."""
        await insert_row(self._session, roles, role, taken=_TAKEN)

    async def replace_role(self, role: CustomRole) -> None:
        """Write the next revision."""
        await replace_row(self._session, roles, role, taken=_TAKEN)

    async def remove_role(self, role_id: str) -> None:
        """Remove the role."""
        await self._session.execute(delete(roles).where(roles.c.id == role_id))

    async def is_role_used(self, org_id: str, name: str) -> bool:
        """Tell whether a member, a group, an open invitation or a provider's rule has the role."""
        open_ones = and_(
            invitations.c.org_id == org_id,
            invitations.c.accepted_at.is_(None),
            invitations.c.revoked_at.is_(None),
            or_(invitations.c.role == name, invitations.c.project_role == name),
        )
        queries = (
            select(memberships.c.org_id).where(
                memberships.c.org_id == org_id, memberships.c.role == name
            ),
            select(project_members.c.org_id).where(
                project_members.c.org_id == org_id, project_members.c.role == name
            ),
            select(groups.c.org_id).where(
                groups.c.org_id == org_id, groups.c.roles.contains([{"role": name}])
            ),
            select(invitations.c.org_id).where(open_ones),
            select(identity_providers.c.id).where(
                identity_providers.c.rules.contains([{"org_id": org_id, "role": name}])
            ),
        )
        for query in queries:
            if (await self._session.execute(query.limit(1))).one_or_none() is not None:
                return True
        return False

    async def invitations(
        self, org_id: str, *, before: str | None, limit: int
    ) -> Sequence[Invitation]:
        """Return up to ``limit`` invitations, newest first."""
        query = (
            select(invitations)
            .where(invitations.c.org_id == org_id)
            .order_by(invitations.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(invitations.c.id < before)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Invitation) for row in rows]

    async def invitation(self, invitation_id: str) -> Invitation | None:
        """Return the invitation, if the scope sees it."""
        return await find_row(self._session, invitations, Invitation, invitation_id)

    async def invitation_by_digest(self, digest: bytes) -> Invitation | None:
        """Return the invitation of that link, even one that is over."""
        return await find_where(
            self._session, invitations, Invitation, invitations.c.digest == digest
        )

    async def add_invitation(self, invitation: Invitation) -> None:
        """Keep a new invitation."""
        await insert_row(self._session, invitations, invitation, taken=_TAKEN)

    async def take_invitation(self, invitation_id: str, now: datetime) -> bool:
        """Use the invitation up; false if it is over."""
        taken = await self._session.execute(
            update(invitations)
            .where(
                invitations.c.id == invitation_id,
                invitations.c.accepted_at.is_(None),
                invitations.c.revoked_at.is_(None),
                invitations.c.expires_at > now,
            )
            .values(accepted_at=now)
            .returning(invitations.c.id)
        )
        return taken.one_or_none() is not None

    async def revoke_invitation(self, invitation_id: str, at: datetime) -> None:
        """End the invitation; one that is over stays as it is."""
        await self._session.execute(
            update(invitations)
            .where(
                invitations.c.id == invitation_id,
                invitations.c.accepted_at.is_(None),
                invitations.c.revoked_at.is_(None),
            )
            .values(revoked_at=at)
        )

    async def count_emergency_admins(self, *, but: str | None = None) -> int:
        """Return how many enabled administrators a password lets in where passwords are off."""
        query = (
            select(users.c.id)
            .where(
                users.c.is_platform_admin,
                users.c.break_glass,
                users.c.disabled_at.is_(None),
                users.c.password_hash.is_not(None),
            )
            .order_by(users.c.id)
            .with_for_update()
        )
        return len(set((await self._session.execute(query)).scalars()) - {but})

    async def count_platform_admins(self) -> int:
        """Return how many enabled administrators there are, and keep them so meanwhile."""
        query = (
            select(users.c.id)
            .where(users.c.is_platform_admin, users.c.disabled_at.is_(None))
            .order_by(users.c.id)
            .with_for_update()
        )
        return len((await self._session.execute(query)).all())
