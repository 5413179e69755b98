"""The tables of metering; migrations 0005, 0039 and 0040 create them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from mainspring.infra.db import metadata

CHANNEL = "mainspring_usage"
"""Where ``NOTIFY`` announces new records; its payload lists (day, id) pairs as JSON."""

usage_records = Table(
    "usage_records",
    metadata,
    # Partitions are dropped whole when their time is over, never emptied row by row.
    Column("day", Date, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("request_id", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    # No foreign keys: a record outlives what it names, and may arrive after that is gone.
    Column("org_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("key_id", Text),
    Column("actor_id", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("upstream_id", Text),
    Column("upstream_model", Text),
    Column("stream", Boolean, nullable=False),
    Column("status", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("cached_input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("reasoning_tokens", BigInteger, nullable=False),
    Column("estimated", Boolean, nullable=False),
    # The upstream's own usage object, byte for byte.
    Column("usage_frame", LargeBinary),
    Column("ttft_ms", Double),
    Column("duration_ms", Double, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("trace_id", Text),
    Column("snapshot_version", BigInteger, nullable=False),
    Column("gateway_id", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    # Billionths of the currency; null where the gateway knew no price.
    Column("cost_nanos", BigInteger),
    Column("currency", Text),
    # The model that was asked for, where another one answered.
    Column("fallback_from", Text),
    Column("track", Text, nullable=False, server_default=text("'stable'")),
    # A wire.decisions.Decision; null where there was nothing to choose and nothing failed.
    Column("decision", JSONB(none_as_null=True)),
    # How the answer was found in the cache, where it was, and what making it had cost.
    Column("cache", Text),
    Column("saved_nanos", BigInteger),
    Column("cache_write_tokens", BigInteger, nullable=False, server_default=text("0")),
    Column("images", BigInteger, nullable=False, server_default=text("0")),
    Column("characters", BigInteger, nullable=False, server_default=text("0")),
    Column("seconds", Double, nullable=False, server_default=text("0")),
    Column("searches", BigInteger, nullable=False, server_default=text("0")),
    Column("batch", Boolean, nullable=False, server_default=text("false")),
    Index("ix_usage_records_at", "at", "id"),
    Index("ix_usage_records_org_id", "org_id", "at", "id"),
    Index("ix_usage_records_project_id", "project_id", "at", "id"),
    postgresql_partition_by="RANGE (day)",
)

gateway_tallies = Table(
    "gateway_tallies",
    metadata,
    Column("gateway_id", Text, primary_key=True),
    Column("epoch", Text, primary_key=True),
    Column("since", DateTime(timezone=True), primary_key=True),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("delivered", Boolean, nullable=False),
    # By model: [calls, tokens].
    Column("counted", JSONB(none_as_null=True), nullable=False),
    Column("booked", JSONB(none_as_null=True)),
    Column("state", Text, nullable=False),
    Column("checked_at", DateTime(timezone=True)),
    Index("ix_gateway_tallies_since", "since", "gateway_id", "epoch"),
)

gpu_prices = Table(
    "gpu_prices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    # No foreign key: what was booked outlives the upstream.
    Column("upstream_id", Text, nullable=False),
    Column("upstream_model", Text),
    Column("gpus", Double, nullable=False),
    Column("hourly_nanos", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("shared_by", Text, nullable=False),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("valid_until", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
)

gpu_charges = Table(
    "gpu_charges",
    metadata,
    Column("id", Text, primary_key=True),
    # The hour's beginning.
    Column("at", DateTime(timezone=True), nullable=False),
    Column("price_id", Text, nullable=False),
    Column("org_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("key_id", Text),
    Column("actor_id", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("upstream_id", Text, nullable=False),
    Column("upstream_model", Text),
    Column("track", Text, nullable=False),
    Column("idle", Boolean, nullable=False),
    Column("gpu_s", Double, nullable=False),
    Column("nanos", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("reverses", Text, unique=True),
    Column("booked_at", DateTime(timezone=True), nullable=False),
    Index("ix_gpu_charges_at", "at", "id"),
    Index("ix_gpu_charges_org_id", "org_id", "at"),
)

unreadable_records = Table(
    "unreadable_records",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("gateway_id", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
