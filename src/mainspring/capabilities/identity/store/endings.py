"""Ending what people hold, in PostgreSQL; gateways hear of it with the transaction."""

import math
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    delete,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.identity.ports import Ended
from mainspring.capabilities.identity.store.directory_tables import (
    directory_users,
)
from mainspring.capabilities.identity.store.provider_tables import (
    external_identities,
)
from mainspring.capabilities.identity.store.tables import (
    api_keys,
    invitations,
    memberships,
    sessions,
    tokens,
    users,
)
from mainspring.infra.feed import publish
from mainspring.snapshot.bearers import bearer_digest
from mainspring.snapshot.resources import ApiKey, BlockedPerson, Resource


class PostgresEndings:
    """What ends with a person's account, or with their place in an organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def end_everything(self, user_id: str, at: datetime, *, closed: bool) -> Ended:
        """End every session, token and key of a person, and the invitations they wrote.

        Gateways refuse the tokens that providers made for them: all of them where the account is
        ``closed``, else those made until ``at``.
        """
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
        bearers = await self._bearers(user_id, None)
        before = None if closed else math.ceil(at.timestamp())
        await self.publish([BlockedPerson(id=user_id, bearers=bearers, issued_before=before)])
        return Ended(
            sessions=ended_sessions,
            tokens=ended_tokens,
            invitations=len(withdrawn.all()),
            keys=await self.end_keys(user_id, at, org_id=None),
        )

    async def end_sessions_in(self, user_id: str, org_id: str) -> int:
        """End the person's sessions that are confined to the organisation."""
        gone = await self._session.execute(
            delete(sessions)
            .where(sessions.c.user_id == user_id, sessions.c.org_id == org_id)
            .returning(sessions.c.id)
        )
        return len(gone.all())

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

    async def block_in(self, user_id: str, org_id: str) -> None:
        """Have gateways refuse the tokens that the organisation's issuers made for the person."""
        bearers = await self._bearers(user_id, org_id)
        await self.publish([BlockedPerson(id=f"{user_id}/{org_id}", bearers=bearers)])

    async def unblock(self, user_id: str, *, org_id: str | None) -> None:
        """Have gateways take tokens made for the person again, everywhere or there."""
        key = user_id if org_id is None else f"{user_id}/{org_id}"
        await self.publish(deletes=[(BlockedPerson.kind, key)])

    async def _bearers(self, user_id: str, org_id: str | None) -> tuple[bytes, ...]:
        """Return what tokens may call the person, everywhere or in one organisation."""
        query = select(external_identities.c.issuer, external_identities.c.subject).where(
            external_identities.c.user_id == user_id
        )
        found = {
            bearer_digest(org_id, issuer, subject)
            for issuer, subject in await self._session.execute(query)
        }
        query = (
            select(memberships.c.org_id, users.c.email)
            .join(users, users.c.id == memberships.c.user_id)
            .where(memberships.c.user_id == user_id)
        )
        if org_id is not None:
            query = query.where(memberships.c.org_id == org_id)
        found |= {
            bearer_digest(place, None, email) for place, email in await self._session.execute(query)
        }
        entries = select(
            directory_users.c.org_id, directory_users.c.user_name, directory_users.c.external_id
        ).where(directory_users.c.user_id == user_id)
        if org_id is not None:
            entries = entries.where(directory_users.c.org_id == org_id)
        for place, *names in await self._session.execute(entries):
            found |= {bearer_digest(place, None, name) for name in names if name is not None}
        return tuple(sorted(found))

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits."""
        await publish(self._session, puts, deletes)
