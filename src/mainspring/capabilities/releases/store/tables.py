"""The tables of releases; a migration makes them. A null ``org_id`` is the platform's."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from mainspring.infra.db import metadata

releases = Table(
    "releases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE")),
    Column("model_id", Text, ForeignKey("models.id", ondelete="CASCADE"), nullable=False),
    Column("version", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("targets", JSONB, nullable=False),
    Column("specification", JSONB, nullable=False),
    Column("plan", JSONB, nullable=False),
    Column("guard", JSONB, nullable=False),
    Column("verification", JSONB(none_as_null=True)),
    Column("step", Integer),
    Column("step_began_at", DateTime(timezone=True)),
    Column("stable_since", DateTime(timezone=True)),
    Column("deprecated_at", DateTime(timezone=True)),
    Column("sunset_at", DateTime(timezone=True)),
    Column("replacement", Text),
    Column("link", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("model_id", "version"),
    # Whatever races: one candidate, and one that serves.
    Index(
        "uq_releases_candidate",
        "model_id",
        unique=True,
        postgresql_where=text("state IN ('deployed', 'canary')"),
    ),
    Index(
        "uq_releases_serving",
        "model_id",
        unique=True,
        postgresql_where=text("state IN ('stable', 'deprecated')"),
    ),
    Index("ix_releases_canary", "id", postgresql_where=text("state = 'canary'")),
    Index("ix_releases_org_id", "org_id"),
)

release_upstreams = Table(
    "release_upstreams",
    metadata,
    Column("release_id", Text, ForeignKey("releases.id", ondelete="CASCADE"), primary_key=True),
    # No action on delete: an upstream that calls may go back to cannot go.
    Column("upstream_id", Text, ForeignKey("upstreams.id"), primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE")),
    Index("ix_release_upstreams_upstream_id", "upstream_id"),
    Index("ix_release_upstreams_org_id", "org_id"),
)

model_cards = Table(
    "model_cards",
    metadata,
    Column("id", Text, ForeignKey("models.id", ondelete="CASCADE"), primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE")),
    Column("specification", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Index("ix_model_cards_org_id", "org_id"),
)

release_samples = Table(
    "release_samples",
    metadata,
    Column("release_id", Text, ForeignKey("releases.id", ondelete="CASCADE"), primary_key=True),
    Column("began_at", DateTime(timezone=True), primary_key=True),
    Column("block", Integer, primary_key=True),
    Column("arm", Text, primary_key=True),
    Column("measure", Text, primary_key=True),
    Column("bin", Integer, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("total", Double, nullable=False),
    Column("squares", Double, nullable=False),
)

release_decisions = Table(
    "release_decisions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    Column("org_id", Text),
    Column("model_id", Text, nullable=False),
    Column("release_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("block", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("alpha", Double, nullable=False),
    Column("figures", JSONB, nullable=False),
    Column("repeats", BigInteger, nullable=False),
    Index("ix_release_decisions_release_id", "release_id", "id"),
)

release_events = Table(
    "release_events",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    # No foreign keys: what happened outlives what it happened to.
    Column("org_id", Text),
    Column("model_id", Text, nullable=False),
    Column("release_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("details", JSONB, nullable=False),
    Index("ix_release_events_model_id", "model_id", "seq"),
    Index("ix_release_events_release_id", "release_id", "seq"),
)
