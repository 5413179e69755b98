"""What identity needs from outside."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from mainspring.capabilities.identity.domain import ApiKey, Membership, Session, Token, User
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource


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

    async def put_membership(self, membership: Membership) -> None:
        """Make someone a member, or change the role of one."""
        ...

    async def memberships(self, user_id: str) -> Sequence[Membership]:
        """Return every organisation that the person is in."""
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


class IdentityStore(Protocol):
    """Opens transactions; they commit when the block ends and roll back when it raises."""

    def accounts(self, scope: Scope) -> AbstractAsyncContextManager[Accounts]:
        """Open one over people."""
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
