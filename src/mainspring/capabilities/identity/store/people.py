"""Members, groups, roles and invitations in PostgreSQL."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.identity.domain import (
    CustomRole,
    Group,
    Membership,
    ProjectMembership,
    User,
)
from mainspring.capabilities.identity.domain.invitations import Invitation
from mainspring.capabilities.identity.ports import Ended
from mainspring.capabilities.identity.store.group_feed import ChangedGroups
from mainspring.capabilities.identity.store.tables import (
    api_keys,
    group_members,
    groups,
    invitations,
    memberships,
    project_members,
    roles,
    sessions,
    tokens,
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
from mainspring.infra.feed import publish
from mainspring.snapshot.resources import ApiKey, Resource

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


class PostgresPeople:
    """An organisation's people as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
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
                    index_elements=["org_id", "user_id"], set_={"role": statement.excluded.role}
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
        query = (
            select(group_members.c.user_id, group_members.c.created_at)
            .where(group_members.c.group_id == group_id)
            .order_by(group_members.c.user_id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(group_members.c.user_id > after)
        return [(user_id, at) for user_id, at in await self._session.execute(query)]

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
        """Tell whether a member, a group or an open invitation has the role."""
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

    async def end_everything(self, user_id: str, at: datetime) -> Ended:
        """End every session, token and key of a person, and the invitations they wrote."""
        gone = await self._session.execute(
            delete(sessions).where(sessions.c.user_id == user_id).returning(sessions.c.id)
        )
        ended_sessions = len(gone.all())
        ended = await self._session.execute(
            update(tokens)
            .where(tokens.c.user_id == user_id, tokens.c.revoked_at.is_(None))
            .values(revoked_at=at)
            .returning(tokens.c.id)
        )
        ended_tokens = len(ended.all())
        withdrawn = await self._session.execute(
            update(invitations)
            .where(
                invitations.c.created_by == user_id,
                invitations.c.accepted_at.is_(None),
                invitations.c.revoked_at.is_(None),
            )
            .values(revoked_at=at)
            .returning(invitations.c.id)
        )
        return Ended(
            sessions=ended_sessions,
            tokens=ended_tokens,
            invitations=len(withdrawn.all()),
            keys=await self.end_keys(user_id, at, org_id=None),
        )

    async def end_keys(self, user_id: str, at: datetime, *, org_id: str | None) -> int:
        """End the person's keys (of one organisation) and tell gateways; call it last."""
        statement = (
            update(api_keys)
            .where(api_keys.c.actor_id == user_id, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=at)
            .returning(api_keys.c.id)
        )
        if org_id is not None:
            statement = statement.where(api_keys.c.org_id == org_id)
        ids = list((await self._session.execute(statement)).scalars())
        await self.publish(deletes=[(ApiKey.kind, key_id) for key_id in ids])
        return len(ids)

    async def count_platform_admins(self) -> int:
        """Return how many enabled administrators there are, and keep them so meanwhile."""
        query = (
            select(users.c.id)
            .where(users.c.is_platform_admin, users.c.disabled_at.is_(None))
            .order_by(users.c.id)
            .with_for_update()
        )
        return len((await self._session.execute(query)).all())

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits."""
        await publish(self._session, puts, deletes)
