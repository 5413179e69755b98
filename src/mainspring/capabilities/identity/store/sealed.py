"""Secrets of identity providers and of second factors as places."""

from collections.abc import Sequence

from sqlalchemy import select, update

from mainspring.capabilities.identity.store.provider_tables import identity_providers
from mainspring.capabilities.identity.store.tables import second_factors
from mainspring.infra.db import Database
from mainspring.infra.db.sealed import SealedColumn
from mainspring.infra.secrets import SealedRow
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Sealed


def sealed_provider_secrets(database: Database) -> SealedColumn:
    """Return the secrets by which the platform proves itself to identity providers."""
    return SealedColumn(
        database,
        "identity providers",
        identity_providers,
        identity_providers.c.secret,
        context=lambda row: f"identity-provider/{row['id']}/{row['issuer']}",
    )


class SealedFactors:
    """The secrets of authenticator apps, whose parts are columns of their own."""

    name = "second factors"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rows(self, scope: Scope, *, after: str, limit: int) -> Sequence[SealedRow]:
        """Return up to ``limit`` secrets behind ``after``."""
        table = second_factors
        query = (
            select(table.c.user_id, table.c.key_id, table.c.nonce, table.c.ciphertext)
            .where(table.c.user_id > after)
            .order_by(table.c.user_id)
            .limit(limit)
        )
        async with self._database.session(scope.across_tenants()) as session:
            found = (await session.execute(query)).all()
        return [
            SealedRow(
                row.user_id,
                Sealed(row.key_id, bytes(row.nonce), bytes(row.ciphertext)),
                f"second factor/{row.user_id}",
            )
            for row in found
        ]

    async def replace(self, scope: Scope, row: SealedRow, sealed: Sealed) -> bool:
        """Write ``sealed``, unless the row holds something else by now."""
        table = second_factors
        statement = (
            update(table)
            .where(
                table.c.user_id == row.key,
                table.c.key_id == row.sealed.key_id,
                table.c.nonce == row.sealed.nonce,
                table.c.ciphertext == row.sealed.ciphertext,
            )
            .values(key_id=sealed.key_id, nonce=sealed.nonce, ciphertext=sealed.ciphertext)
            .returning(table.c.user_id)
        )
        async with self._database.session(scope.across_tenants()) as session:
            return (await session.execute(statement)).one_or_none() is not None
