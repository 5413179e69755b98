"""The tables of OAuth2; migration 0018 creates them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from mainspring.infra.db import metadata


def _moment(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


service_accounts = Table(
    "service_accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("project_ids", ARRAY(Text), nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("models", ARRAY(Text)),
    Column("limits", JSONB(none_as_null=True)),
    Column("token_lifetime_s", Integer, nullable=False),
    _moment("expires_at"),
    Column("suspended", Boolean, nullable=False),
    Column("owner_id", Text),
    # A trigger sets it, whichever way the owner leaves.
    _moment("owner_left_at"),
    _moment("created_at", nullable=False),
    _moment("updated_at", nullable=False),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("org_id", "name", name="uq_service_accounts_org_id"),
)

account_secrets = Table(
    "account_secrets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column(
        "account_id", Text, ForeignKey("service_accounts.id", ondelete="CASCADE"), nullable=False
    ),
    Column("digest", LargeBinary, nullable=False),
    Column("hint", Text, nullable=False),
    _moment("created_at", nullable=False),
    _moment("expires_at"),
    _moment("revoked_at"),
    _moment("last_used_at"),
    UniqueConstraint("digest", name="uq_account_secrets_digest"),
    Index("ix_account_secrets_account_id", "account_id"),
    Index("ix_account_secrets_org_id", "org_id"),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("id", Text, primary_key=True),
    # The private key, encrypted.
    Column("sealed", LargeBinary, nullable=False),
    Column("public", Text, nullable=False),
    _moment("created_at", nullable=False),
    _moment("signs_from", nullable=False),
    _moment("retires_at"),
)
