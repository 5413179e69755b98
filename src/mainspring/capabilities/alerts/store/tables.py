"""The tables of alerts; a migration makes them. A row without ``org_id`` is the platform's."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from mainspring.infra.db import metadata


def _owner() -> Column[object]:
    return Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"))


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


alerts = Table(
    "alerts",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    Column("source", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("labels", JSONB, nullable=False),
    Column("summary", Text, nullable=False),
    Column("summary_zh", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("runbook_url", Text, nullable=False),
    Column("runbook_url_zh", Text, nullable=False),
    _moment("started_at"),
    _moment("seen_at"),
    _moment("ended_at", nullable=True),
    Index(
        "uq_alerts_org_id",
        "org_id",
        "source",
        "fingerprint",
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=text("state = 'firing'"),
    ),
    Index("ix_alerts_org_id_id", "org_id", "id"),
    Index("ix_alerts_ended_at", "ended_at"),
)

notification_channels = Table(
    "notification_channels",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("secret", LargeBinary),
    Column("is_signed", Boolean, nullable=False),
    Column("email", JSONB(none_as_null=True)),
    Column("language", Text, nullable=False),
    Column("min_severity", Text, nullable=False),
    Column("matchers", JSONB, nullable=False),
    Column("group_by", ARRAY(Text), nullable=False),
    Column("group_wait_s", Integer, nullable=False),
    Column("group_interval_s", Integer, nullable=False),
    Column("repeat_interval_s", Integer, nullable=False),
    Column("send_resolved", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("org_id", "name", postgresql_nulls_not_distinct=True),
)

silences = Table(
    "silences",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    Column("matchers", JSONB, nullable=False),
    _moment("starts_at"),
    _moment("until"),
    Column("reason", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    _moment("created_at"),
    Index("ix_silences_org_id", "org_id", "until"),
)

notification_groups = Table(
    "notification_groups",
    metadata,
    Column(
        "channel_id",
        Text,
        ForeignKey("notification_channels.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    # A digest of the key: labels may be longer than an index takes.
    Column("key", Text, primary_key=True),
    _owner(),
    Column("labels", JSONB, nullable=False),
    Column("told", JSONB, nullable=False),
    _moment("changed_at", nullable=True),
    _moment("sent_at", nullable=True),
)

notifications = Table(
    "notifications",
    metadata,
    Column("id", Text, primary_key=True),
    Column(
        "channel_id",
        Text,
        ForeignKey("notification_channels.id", ondelete="CASCADE"),
        nullable=False,
    ),
    _owner(),
    Column("group_key", Text, nullable=False),
    Column("labels", JSONB, nullable=False),
    Column("alerts", JSONB, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("problem", Text),
    _moment("created_at"),
    _moment("next_at"),
    _moment("deadline"),
    _moment("finished_at", nullable=True),
    Index("ix_notifications_channel_id", "channel_id", "id"),
    Index("ix_notifications_next_at", "next_at", postgresql_where=text("state = 'waiting'")),
    Index("ix_notifications_finished_at", "finished_at"),
)
