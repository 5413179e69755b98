"""The tables of oversight; a migration makes them. All of it is the platform's."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from mainspring.infra.db import metadata

four_eyes = Table(
    "four_eyes",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=true()),
    Column("enabled", Boolean, nullable=False),
    Column("actions", ARRAY(Text), nullable=False),
    Column("hours", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
)

pending_changes = Table(
    "pending_changes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("operation", Text, nullable=False),
    Column("permission", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("shown", JSONB(none_as_null=True)),
    # The request, encrypted: it may hold secrets, and its author's words are nobody else's.
    Column("sealed", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author_kind", Text, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("narrowed_to", ARRAY(Text)),
    Column("confined_to", Text),
    Column("needs", Integer, nullable=False),
    Column("approvals", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("comment", Text, nullable=False),
    Column("status", Integer),
    Column("code", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("decided_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Index("ix_pending_changes_author_id", "author_id", "id"),
    Index(
        "ix_pending_changes_open",
        "state",
        "expires_at",
        postgresql_where=text("state IN ('pending', 'approved')"),
    ),
)

emergencies = Table(
    "emergencies",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
    Column("uses", Integer, nullable=False),
    Column("reviewed_at", DateTime(timezone=True)),
    Column("reviewed_by", Text),
    Column("verdict", Text),
    Column("review", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Index(
        "uq_emergencies_user_id",
        "user_id",
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
    ),
)
