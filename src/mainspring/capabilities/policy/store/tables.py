"""The table of policy; a migration makes it. A null ``org_id`` is the platform's."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from mainspring.infra.db import metadata

policies = Table(
    "policies",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE")),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE")),
    Column("key_id", Text, ForeignKey("api_keys.id", ondelete="CASCADE")),
    Column("name", Text, nullable=False),
    Column("models", ARRAY(Text), nullable=False),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    Column("locked", Boolean, nullable=False, server_default=false()),
    Column("parameters", JSONB, nullable=False),
    Column("cache", JSONB(none_as_null=True)),
    Column("capture", JSONB(none_as_null=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("org_id", "name", postgresql_nulls_not_distinct=True),
    Index("ix_policies_project_id", "project_id"),
    Index("ix_policies_key_id", "key_id"),
)
