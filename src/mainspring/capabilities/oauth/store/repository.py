"""Service accounts and signing keys in PostgreSQL."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.oauth.domain import AccountSecret, ServiceAccount, TokenKey
from mainspring.capabilities.oauth.store.tables import (
    account_secrets,
    service_accounts,
    signing_keys,
)
from mainspring.infra.db import Database
from mainspring.infra.db.rows import find_row, find_where, from_row, insert_row, replace_row
from mainspring.infra.feed import publish
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource

_TAKEN = {
    "uq_service_accounts_org_id": "another service account of this organisation has this name",
    "fk_service_accounts_org_id": "there is no such organisation",
    "fk_account_secrets_account_id": "the account was removed",
}


class PostgresOAuthStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresAccounts"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresAccounts(session)


class PostgresAccounts:
    """Service accounts and signing keys as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, account: ServiceAccount) -> None:
        """Keep a new account."""
        await insert_row(self._session, service_accounts, account, taken=_TAKEN)

    async def get(self, account_id: str) -> ServiceAccount | None:
        """Return the account, if the scope sees it."""
        return await find_row(self._session, service_accounts, ServiceAccount, account_id)

    async def lock(self, account_id: str) -> ServiceAccount | None:
        """Return the account and hold up others who want to change it or its secrets."""
        query = select(service_accounts).where(service_accounts.c.id == account_id)
        found = await self._session.execute(query.with_for_update())
        row = found.mappings().one_or_none()
        return None if row is None else from_row(row, ServiceAccount)

    async def of_organization(
        self, org_id: str, *, owner_left: bool | None, after: str | None, limit: int
    ) -> Sequence[ServiceAccount]:
        """Return up to ``limit`` accounts of the organisation, oldest first."""
        query = select(service_accounts).where(service_accounts.c.org_id == org_id)
        if owner_left is not None:
            left = service_accounts.c.owner_left_at
            query = query.where(left.is_not(None) if owner_left else left.is_(None))
        if after is not None:
            query = query.where(service_accounts.c.id > after)
        rows = await self._session.execute(query.order_by(service_accounts.c.id).limit(limit))
        return [from_row(row, ServiceAccount) for row in rows.mappings()]

    async def replace(self, account: ServiceAccount) -> None:
        """Write the next revision."""
        await replace_row(self._session, service_accounts, account, taken=_TAKEN)

    async def remove(self, account_id: str) -> None:
        """Remove the account with its secrets."""
        await self._session.execute(
            delete(service_accounts).where(service_accounts.c.id == account_id)
        )

    async def remove_of(self, org_id: str) -> Sequence[str]:
        """Remove the organisation's accounts; return their ids."""
        gone = await self._session.execute(
            delete(service_accounts)
            .where(service_accounts.c.org_id == org_id)
            .returning(service_accounts.c.id)
        )
        return gone.scalars().all()

    async def add_secret(self, secret: AccountSecret) -> None:
        """Keep a new secret."""
        await insert_row(self._session, account_secrets, secret, taken=_TAKEN)

    async def secrets(self, account_id: str) -> Sequence[AccountSecret]:
        """Return the account's secrets that were not revoked, oldest first."""
        query = (
            select(account_secrets)
            .where(
                account_secrets.c.account_id == account_id, account_secrets.c.revoked_at.is_(None)
            )
            .order_by(account_secrets.c.id)
        )
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, AccountSecret) for row in rows]

    async def secret_by_digest(self, digest: bytes) -> AccountSecret | None:
        """Return the secret of that digest, even one that has ended."""
        return await find_where(
            self._session, account_secrets, AccountSecret, account_secrets.c.digest == digest
        )

    async def end_secrets(self, secret_ids: Iterable[str], at: datetime) -> None:
        """Let the secrets expire at ``at``, where they do not before."""
        await self._session.execute(
            update(account_secrets)
            .where(
                account_secrets.c.id.in_(list(secret_ids)),
                or_(account_secrets.c.expires_at.is_(None), account_secrets.c.expires_at > at),
            )
            .values(expires_at=at)
        )

    async def revoke_secret(self, secret_id: str, at: datetime) -> None:
        """End the secret now."""
        await self._session.execute(
            update(account_secrets)
            .where(account_secrets.c.id == secret_id, account_secrets.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )

    async def touch_secret(self, secret_id: str, at: datetime) -> None:
        """Note that the secret was used."""
        await self._session.execute(
            update(account_secrets)
            .where(account_secrets.c.id == secret_id)
            .values(last_used_at=func.greatest(account_secrets.c.last_used_at, at))
        )

    async def lock_keys(self) -> Sequence[TokenKey]:
        """Return the signing keys and hold up others who want to change them."""
        # Before the first key there is no row that could be locked.
        await self._session.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended("signing keys", 0)))
        )
        return await self.keys()

    async def keys(self) -> Sequence[TokenKey]:
        """Return the signing keys."""
        rows = (await self._session.execute(select(signing_keys))).mappings()
        return [from_row(row, TokenKey) for row in rows]

    async def add_key(self, key: TokenKey) -> None:
        """Keep a new signing key."""
        await insert_row(self._session, signing_keys, key, taken={})

    async def retire_keys(self, key_ids: Iterable[str], at: datetime) -> None:
        """Have the keys published until ``at`` only."""
        await self._session.execute(
            update(signing_keys).where(signing_keys.c.id.in_(list(key_ids))).values(retires_at=at)
        )

    async def remove_keys(self, key_ids: Iterable[str]) -> None:
        """Remove signing keys."""
        await self._session.execute(
            delete(signing_keys).where(signing_keys.c.id.in_(list(key_ids)))
        )

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits."""
        await publish(self._session, puts, deletes)
