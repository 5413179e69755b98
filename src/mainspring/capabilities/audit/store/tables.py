"""The tables of audit; migration 0021 creates them, and triggers there write into them."""

from sqlalchemy import BigInteger, Column, Computed, DateTime, Index, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from mainspring.infra.db import metadata

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("org_id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)


audit_cuts = Table(
    "audit_cuts",
    metadata,
    Column("org_id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("cut_at", DateTime(timezone=True), nullable=False),
)


def _told(name: str) -> Column[str]:
    """Return a column that cannot say anything else than the content does."""
    return Column(name, Text, Computed(f"content ->> '{name}'", persisted=True))


audit_events = Table(
    "audit_events",
    metadata,
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("org_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("content", JSONB, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    _told("actor_id"),
    _told("action"),
    _told("object_id"),
    _told("request_id"),
    Index("ix_audit_events_at", "at", "org_id", "seq"),
    Index("ix_audit_events_actor_id", "actor_id", "at"),
    Index("ix_audit_events_object_id", "object_id", "at"),
    Index("ix_audit_events_request_id", "request_id"),
    postgresql_partition_by="RANGE (at)",
)
