"""Bearer tokens in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.identity.domain import Token
from mainspring.capabilities.identity.store.tables import tokens
from mainspring.infra.db.rows import find_row, find_where, from_row, insert_row


class PostgresTokens:
    """Tokens as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, token: Token) -> None:
        """Keep a new token."""
        await insert_row(self._session, tokens, token, taken={})

    async def by_digest(self, digest: bytes) -> Token | None:
        """Return the token with that secret's digest."""
        return await find_where(self._session, tokens, Token, tokens.c.digest == digest)

    async def get(self, token_id: str) -> Token | None:
        """Return the token."""
        return await find_row(self._session, tokens, Token, token_id)

    async def of_user(self, user_id: str | None) -> Sequence[Token]:
        """Return a person's tokens, newest first."""
        owner = tokens.c.user_id
        query = (
            select(tokens)
            .where(owner.is_(None) if user_id is None else owner == user_id)
            .order_by(tokens.c.id.desc())
            .limit(500)
        )
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Token) for row in rows]

    async def touch(self, token_id: str, at: datetime) -> None:
        """Note that the token was used."""
        await self._session.execute(
            update(tokens).where(tokens.c.id == token_id).values(last_used_at=at)
        )

    async def revoke(self, token_id: str, at: datetime) -> None:
        """End the token."""
        await self._session.execute(
            update(tokens)
            .where(tokens.c.id == token_id, tokens.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )
