"""The tables of self-service; a migration makes them.

A rule's null ``org_id`` is the platform's.
"""

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
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from mainspring.infra.db import metadata

access_rules = Table(
    "access_rules",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE")),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("models", ARRAY(Text), nullable=False),
    Column("tags", ARRAY(Text), nullable=False),
    Column("data_classes", ARRAY(Text), nullable=False),
    Column("project_ids", ARRAY(Text), nullable=False),
    Column("min_cost", BigInteger),
    Column("more_than_days", Integer),
    Column("steps", JSONB, nullable=False),
    Column("denies", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("org_id", "name", postgresql_nulls_not_distinct=True),
)

access_requests = Table(
    "access_requests",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("requester_id", Text, nullable=False),
    # Neither a model nor a key holds a request back: what was granted stays to be seen.
    Column("model_id", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("data_class", Text, nullable=False),
    Column("tokens_per_month", BigInteger),
    Column("days", Integer),
    Column("limits", JSONB(none_as_null=True)),
    Column("cost", BigInteger),
    Column("currency", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("rules", ARRAY(Text), nullable=False),
    Column("steps", JSONB, nullable=False),
    Column("comments", JSONB, nullable=False),
    # Every approver of every step, so that an index finds what waits for somebody.
    Column("approvers", ARRAY(Text), nullable=False),
    Column("renews", Text, ForeignKey("access_requests.id", ondelete="CASCADE")),
    Column("until", DateTime(timezone=True)),
    Column("key_id", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("decided_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("revision", BigInteger, nullable=False),
    Index("ix_access_requests_org_id", "org_id", "id"),
    Index("ix_access_requests_requester_id", "org_id", "requester_id", "id"),
    Index("ix_access_requests_approvers", "approvers", postgresql_using="gin"),
    Index("ix_access_requests_renews", "renews"),
    Index("ix_access_requests_project_id", "project_id"),
    Index(
        "ix_access_requests_until",
        "until",
        postgresql_where=text("state = 'active'"),
    ),
    Index(
        "ix_access_requests_pending",
        "created_at",
        postgresql_where=text("state = 'pending'"),
    ),
)

model_grants = Table(
    "model_grants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE")),
    Column("model_id", Text, ForeignKey("models.id", ondelete="CASCADE"), nullable=False),
    Column("model", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("model_id", "org_id", "project_id", postgresql_nulls_not_distinct=True),
    Index("ix_model_grants_org_id", "org_id", "id"),
    Index("ix_model_grants_project_id", "project_id"),
    Index("ix_model_grants_expires_at", "expires_at"),
)
