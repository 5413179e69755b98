"""The tables of identity providers; migration 0031 creates them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    column,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from mainspring.infra.db import metadata


def _moment(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False)


identity_providers = Table(
    "identity_providers",
    metadata,
    Column("id", Text, primary_key=True),
    # Null for the platform's own.
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE")),
    Column("name", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("secret", LargeBinary),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("algorithms", ARRAY(Text), nullable=False),
    Column("email_claim", Text, nullable=False),
    Column("name_claim", Text, nullable=False),
    Column("groups_claim", Text, nullable=False),
    Column("allowed_domains", ARRAY(Text), nullable=False),
    Column("rules", JSONB, nullable=False),
    Column("creates_accounts", Boolean, nullable=False),
    Column("links_by_email", Boolean, nullable=False),
    Column("session_hours", Integer, nullable=False),
    Column("enabled", Boolean, nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("org_id", "name", postgresql_nulls_not_distinct=True),
    Index("ix_identity_providers_allowed_domains", "allowed_domains", postgresql_using="gin"),
)

external_identities = Table(
    "external_identities",
    metadata,
    Column("id", Text, primary_key=True),
    Column(
        "provider_id",
        Text,
        ForeignKey("identity_providers.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("email", Text),
    Column("groups", ARRAY(Text), nullable=False),
    Column("platform_roles", ARRAY(Text), nullable=False),
    _moment("created_at"),
    _moment("signed_in_at"),
    UniqueConstraint("provider_id", "subject"),
    Index("ix_external_identities_user_id", "user_id"),
)

derived_members = Table(
    "derived_members",
    metadata,
    Column("org_id", Text, nullable=False),
    Column("group_id", Text, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Text, primary_key=True),
    # A provider's id, or "scim".
    Column("source", Text, primary_key=True),
    _moment("created_at"),
    ForeignKeyConstraint(
        ["org_id", "user_id"],
        ["memberships.org_id", "memberships.user_id"],
        name="fk_derived_members_org_id",
        ondelete="CASCADE",
    ),
    Index("ix_derived_members_org_id", "org_id", "user_id"),
    Index("ix_derived_members_user_id", "user_id"),
)

used_sign_ins = Table(
    "used_sign_ins",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _moment("expires_at"),
    Index("ix_used_sign_ins_expires_at", "expires_at"),
)

sign_in_policy = Table(
    "sign_in_policy",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=true()),
    Column("password_sign_in", Boolean, nullable=False),
    _moment("updated_at"),
    Column("revision", BigInteger, nullable=False),
    CheckConstraint(column("singleton"), name="single_row"),
)
