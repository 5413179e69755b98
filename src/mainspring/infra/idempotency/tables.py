"""The register's table; migration 0007 creates it."""

from sqlalchemy import Column, DateTime, Index, LargeBinary, Table, Text

from mainspring.infra.db.metadata import metadata

idempotent_requests = Table(
    "idempotent_requests",
    metadata,
    Column("actor_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    # SHA-256 of what was asked: the same key may only come back with the same request.
    Column("digest", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    # The sealed answer; null while the request is under way, and for ever if we died meanwhile.
    Column("answer", LargeBinary),
    Index("ix_idempotent_requests_created_at", "created_at"),
)
