"""The snapshot's tables.

They hold every tenant's resources and are read by the platform alone, so no tenant policy fences
them: a transaction of one tenant may publish what it changed.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    Table,
    Text,
    column,
    func,
    true,
)

from mainspring.infra.db.metadata import metadata

CHANNEL = "mainspring_snapshot"
"""Where ``NOTIFY`` announces a new version; its payload is the version in decimal."""

snapshot_head = Table(
    "snapshot_head",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=true()),
    # The version of the newest committed publication.
    Column("version", BigInteger, nullable=False, server_default="0"),
    # Tombstones up to this version may be gone: a reader older than it needs a base.
    Column("floor", BigInteger, nullable=False, server_default="0"),
    CheckConstraint(column("singleton"), name="single_row"),
)

snapshot_resources = Table(
    "snapshot_resources",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    # Null marks a tombstone: the resource is gone since that version.
    Column("data", LargeBinary),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_snapshot_resources_version", "version"),
)
