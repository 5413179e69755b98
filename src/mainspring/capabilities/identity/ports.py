"""What identity needs from outside."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from mainspring.capabilities.identity.domain import (
    ApiKey,
    CustomRole,
    Group,
    Membership,
    ProjectMembership,
    Session,
    Standing,
    Token,
    User,
)
from mainspring.capabilities.identity.domain.invitations import Invitation
from mainspring.capabilities.identity.domain.second_factor import SecondFactor
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource, Sealed


class Accounts(Protocol):
    """People and their sessions as one transaction sees them; fails closed."""

    async def count_users(self) -> int:
        """Return how many accounts there are."""
        ...

    async def add_user(self, user: User) -> None:
        """Keep a new account; ``ConflictError`` if its address is taken."""
        ...

    async def user(self, user_id: str) -> User | None:
        """Return the account."""
        ...

    async def user_by_email(self, email: str) -> User | None:
        """Return the account of that address, which is in lower case."""
        ...

    async def replace_user(self, user: User) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def users(self, *, email: str | None, after: str | None, limit: int) -> Sequence[User]:
        """Return up to ``limit`` accounts in the order of their ids; ``email`` names one."""
        ...

    async def standing(self, user: User) -> Standing:
        """Return all that decides what the person may do."""
        ...

    async def add_session(self, session: Session) -> None:
        """Keep a new session."""
        ...

    async def session_by_digest(self, digest: bytes) -> Session | None:
        """Return the session with that secret's digest, even an expired one."""
        ...

    async def touch_session(self, session_id: str, at: datetime) -> None:
        """Note that the session was used."""
        ...

    async def remove_session(self, digest: bytes) -> None:
        """End the session, if it is there."""
        ...

    async def remove_sessions_before(self, *, expired: datetime, idle: datetime) -> int:
        """Remove sessions that ended before ``expired`` or were last seen before ``idle``."""
        ...

    async def sessions_of(self, user_id: str) -> Sequence[Session]:
        """Return a person's sessions, the latest first."""
        ...

    async def end_session_of(self, user_id: str, session_id: str) -> bool:
        """End one session of a person; false if there is none."""
        ...

    async def end_sessions_of(self, user_id: str, *, but: bytes | None) -> None:
        """End a person's sessions, except the one of the digest ``but``."""
        ...

    async def second_factor(self, user_id: str) -> SecondFactor | None:
        """Return the person's second factor, and keep others from using it meanwhile."""
        ...

    async def put_second_factor(self, factor: SecondFactor) -> None:
        """Make this the person's second factor."""
        ...

    async def remove_second_factor(self, user_id: str) -> None:
        """Take the person's second factor away, if there is one."""
        ...

    async def put_setup_token(self, digest: bytes, expires_at: datetime) -> None:
        """Make this the only set-up token."""
        ...

    async def knows_setup_token(self, digest: bytes, now: datetime) -> bool:
        """Tell whether this is the set-up token, and not expired; it stays good."""
        ...

    async def take_setup_token(self, digest: bytes, now: datetime) -> bool:
        """Use up the set-up token; false if it is another one or expired."""
        ...

    async def lock_attempts(self, subject: str) -> tuple[int, datetime] | None:
        """Return failures and the last one's time, and keep others from counting meanwhile."""
        ...

    async def put_attempts(self, subject: str, failures: int, at: datetime) -> None:
        """Set the count of failures."""
        ...

    async def remove_attempts_before(self, last_at: datetime) -> None:
        """Forget failures of which the last lies before ``last_at``."""
        ...

    async def clear_attempts(self, subjects: Iterable[str]) -> None:
        """Forget the failures."""
        ...


class Tokens(Protocol):
    """Bearer tokens as one transaction sees them; fails closed."""

    async def add(self, token: Token) -> None:
        """Keep a new token."""
        ...

    async def by_digest(self, digest: bytes) -> Token | None:
        """Return the token with that secret's digest, even a revoked one."""
        ...

    async def get(self, token_id: str) -> Token | None:
        """Return the token."""
        ...

    async def of_user(self, user_id: str | None) -> Sequence[Token]:
        """Return a person's tokens (``None``: the platform's own), newest first."""
        ...

    async def touch(self, token_id: str, at: datetime) -> None:
        """Note that the token was used."""
        ...

    async def revoke(self, token_id: str, at: datetime) -> None:
        """End the token; one that has ended keeps its time."""
        ...


