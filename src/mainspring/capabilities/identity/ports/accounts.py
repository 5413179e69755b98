"""People, their sessions, tokens and keys as transactions see them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from mainspring.capabilities.identity.domain import (
    ApiKey,
    Session,
    SignInPolicy,
    Standing,
    Token,
    User,
)
from mainspring.capabilities.identity.domain.second_factor import SecondFactor
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

    async def sign_in_policy(self) -> SignInPolicy:
        """Return how people sign in."""
        ...

    async def lock_sign_in_policy(self) -> SignInPolicy:
        """Return how people sign in, and keep it so meanwhile."""
        ...

    async def replace_sign_in_policy(self, policy: SignInPolicy) -> None:
        """Write the next revision."""
        ...

    async def end_sessions_at(
        self, provider_id: str, *, provider_session: str | None, user_id: str | None
    ) -> int:
        """End sessions that a provider vouched for: one of its own, or all of a person's."""
        ...

    async def use_up(self, digest: bytes, expires_at: datetime) -> bool:
        """Use up what is good once until ``expires_at``; false if it was used before."""
        ...

    async def forget_used_up(self, before: datetime) -> None:
        """Forget what expired before ``before``: its expiry alone refuses it."""
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

    async def lock(self, key_id: str) -> ApiKey | None:
        """Return the key, if the scope sees it, and keep others from changing it."""
        ...

    async def replace(self, key: ApiKey) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
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

    async def unused(
        self, *, since: datetime, org_id: str | None, now: datetime, limit: int
    ) -> Sequence[ApiKey]:
        """Return up to ``limit`` live keys from before ``since`` that were not used since."""
        ...

    async def note_use(self, last_used: Mapping[str, datetime]) -> None:
        """Move the time of last use forward, never back."""
        ...

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits; call it last."""
        ...
