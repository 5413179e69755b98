"""Token issuers in PostgreSQL."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.federation.domain import TokenIssuer
from mainspring.capabilities.federation.store.tables import token_issuers
from mainspring.infra.db import Database, narrowed
from mainspring.infra.db.rows import find_row, from_row, insert_row, replace_row
from mainspring.infra.feed import publish
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource

_TAKEN = {
    "uq_token_issuers_org_id": "another issuer of this organisation has this name",
    "uq_token_issuers_issuer": "this issuer's tokens for this audience are believed already",
    "fk_token_issuers_org_id": "there is no such organisation",
}


class PostgresFederationStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresIssuers"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresIssuers(session)


class PostgresIssuers:
    """Token issuers as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, within: Scope, issuer: TokenIssuer) -> None:
        """Keep a new issuer."""
        async with narrowed(self._session, within):
            await insert_row(self._session, token_issuers, issuer, taken=_TAKEN)

    async def claim_url(self, url: str) -> Sequence[str]:
        """Return the organisations that believe the issuer ``url``; hold up others who ask."""
        # A row that is not there yet cannot be locked; a lock by the hash of its name can be had.
        await self._session.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"token issuer {url}", 0)))
        )
        query = select(token_issuers.c.org_id).where(token_issuers.c.issuer == url)
        return (await self._session.execute(query)).scalars().all()

    async def get(self, issuer_id: str) -> TokenIssuer | None:
        """Return the issuer, if the scope sees it."""
        return await find_row(self._session, token_issuers, TokenIssuer, issuer_id)

    async def lock(self, issuer_id: str) -> TokenIssuer | None:
        """Return the issuer and hold up others who want to change it."""
        query = select(token_issuers).where(token_issuers.c.id == issuer_id).with_for_update()
        found = (await self._session.execute(query)).mappings().one_or_none()
        return None if found is None else from_row(found, TokenIssuer)

    async def of_organization(
        self, org_id: str, *, after: str | None, limit: int
    ) -> Sequence[TokenIssuer]:
        """Return up to ``limit`` issuers of the organisation, oldest first."""
        query = select(token_issuers).where(token_issuers.c.org_id == org_id)
        if after is not None:
            query = query.where(token_issuers.c.id > after)
        rows = await self._session.execute(query.order_by(token_issuers.c.id).limit(limit))
        return [from_row(row, TokenIssuer) for row in rows.mappings()]

    async def replace(self, issuer: TokenIssuer) -> None:
        """Write the next revision."""
        await replace_row(self._session, token_issuers, issuer, taken=_TAKEN)

    async def note_keys(self, issuer: TokenIssuer) -> None:
        """Write what a fetch of keys brought."""
        await self._session.execute(
            update(token_issuers)
            .where(token_issuers.c.id == issuer.id)
            .values(
                keys=issuer.keys,
                keys_fetched_at=issuer.keys_fetched_at,
                tried_at=issuer.tried_at,
                next_fetch_at=issuer.next_fetch_at,
                failures=issuer.failures,
                problem=issuer.problem,
            )
        )

    async def remove(self, issuer_id: str) -> None:
        """Remove the issuer."""
        await self._session.execute(delete(token_issuers).where(token_issuers.c.id == issuer_id))

    async def remove_of(self, org_id: str) -> Sequence[str]:
        """Remove the organisation's issuers; return their ids."""
        gone = await self._session.execute(
            delete(token_issuers)
            .where(token_issuers.c.org_id == org_id)
            .returning(token_issuers.c.id)
        )
        return gone.scalars().all()

    async def take_due(
        self, now: datetime, *, until: datetime, limit: int
    ) -> Sequence[TokenIssuer]:
        """Return issuers whose keys are due, put off so that nobody else takes them."""
        due = (
            select(token_issuers.c.id)
            .where(token_issuers.c.next_fetch_at <= now)
            .order_by(token_issuers.c.next_fetch_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = await self._session.execute(
            update(token_issuers)
            .where(token_issuers.c.id.in_(due))
            .values(next_fetch_at=until)
            .returning(token_issuers)
        )
        return [from_row(row, TokenIssuer) for row in taken.mappings()]

    async def hasten(self, issuer_ids: Iterable[str], now: datetime, *, rest: timedelta) -> int:
        """Make the keys of these issuers due, ``rest`` after the last try."""
        soon = func.greatest(now, token_issuers.c.tried_at + rest)
        hastened = await self._session.execute(
            update(token_issuers)
            .where(
                token_issuers.c.id.in_(list(issuer_ids)),
                token_issuers.c.static_keys.is_(False),
            )
            .values(next_fetch_at=func.least(token_issuers.c.next_fetch_at, soon))
            .returning(token_issuers.c.id)
        )
        return len(hastened.all())

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits."""
        await publish(self._session, puts, deletes)
