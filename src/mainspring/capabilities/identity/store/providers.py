"""Identity providers and people's accounts at them, in PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.identity.domain import ExternalIdentity, IdentityProvider
from mainspring.capabilities.identity.store.provider_tables import (
    external_identities,
    identity_providers,
)
from mainspring.infra.db import narrowed
from mainspring.infra.db.rows import (
    conflicts,
    find_row,
    find_where,
    from_row,
    insert_row,
    replace_row,
    to_row,
)
from mainspring.kernel.existing import existing
from mainspring.kernel.scope import Scope

_TAKEN = {
    "uq_identity_providers_org_id": "another identity provider has this name",
    "fk_identity_providers_org_id": "the organisation is being removed",
    "uq_external_identities_provider_id": "that account at the provider is connected already",
}


class PostgresProviders:
    """Providers as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, within: Scope, provider: IdentityProvider) -> None:
        """Keep a new provider."""
        async with narrowed(self._session, within):
            await insert_row(self._session, identity_providers, provider, taken=_TAKEN)

    async def get(self, provider_id: str) -> IdentityProvider | None:
        """Return the provider, if the scope sees it."""
        return await find_row(self._session, identity_providers, IdentityProvider, provider_id)

    async def replace(self, within: Scope, provider: IdentityProvider) -> None:
        """Write the next revision."""
        async with narrowed(self._session, within):
            await replace_row(self._session, identity_providers, provider, taken=_TAKEN)

    async def remove(self, within: Scope, provider_id: str) -> None:
        """Remove the provider with what it says of people."""
        this = identity_providers.c.id == provider_id
        async with narrowed(self._session, within):
            mine = select(identity_providers.c.id).where(this).with_for_update()
            existing((await self._session.execute(mine)).scalar_one_or_none())
        # What goes with it belongs to people, and so to no tenant.
        await self._session.execute(delete(identity_providers).where(this))

    async def of(
        self, org_id: str | None, *, after: str | None, limit: int
    ) -> Sequence[IdentityProvider]:
        """Return up to ``limit`` providers of the organisation or the platform, oldest first."""
        owner = identity_providers.c.org_id
        query = (
            select(identity_providers)
            .where(owner.is_(None) if org_id is None else owner == org_id)
            .order_by(identity_providers.c.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(identity_providers.c.id > after)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, IdentityProvider) for row in rows]

    async def offered(self, domain: str | None, *, limit: int) -> Sequence[IdentityProvider]:
        """Return the platform's enabled providers, and those for people of ``domain``."""
        shown = identity_providers.c.org_id.is_(None)
        if domain is not None:
            shown = or_(shown, identity_providers.c.allowed_domains.contains([domain]))
        query = (
            select(identity_providers)
            .where(identity_providers.c.enabled, shown)
            .order_by(identity_providers.c.org_id.nulls_first(), identity_providers.c.id)
            .limit(limit)
        )
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, IdentityProvider) for row in rows]

    async def claim_domains(self, domains: Sequence[str]) -> Sequence[str]:
        """Return the organisations whose providers take those domains; hold up others who ask."""
        # Rows that are not there yet cannot be locked; a lock by a name can be had.
        await self._session.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended("identity providers", 0)))
        )
        query = select(identity_providers.c.org_id).where(
            identity_providers.c.org_id.is_not(None),
            identity_providers.c.allowed_domains.overlap(list(domains)),
        )
        return (await self._session.execute(query.distinct())).scalars().all()

    async def count_enabled(self) -> int:
        """Return how many of the platform's providers are enabled, and keep them so meanwhile."""
        query = (
            select(identity_providers.c.id)
            .where(identity_providers.c.org_id.is_(None), identity_providers.c.enabled)
            .order_by(identity_providers.c.id)
            .with_for_update()
        )
        return len((await self._session.execute(query)).all())

    async def identity(self, provider_id: str, subject: str) -> ExternalIdentity | None:
        """Return the account at a provider, and keep others from changing it meanwhile."""
        query = (
            select(external_identities)
            .where(
                external_identities.c.provider_id == provider_id,
                external_identities.c.subject == subject,
            )
            .with_for_update()
        )
        found = (await self._session.execute(query)).mappings().one_or_none()
        return None if found is None else from_row(found, ExternalIdentity)

    async def identities_of(self, user_id: str) -> Sequence[ExternalIdentity]:
        """Return a person's accounts at providers, oldest first."""
        query = (
            select(external_identities)
            .where(external_identities.c.user_id == user_id)
            .order_by(external_identities.c.id)
        )
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, ExternalIdentity) for row in rows]

    async def users_of(self, provider_id: str) -> Sequence[str]:
        """Return the ids of everybody who has an account at the provider."""
        query = select(external_identities.c.user_id).where(
            external_identities.c.provider_id == provider_id
        )
        return (await self._session.execute(query.distinct())).scalars().all()

    async def add_identity(self, identity: ExternalIdentity) -> None:
        """Connect a person with an account at a provider."""
        await insert_row(self._session, external_identities, identity, taken=_TAKEN)

    async def note_identity(self, identity: ExternalIdentity) -> None:
        """Write what the provider says now."""
        with conflicts(_TAKEN):
            await self._session.execute(
                update(external_identities)
                .where(external_identities.c.id == identity.id)
                .values(to_row(identity))
            )

    async def remove_identity(self, user_id: str, identity_id: str) -> ExternalIdentity | None:
        """Take a person's account at a provider away; return it, if there was one."""
        found = await find_where(
            self._session,
            external_identities,
            ExternalIdentity,
            external_identities.c.id == identity_id,
            external_identities.c.user_id == user_id,
        )
        if found is not None:
            await self._session.execute(
                delete(external_identities).where(external_identities.c.id == identity_id)
            )
        return found
