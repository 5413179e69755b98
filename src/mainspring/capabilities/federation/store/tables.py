"""The table of federation; migration 0015 creates it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from mainspring.infra.db import metadata


def _moment(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


token_issuers = Table(
    "token_issuers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("algorithms", ARRAY(Text), nullable=False),
    Column("user_claim", Text, nullable=False),
    Column("groups_claim", Text, nullable=False),
    Column("project_claim", Text),
    Column("scope_claim", Text),
    Column("required", JSONB, nullable=False),
    Column("grants", JSONB, nullable=False),
    Column("leeway_s", Integer, nullable=False),
    Column("jwks_uri", Text),
    Column("static_keys", Boolean, nullable=False),
    # Public keys as a JWK set.
    Column("keys", Text, nullable=False),
    _moment("keys_fetched_at"),
    _moment("tried_at"),
    _moment("next_fetch_at"),
    Column("failures", Integer, nullable=False),
    Column("problem", Text),
    _moment("created_at", nullable=False),
    _moment("updated_at", nullable=False),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("org_id", "name", name="uq_token_issuers_org_id"),
    UniqueConstraint("issuer", "audience", name="uq_token_issuers_issuer"),
    Index("ix_token_issuers_next_fetch_at", "next_fetch_at"),
)
