"""Opens identity's transactions on PostgreSQL."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.identity.store.accounts import PostgresAccounts
from mainspring.capabilities.identity.store.directory import PostgresDirectory
from mainspring.capabilities.identity.store.keys import PostgresKeys
from mainspring.capabilities.identity.store.people import PostgresPeople
from mainspring.capabilities.identity.store.providers import PostgresProviders
from mainspring.capabilities.identity.store.tokens import PostgresTokens
from mainspring.infra.db import Database
from mainspring.kernel.scope import Scope


class PostgresWhole:
    """Several views within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self.accounts = PostgresAccounts(session)
        self.people = PostgresPeople(session)
        self.providers = PostgresProviders(session)
        self.directory = PostgresDirectory(session)


class PostgresIdentityStore:
    """Views of identity, each with transactions of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def accounts(self, scope: Scope) -> AsyncGenerator[PostgresAccounts]:
        """Open a transaction over people."""
        async with self._database.session(scope) as session:
            yield PostgresAccounts(session)

    @asynccontextmanager
    async def people(self, scope: Scope) -> AsyncGenerator[PostgresPeople]:
        """Open a transaction over members, groups, roles and invitations."""
        async with self._database.session(scope) as session:
            people = PostgresPeople(session)
            yield people
            await people.tell_groups()

    @asynccontextmanager
    async def providers(self, scope: Scope) -> AsyncGenerator[PostgresProviders]:
        """Open a transaction over identity providers."""
        async with self._database.session(scope) as session:
            yield PostgresProviders(session)

    @asynccontextmanager
    async def whole(self, scope: Scope) -> AsyncGenerator[PostgresWhole]:
        """Open a transaction over people, their places, and who vouches for them."""
        async with self._database.session(scope) as session:
            whole = PostgresWhole(session)
            yield whole
            await whole.people.tell_groups()

    @asynccontextmanager
    async def directory(self, scope: Scope) -> AsyncGenerator[PostgresWhole]:
        """Open a transaction over directories and what follows from them."""
        async with self._database.session(scope) as session:
            whole = PostgresWhole(session)
            yield whole
            await whole.people.tell_groups()

    @asynccontextmanager
    async def tokens(self, scope: Scope) -> AsyncGenerator[PostgresTokens]:
        """Open a transaction over tokens."""
        async with self._database.session(scope) as session:
            yield PostgresTokens(session)

    @asynccontextmanager
    async def keys(self, scope: Scope) -> AsyncGenerator[PostgresKeys]:
        """Open a transaction over API keys."""
        async with self._database.session(scope) as session:
            yield PostgresKeys(session)
