"""The table of conversations; migration 0012 creates it."""

from sqlalchemy import Column, DateTime, LargeBinary, Table, Text
from sqlalchemy.schema import Index

from mainspring.infra.db import metadata

# Not partitioned by day like records: each turn is its project's own, deleted when that says so,
# and kept for as long as that says.
stored_turns = Table(
    "stored_turns",
    metadata,
    Column("id", Text, primary_key=True),
    # No foreign keys: a turn may arrive after what it names is gone.
    Column("org_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("key_id", Text),
    Column("actor_id", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("model", Text, nullable=False),
    Column("previous_id", Text),
    Column("input", LargeBinary, nullable=False),
    Column("response", LargeBinary, nullable=False),
    Column("gateway_id", Text, nullable=False),
    # What was said is gone; the row keeps a late delivery from bringing it back.
    Column("deleted_at", DateTime(timezone=True)),
    Index("ix_stored_turns_org_id", "org_id"),
    Index("ix_stored_turns_expires_at", "expires_at"),
)
