"""The keys that sign tokens as a place of secrets."""

from mainspring.capabilities.oauth.store.tables import signing_keys
from mainspring.infra.db import Database
from mainspring.infra.db.sealed import SealedColumn


def sealed_signing_keys(database: Database) -> SealedColumn:
    """Return the private halves of signing keys."""
    return SealedColumn(
        database,
        "signing keys",
        signing_keys,
        signing_keys.c.sealed,
        context=lambda row: f"signing-key/{row['id']}",
    )
