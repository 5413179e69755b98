"""The tables of objectives; a migration makes them. All of them are the platform's."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from mainspring.infra.db import metadata

slos = Table(
    "slos",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("indicator", Text, nullable=False),
    Column("target", Double, nullable=False),
    Column("threshold_ms", Integer),
    Column("window_days", Integer, nullable=False),
    Column("model", Text),
    Column("operation", Text),
    Column("min_calls", Integer, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("name"),
)

slo_progress = Table(
    "slo_progress",
    metadata,
    Column("slo_id", Text, ForeignKey("slos.id", ondelete="CASCADE"), primary_key=True),
    Column("measured_until", DateTime(timezone=True), nullable=False),
)

slo_minutes = Table(
    "slo_minutes",
    metadata,
    Column("slo_id", Text, ForeignKey("slos.id", ondelete="CASCADE"), primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("total", BigInteger, nullable=False),
    Column("bad", BigInteger, nullable=False),
)

slo_alerts = Table(
    "slo_alerts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("slo_id", Text, ForeignKey("slos.id", ondelete="CASCADE"), nullable=False),
    Column("state", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("rate", Double, nullable=False),
    Column("long_s", Integer, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("resolved_at", DateTime(timezone=True)),
    Index("uq_slo_alerts_slo_id", "slo_id", unique=True, postgresql_where=text("state = 'open'")),
)
