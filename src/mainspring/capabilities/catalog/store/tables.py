"""The tables of the catalog; migrations 0004 and later make them.

A null ``org_id`` is the platform's.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from mainspring.infra.db import metadata

_NO_TEXTS = text("'{}'::text[]")
_NO_FIELDS = text("'{}'::jsonb")

upstreams = Table(
    "upstreams",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE")),
    Column("name", Text, nullable=False),
    Column("base_url", Text, nullable=False),
    Column("protocol", Text, nullable=False),
    # A snapshot.resources.Sealed in MessagePack; the key is not in the database.
    Column("credential", LargeBinary),
    Column("credential_header", Text),
    Column("timeouts", JSONB, nullable=False),
    Column("max_connections", Integer, nullable=False),
    Column("max_waiting", Integer, nullable=False),
    Column("enforces_tool_choice", Boolean, nullable=False, server_default=true()),
    Column("sigv4_region", Text),
    # A snapshot.passthrough.Passthrough.
    Column("passthrough", JSONB(none_as_null=True)),
    Column("region", Text),
    Column("hosting", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("org_id", "name", postgresql_nulls_not_distinct=True),
)

models = Table(
    "models",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE")),
    Column("name", Text, nullable=False),
    Column("tasks", ARRAY(Text), nullable=False),
    Column("owned_by", Text, nullable=False),
    Column("context_length", Integer),
    Column("limits", JSONB(none_as_null=True)),
    Column("key_limits", JSONB(none_as_null=True)),
    Column("price", JSONB(none_as_null=True)),
    Column("aliases", ARRAY(Text), nullable=False, server_default=_NO_TEXTS),
    Column("fallbacks", ARRAY(Text), nullable=False, server_default=_NO_TEXTS),
    # A snapshot.route_policy.Routing, and a Release, without what is at its default.
    Column("routing", JSONB, nullable=False, server_default=_NO_FIELDS),
    Column("release", JSONB(none_as_null=True)),
    # Whether versions decide over targets, and what became of it by them.
    Column("governed", Boolean, nullable=False, server_default=false()),
    Column("lifecycle", JSONB(none_as_null=True)),
    Column("access", Text, nullable=False, server_default=text("'open'")),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("org_id", "name", postgresql_nulls_not_distinct=True),
)

model_targets = Table(
    "model_targets",
    metadata,
    Column("model_id", Text, ForeignKey("models.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE")),
    # No action on delete: an upstream that a model leads to cannot go.
    Column("upstream_id", Text, ForeignKey("upstreams.id"), nullable=False),
    Column("upstream_model", Text, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("region", Text),
    Column("tags", ARRAY(Text), nullable=False, server_default=_NO_TEXTS),
    Column("track", Text, nullable=False, server_default=text("'stable'")),
    Column("cost", Double),
    Column("tasks", ARRAY(Text), nullable=False, server_default=_NO_TEXTS),
    Column("subjects", ARRAY(Text), nullable=False, server_default=_NO_TEXTS),
    Index("ix_model_targets_upstream_id", "upstream_id"),
    Index("ix_model_targets_org_id", "org_id"),
)
