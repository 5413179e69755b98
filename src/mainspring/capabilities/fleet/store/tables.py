"""The table of the fleet; migration 0006 creates it."""

from sqlalchemy import Column, DateTime, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from mainspring.infra.db import metadata

parts = Table(
    "parts",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("details", JSONB, nullable=False),
    Column("targets", JSONB, nullable=False),  # migration 0041
)