class Keys(Protocol):
    """API keys as one transaction sees them; fails closed."""

    async def add(self, key: ApiKey) -> None:
        """Keep a new key; ``NotFoundError`` if its project is gone."""
        ...

    async def get(self, key_id: str) -> ApiKey | None:
        """Return the key, if the scope sees it."""
        ...

    async def of_project(
        self, project_id: str, *, before: str | None, limit: int
    ) -> Sequence[ApiKey]:
        """Return up to ``limit`` keys of the project, newest first, older than ``before``."""
        ...

    async def live_of_organization(self, org_id: str) -> Sequence[ApiKey]:
        """Return the organisation's keys that are not revoked."""
        ...

    async def revoke(self, key_ids: Iterable[str], at: datetime) -> None:
        """End the keys; one that has ended keeps its time."""
        ...

    async def end_at(self, key_id: str, at: datetime | None) -> None:
        """Let the key expire at that time; ``None``: never."""
        ...

    async def names(self, key_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those keys that exist, by id."""
        ...

    async def note_use(self, last_used: Mapping[str, datetime]) -> None:
        """Move the time of last use forward, never back."""
        ...

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits; call it last."""
        ...


class Ended(msgspec.Struct, frozen=True):
    """How much of what a person held was ended."""

    sessions: int
    tokens: int
    keys: int
    invitations: int


class People(Protocol):
    """Members, groups, roles and invitations as one transaction sees them; fails closed.

    Accounts, sessions and tokens belong to no tenant: what reads or ends those needs a scope
    that crosses tenants.
    """

    async def users(self, user_ids: Collection[str]) -> Mapping[str, User]:
        """Return those accounts, by id."""
        ...

    async def add_user(self, user: User) -> None:
        """Keep a new account; ``ConflictError`` if its address is taken."""
        ...

    async def replace_user(self, user: User) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def members(self, org_id: str, *, after: str | None, limit: int) -> Sequence[Membership]:
        """Return up to ``limit`` members in the order of their ids."""
        ...

    async def member(self, org_id: str, user_id: str) -> Membership | None:
        """Return the person's place in the organisation, and keep others from changing it."""
        ...

    async def put_member(self, membership: Membership) -> None:
        """Make someone a member, or change the role of one."""
        ...

    async def remove_member(self, org_id: str, user_id: str) -> None:
        """Take someone out of the organisation, its projects and its groups."""
        ...

    async def project_members(
        self, project_id: str, *, after: str | None, limit: int
    ) -> Sequence[ProjectMembership]:
        """Return up to ``limit`` members of the project in the order of their ids."""
        ...

    async def project_member(self, project_id: str, user_id: str) -> ProjectMembership | None:
        """Return the person's place in the project."""
        ...

    async def put_project_member(self, membership: ProjectMembership) -> None:
        """Give a member of the organisation a role in the project."""
        ...

    async def remove_project_member(self, project_id: str, user_id: str) -> None:
        """Take the role in the project back."""
        ...

    async def remove_groups_of(self, org_id: str) -> None:
        """Remove every group of an organisation that is being removed."""
        ...

    async def note_untold_groups(self) -> None:
        """Have gateways told of the groups that they know nothing of."""
        ...

    async def groups(self, org_id: str, *, after: str | None, limit: int) -> Sequence[Group]:
        """Return up to ``limit`` groups, oldest first."""
        ...

    async def group(self, group_id: str) -> Group | None:
        """Return the group, if the scope sees it."""
        ...

    async def add_group(self, group: Group) -> None:
        """Keep a new group."""
        ...

    async def replace_group(self, group: Group) -> None:
        """Write the next revision."""
        ...

    async def remove_group(self, group_id: str) -> None:
        """Remove the group; its members keep what they have otherwise."""
        ...

    async def group_members(
        self, group_id: str, *, after: str | None, limit: int
    ) -> Sequence[tuple[str, datetime]]:
        """Return up to ``limit`` ids of the group's people, and since when they are in it."""
        ...

    async def put_group_member(
        self, org_id: str, group_id: str, user_id: str, at: datetime
    ) -> None:
        """Put a member of the organisation into the group."""
        ...

    async def remove_group_member(self, group_id: str, user_id: str) -> None:
        """Take a person out of the group."""
        ...

    async def roles(self, org_id: str) -> Sequence[CustomRole]:
        """Return the organisation's own roles, by name."""
        ...

    async def add_role(self, role: CustomRole) -> None:
        """Keep a new role."""
        ...

    async def replace_role(self, role: CustomRole) -> None:
        """Write the next revision."""
        ...

    async def remove_role(self, role_id: str) -> None:
        """Remove the role."""
        ...

    async def is_role_used(self, org_id: str, name: str) -> bool:
        """Tell whether a member, a group or an open invitation has the role."""
        ...

    async def invitations(
        self, org_id: str, *, before: str | None, limit: int
    ) -> Sequence[Invitation]:
        """Return up to ``limit`` invitations, newest first."""
        ...

    async def invitation(self, invitation_id: str) -> Invitation | None:
        """Return the invitation, if the scope sees it."""
        ...

    async def invitation_by_digest(self, digest: bytes) -> Invitation | None:
        """Return the invitation of that link, even one that is over."""
        ...

    async def add_invitation(self, invitation: Invitation) -> None:
        """Keep a new invitation."""
        ...

    async def take_invitation(self, invitation_id: str, now: datetime) -> bool:
        """Use the invitation up; false if it is over."""
        ...

    async def revoke_invitation(self, invitation_id: str, at: datetime) -> None:
        """End the invitation; one that is over stays as it is."""
        ...

    async def end_everything(self, user_id: str, at: datetime) -> Ended:
        """End every session, token and key of a person, and the invitations they wrote."""
        ...

    async def end_keys(self, user_id: str, at: datetime, *, org_id: str | None) -> int:
        """End the person's keys (of one organisation) and tell gateways; call it last."""
        ...

    async def count_platform_admins(self) -> int:
        """Return how many enabled administrators there are, and keep them so meanwhile."""
        ...

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits."""
        ...


class IdentityStore(Protocol):
    """Opens transactions; they commit when the block ends and roll back when it raises."""

    def accounts(self, scope: Scope) -> AbstractAsyncContextManager[Accounts]:
        """Open one over people."""
        ...

    def people(self, scope: Scope) -> AbstractAsyncContextManager[People]:
        """Open one over members, groups, roles and invitations."""
        ...

    def tokens(self, scope: Scope) -> AbstractAsyncContextManager[Tokens]:
        """Open one over tokens."""
        ...

    def keys(self, scope: Scope) -> AbstractAsyncContextManager[Keys]:
        """Open one over API keys."""
        ...


class PasswordHasher(Protocol):
    """Slow on purpose, and off the event loop. Fails closed: an unreadable hash matches nothing."""

    async def hash(self, password: str) -> str:
        """Return what is kept of ``password``."""
        ...

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Tell whether it is the one; ``None`` takes as long and matches nothing."""
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether the hash was made with weaker parameters than today's."""
        ...


class SecretSealer(Protocol):
    """Encrypts what must be had in clear again; fails closed."""

    def seal(self, plaintext: bytes, context: str) -> Sealed:
        """Return ``plaintext`` encrypted and bound to ``context``."""
        ...

    def unseal(self, sealed: Sealed, context: str) -> bytes:
        """Return the plaintext; an error if it was sealed for something else."""
        ...


class SetupLink(Protocol):
    """Where the one-time set-up link is put for whoever may read the data directory.

    Fails open: without the file there is no way in, which harms nobody; it is logged.
    """

    def show(self, secret: str) -> None:
        """Write the link that carries ``secret``."""
        ...

    def remove(self) -> None:
        """Remove it, if it is there."""
        ...


class NoSetupLink:
    """Shows the link nowhere."""

    def show(self, secret: str) -> None:
        """Do nothing."""

    def remove(self) -> None:
        """Do nothing."""
