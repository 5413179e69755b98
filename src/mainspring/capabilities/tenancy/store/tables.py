"""The tables of tenancy; migration 0002 creates them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    Table,
    Text,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import UniqueConstraint

from mainspring.infra.db import metadata

organizations = Table(
    "organizations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("suspended", Boolean, nullable=False, server_default=false()),
    Column("limits", JSONB(none_as_null=True)),
    Column("user_limits", JSONB(none_as_null=True)),
    Column("data_policy", JSONB(none_as_null=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("slug"),
)

projects = Table(
    "projects",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("suspended", Boolean, nullable=False, server_default=false()),
    Column("limits", JSONB(none_as_null=True)),
    Column("user_limits", JSONB(none_as_null=True)),
    Column("stores_responses", Text, nullable=False, server_default=text("'always'")),
    Column("response_days", Integer, nullable=False, server_default=text("30")),
    Column("capture", JSONB(none_as_null=True)),
    Column("data_policy", JSONB(none_as_null=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
    # One index serves the list of an organisation's projects and the rule that slugs are its own.
    UniqueConstraint("org_id", "slug"),
)
