"""The tables of data sets; a migration makes them."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from mainspring.infra.db import metadata

datasets = Table(
    "datasets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("kept_count", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("project_id", "name", name="uq_datasets_project_id"),
    Index("ix_datasets_org_id", "org_id"),
)

dataset_items = Table(
    "dataset_items",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dataset_id", Text, ForeignKey("datasets.id", ondelete="CASCADE"), nullable=False),
    Column("org_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("input", JSONB, nullable=False),
    Column("expected", JSONB(none_as_null=True)),
    Column("metadata", JSONB, nullable=False),
    Column("source_request_id", Text),
    Column("size", Integer, nullable=False),
    Column("added_in", Integer, nullable=False),
    Column("archived_in", Integer),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("actor_id", Text, nullable=False),
    UniqueConstraint("dataset_id", "position", name="uq_dataset_items_dataset_id"),
)
