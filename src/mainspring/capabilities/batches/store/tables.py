"""The tables of batches; migration 0020 creates them."""

from sqlalchemy import (
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
from sqlalchemy.dialects.postgresql import JSONB

from mainspring.infra.db import metadata

batches = Table(
    "batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("key_id", Text),
    Column("actor_id", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("input_file_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("output_file_id", Text),
    Column("error_file_id", Text),
    Column("errors", JSONB, nullable=False),
    Column("metadata", JSONB(none_as_null=True)),
    Column("total", Integer, nullable=False),
    Column("completed", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("run_id", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("in_progress_at", DateTime(timezone=True)),
    Column("finalizing_at", DateTime(timezone=True)),
    Column("cancelling_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Index("ix_batches_org_id", "org_id"),
    Index("ix_batches_project_id", "project_id", "id"),
)

batch_items = Table(
    "batch_items",
    metadata,
    Column("batch_id", Text, ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("org_id", Text, nullable=False),
    Column("custom_id", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    # Set before the call is sent: a call that is made again is counted once by it.
    Column("request_id", Text),
    Column("started_at", DateTime(timezone=True)),
    Column("status", Integer),
    Column("answer", LargeBinary),
    Column("error", Text),
    Column("finished_at", DateTime(timezone=True)),
    UniqueConstraint("batch_id", "custom_id"),
)
