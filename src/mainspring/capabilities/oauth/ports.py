"""What OAuth2 needs from outside."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from mainspring.capabilities.oauth.domain import AccountSecret, ServiceAccount, TokenKey
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource


class Accounts(Protocol):
    """Service accounts and signing keys as one transaction sees them; fails closed."""

    async def add(self, account: ServiceAccount) -> None:
        """Keep a new account; ``ConflictError`` if its name is taken in the organisation."""
        ...

    async def get(self, account_id: str) -> ServiceAccount | None:
        """Return the account, if the scope sees it."""
        ...

    async def lock(self, account_id: str) -> ServiceAccount | None:
        """Return the account and hold up others who want to change it or its secrets."""
        ...

    async def of_organization(
        self, org_id: str, *, owner_left: bool | None, after: str | None, limit: int
    ) -> Sequence[ServiceAccount]:
        """Return up to ``limit`` accounts of the organisation, oldest first.

        ``owner_left`` keeps those whose owner has left (or has not).
        """
        ...

    async def replace(self, account: ServiceAccount) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove(self, account_id: str) -> None:
        """Remove the account with its secrets."""
        ...

    async def remove_of(self, org_id: str) -> Sequence[str]:
        """Remove the organisation's accounts; return their ids."""
        ...

    async def add_secret(self, secret: AccountSecret) -> None:
        """Keep a new secret."""
        ...

    async def secrets(self, account_id: str) -> Sequence[AccountSecret]:
        """Return the account's secrets that were not revoked, oldest first."""
        ...

    async def secret_by_digest(self, digest: bytes) -> AccountSecret | None:
        """Return the secret of that digest, even one that has ended."""
        ...

    async def end_secrets(self, secret_ids: Iterable[str], at: datetime) -> None:
        """Let the secrets expire at ``at``, where they do not before."""
        ...

    async def revoke_secret(self, secret_id: str, at: datetime) -> None:
        """End the secret now, and the tokens that were got by it."""
        ...

    async def touch_secret(self, secret_id: str, at: datetime) -> None:
        """Note that the secret was used."""
        ...

    async def lock_keys(self) -> Sequence[TokenKey]:
        """Return the signing keys and hold up others who want to change them."""
        ...

    async def keys(self) -> Sequence[TokenKey]:
        """Return the signing keys."""
        ...

    async def add_key(self, key: TokenKey) -> None:
        """Keep a new signing key."""
        ...

    async def retire_keys(self, key_ids: Iterable[str], at: datetime) -> None:
        """Have the keys published until ``at`` only."""
        ...

    async def remove_keys(self, key_ids: Iterable[str]) -> None:
        """Remove signing keys."""
        ...

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits; call it last."""
        ...


class Standings(Protocol):
    """What people are; fails closed: who cannot be looked up stands for nothing."""

    async def stands_for(self, user_id: str, org_id: str, project_id: str) -> frozenset[str]:
        """Return what a person is in the organisation; nothing: they do not belong to it."""
        ...


class OAuthStore(Protocol):
    """Opens transactions; they commit when the block ends and roll back when it raises."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Accounts]:
        """Open one."""
        ...
