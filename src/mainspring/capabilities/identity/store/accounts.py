"""People, memberships and sessions in PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, literal, or_, select, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.identity.domain import (
    BUILT_IN_ROLES,
    CustomRole,
    Group,
    Membership,
    ProjectMembership,
    Session,
    SignInPolicy,
    Standing,
    User,
)
from mainspring.capabilities.identity.domain.second_factor import SecondFactor
from mainspring.capabilities.identity.store.provider_tables import (
    derived_members,
    external_identities,
    identity_providers,
    sign_in_policy,
    used_sign_ins,
)
from mainspring.capabilities.identity.store.tables import (
    group_members,
    groups,
    memberships,
    project_members,
    roles,
    second_factors,
    sessions,
    setup_token,
    sign_in_attempts,
    users,
)
from mainspring.infra.db.rows import (
    find_row,
    find_where,
    from_row,
    insert_row,
    replace_row,
    to_row,
)

_TAKEN = {"uq_users_email": "this e-mail address has an account already"}


class PostgresAccounts:
    """People and their sessions as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def count_users(self) -> int:
        """Return how many accounts there are."""
        return (await self._session.execute(select(func.count()).select_from(users))).scalar_one()

    async def add_user(self, user: User) -> None:
        """Keep a new account."""
        await insert_row(self._session, users, user, taken=_TAKEN)

    async def user(self, user_id: str) -> User | None:
        """Return the account."""
        return await find_row(self._session, users, User, user_id)

    async def user_by_email(self, email: str) -> User | None:
        """Return the account of that address."""
        return await find_where(self._session, users, User, users.c.email == email)

    async def replace_user(self, user: User) -> None:
        """Write the next revision."""
        await replace_row(self._session, users, user, taken=_TAKEN)

    async def users(self, *, email: str | None, after: str | None, limit: int) -> Sequence[User]:
        """Return up to ``limit`` accounts in the order of their ids."""
        query = select(users).order_by(users.c.id).limit(limit)
        if email is not None:
            query = query.where(users.c.email == email)
        if after is not None:
            query = query.where(users.c.id > after)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, User) for row in rows]

    async def standing(self, user: User) -> Standing:
        """Return all that decides what the person may do."""
        vouched = await self._vouched_roles(user.id)
        query = select(memberships).where(
            memberships.c.user_id == user.id, memberships.c.suspended.is_(False)
        )
        joined = [
            from_row(row, Membership) for row in (await self._session.execute(query)).mappings()
        ]
        if not joined:  # projects and groups are of organisations that one belongs to
            return Standing(platform_roles=user.all_platform_roles, vouched_roles=vouched)
        org_ids = [each.org_id for each in joined]
        query = select(project_members).where(
            project_members.c.user_id == user.id, project_members.c.org_id.in_(org_ids)
        )
        in_projects = [
            from_row(row, ProjectMembership)
            for row in (await self._session.execute(query)).mappings()
        ]
        theirs = union(
            select(group_members.c.group_id).where(group_members.c.user_id == user.id),
            select(derived_members.c.group_id).where(derived_members.c.user_id == user.id),
        )
        query = (
            select(groups)
            .where(groups.c.id.in_(theirs), groups.c.org_id.in_(org_ids))
            .order_by(groups.c.id)
        )
        in_groups = [
            from_row(row, Group) for row in (await self._session.execute(query)).mappings()
        ]
        named = {each.role for each in (*joined, *in_projects)}
        named |= {each.role for group in in_groups for each in group.roles}
        own: list[CustomRole] = []
        if named - BUILT_IN_ROLES.keys():
            query = select(roles).where(
                roles.c.org_id.in_([each.org_id for each in joined]), roles.c.name.in_(named)
            )
            own = [
                from_row(row, CustomRole) for row in (await self._session.execute(query)).mappings()
            ]
        return Standing(
            platform_roles=user.all_platform_roles,
            vouched_roles=vouched,
            memberships=tuple(joined),
            projects=tuple(in_projects),
            groups=tuple(in_groups),
            custom_roles=tuple(own),
        )

    async def _vouched_roles(self, user_id: str) -> tuple[tuple[str, str], ...]:
        query = (
            select(func.unnest(external_identities.c.platform_roles), identity_providers.c.name)
            .join(identity_providers, identity_providers.c.id == external_identities.c.provider_id)
            .where(
                external_identities.c.user_id == user_id,
                identity_providers.c.enabled,
                identity_providers.c.org_id.is_(None),
            )
        )
        return tuple((role, name) for role, name in await self._session.execute(query))

    async def sign_in_policy(self) -> SignInPolicy:
        """Return how people sign in."""
        row = (await self._session.execute(select(sign_in_policy))).mappings().one()
        return from_row(row, SignInPolicy)

    async def lock_sign_in_policy(self) -> SignInPolicy:
        """Return how people sign in, and keep it so meanwhile."""
        query = select(sign_in_policy).with_for_update()
        row = (await self._session.execute(query)).mappings().one()
        return from_row(row, SignInPolicy)

    async def replace_sign_in_policy(self, policy: SignInPolicy) -> None:
        """Write the next revision."""
        await self._session.execute(update(sign_in_policy).values(to_row(policy)))

    async def end_sessions_at(
        self, provider_id: str, *, provider_session: str | None, user_id: str | None
    ) -> int:
        """End sessions that a provider vouched for: one of its own, or all of a person's."""
        statement = delete(sessions).where(sessions.c.provider_id == provider_id)
        if provider_session is not None:
            statement = statement.where(sessions.c.provider_session == provider_session)
        if user_id is not None:
            statement = statement.where(sessions.c.user_id == user_id)
        gone = await self._session.execute(statement.returning(sessions.c.id))
        return len(gone.all())

    async def use_up(self, digest: bytes, expires_at: datetime) -> bool:
        """Use up what is good once; false if it was used before."""
        taken = await self._session.execute(
            insert(used_sign_ins)
            .values(digest=digest, expires_at=expires_at)
            .on_conflict_do_nothing()
            .returning(literal(1))
        )
        return taken.one_or_none() is not None

    async def forget_used_up(self, before: datetime) -> None:
        """Forget what expired before ``before``: its expiry alone refuses it."""
        await self._session.execute(
            delete(used_sign_ins).where(used_sign_ins.c.expires_at < before)
        )

    async def add_session(self, session: Session) -> None:
        """Keep a new session."""
        await insert_row(self._session, sessions, session, taken={})

    async def session_by_digest(self, digest: bytes) -> Session | None:
        """Return the session with that secret's digest."""
        return await find_where(self._session, sessions, Session, sessions.c.digest == digest)

    async def touch_session(self, session_id: str, at: datetime) -> None:
        """Note that the session was used."""
        await self._session.execute(
            update(sessions).where(sessions.c.id == session_id).values(seen_at=at)
        )

    async def remove_session(self, digest: bytes) -> None:
        """End the session, if it is there."""
        await self._session.execute(delete(sessions).where(sessions.c.digest == digest))

    async def remove_sessions_before(self, *, expired: datetime, idle: datetime) -> int:
        """Remove sessions that are over."""
        gone = await self._session.execute(
            delete(sessions)
            .where(or_(sessions.c.expires_at <= expired, sessions.c.seen_at <= idle))
            .returning(sessions.c.id)
        )
        return len(gone.all())

    async def sessions_of(self, user_id: str) -> Sequence[Session]:
        """Return a person's sessions, the latest first."""
        query = (
            select(sessions)
            .where(sessions.c.user_id == user_id)
            .order_by(sessions.c.id.desc())
            .limit(500)
        )
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Session) for row in rows]

    async def end_session_of(self, user_id: str, session_id: str) -> bool:
        """End one session of a person; false if there is none."""
        gone = await self._session.execute(
            delete(sessions)
            .where(sessions.c.user_id == user_id, sessions.c.id == session_id)
            .returning(sessions.c.id)
        )
        return gone.one_or_none() is not None

    async def end_sessions_of(self, user_id: str, *, but: bytes | None) -> None:
        """End a person's sessions, except the one of the digest ``but``."""
        statement = delete(sessions).where(sessions.c.user_id == user_id)
        if but is not None:
            statement = statement.where(sessions.c.digest != but)
        await self._session.execute(statement)

    async def second_factor(self, user_id: str) -> SecondFactor | None:
        """Return the person's second factor, and keep others from using it meanwhile."""
        query = select(second_factors).where(second_factors.c.user_id == user_id)
        found = (await self._session.execute(query.with_for_update())).mappings().one_or_none()
        return None if found is None else from_row(found, SecondFactor)

    async def put_second_factor(self, factor: SecondFactor) -> None:
        """Make this the person's second factor."""
        values = to_row(factor)
        statement = insert(second_factors).values(values)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["user_id"], set_=values)
        )

    async def remove_second_factor(self, user_id: str) -> None:
        """Take the person's second factor away, if there is one."""
        await self._session.execute(
            delete(second_factors).where(second_factors.c.user_id == user_id)
        )

    async def put_setup_token(self, digest: bytes, expires_at: datetime) -> None:
        """Make this the only set-up token."""
        values = {"digest": digest, "expires_at": expires_at}
        statement = insert(setup_token).values(singleton=True, **values)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["singleton"], set_=values)
        )

    async def knows_setup_token(self, digest: bytes, now: datetime) -> bool:
        """Tell whether this is the set-up token."""
        found = await self._session.execute(
            select(setup_token.c.singleton).where(
                setup_token.c.digest == digest, setup_token.c.expires_at > now
            )
        )
        return found.one_or_none() is not None

    async def take_setup_token(self, digest: bytes, now: datetime) -> bool:
        """Use up the set-up token."""
        taken = await self._session.execute(
            delete(setup_token)
            .where(setup_token.c.digest == digest, setup_token.c.expires_at > now)
            .returning(setup_token.c.singleton)
        )
        return taken.one_or_none() is not None

    async def lock_attempts(self, subject: str) -> tuple[int, datetime] | None:
        """Return failures and the last one's time, and lock the count."""
        # Inserted where it is missing, because a row that is not there cannot be locked.
        statement = insert(sign_in_attempts).values(subject=subject, failures=0, last_at=func.now())
        row = await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["subject"], set_={"failures": sign_in_attempts.c.failures}
            ).returning(sign_in_attempts.c.failures, sign_in_attempts.c.last_at)
        )
        failures, last_at = row.one()
        return (failures, last_at) if failures else None

    async def put_attempts(self, subject: str, failures: int, at: datetime) -> None:
        """Set the count of failures."""
        await self._session.execute(
            update(sign_in_attempts)
            .where(sign_in_attempts.c.subject == subject)
            .values(failures=failures, last_at=at)
        )

    async def remove_attempts_before(self, last_at: datetime) -> None:
        """Forget failures of which the last lies before ``last_at``."""
        await self._session.execute(
            delete(sign_in_attempts).where(sign_in_attempts.c.last_at < last_at)
        )

    async def clear_attempts(self, subjects: Iterable[str]) -> None:
        """Forget the failures."""
        await self._session.execute(
            delete(sign_in_attempts).where(sign_in_attempts.c.subject.in_(sorted(subjects)))
        )
