"""The tables of identity; migrations 0003, 0011, 0022 and 0031 create them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    column,
    false,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from mainspring.infra.db import metadata


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("password_hash", Text),
    Column("is_platform_admin", Boolean, nullable=False, server_default=false()),
    Column("platform_roles", ARRAY(Text), nullable=False, server_default="{}"),
    Column("managed_by", Text),
    Column("break_glass", Boolean, nullable=False, server_default=false()),
    _moment("disabled_at", nullable=True),
    _moment("created_at"),
    _moment("updated_at"),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("email"),
)

memberships = Table(
    "memberships",
    metadata,
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, nullable=False),
    Column("source", Text),
    Column("suspended", Boolean, nullable=False, server_default=false()),
    _moment("created_at"),
    Index("ix_memberships_user_id", "user_id"),
)

project_members = Table(
    "project_members",
    metadata,
    Column("org_id", Text, nullable=False),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    _moment("created_at"),
    # Whoever leaves the organisation leaves its projects and groups.
    ForeignKeyConstraint(
        ["org_id", "user_id"], ["memberships.org_id", "memberships.user_id"], ondelete="CASCADE"
    ),
    Index("ix_project_members_org_id", "org_id", "user_id"),
    Index("ix_project_members_user_id", "user_id"),
)

roles = Table(
    "roles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("permissions", ARRAY(Text), nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("org_id", "name"),
)

groups = Table(
    "groups",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("roles", JSONB, nullable=False),
    Column("external_name", Text),
    _moment("created_at"),
    _moment("updated_at"),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("org_id", "name"),
    Index("ix_groups_external_name", "external_name"),
)

group_members = Table(
    "group_members",
    metadata,
    Column("org_id", Text, nullable=False),
    Column("group_id", Text, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Text, primary_key=True),
    _moment("created_at"),
    ForeignKeyConstraint(
        ["org_id", "user_id"], ["memberships.org_id", "memberships.user_id"], ondelete="CASCADE"
    ),
    Index("ix_group_members_org_id", "org_id", "user_id"),
    Index("ix_group_members_user_id", "user_id"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE")),
    Column("project_role", Text),
    Column("digest", LargeBinary, nullable=False),
    Column("created_by", Text, nullable=False),
    _moment("created_at"),
    _moment("expires_at"),
    _moment("accepted_at", nullable=True),
    _moment("revoked_at", nullable=True),
    UniqueConstraint("digest"),
    Index("ix_invitations_org_id", "org_id", "id"),
    Index("ix_invitations_project_id", "project_id"),
)

setup_token = Table(
    "setup_token",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=true()),
    Column("digest", LargeBinary, nullable=False),
    _moment("expires_at"),
    CheckConstraint(column("singleton"), name="single_row"),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    # "account:<address>" or "peer:<address>".
    Column("subject", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    _moment("last_at"),
    Index("ix_sign_in_attempts_last_at", "last_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    _moment("created_at"),
    _moment("seen_at"),
    _moment("expires_at"),
    Column("peer", Text),
    Column("agent", Text),
    Column("provider_id", Text),
    Column("provider_session", Text),
    Column("org_id", Text),
    UniqueConstraint("digest"),
    Index("ix_sessions_user_id", "user_id"),
    Index("ix_sessions_expires_at", "expires_at"),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("recovery_codes", ARRAY(LargeBinary), nullable=False),
    Column("last_step", BigInteger, nullable=False),
    _moment("created_at"),
    _moment("confirmed_at", nullable=True),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("hint", Text, nullable=False),
    # Null for the platform's own tokens.
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE")),
    Column("is_platform_admin", Boolean, nullable=False, server_default=false()),
    Column("scopes", ARRAY(Text)),
    Column("org_id", Text),
    _moment("created_at"),
    _moment("expires_at", nullable=True),
    _moment("revoked_at", nullable=True),
    _moment("last_used_at", nullable=True),
    UniqueConstraint("digest"),
    Index("ix_tokens_user_id", "user_id"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("models", ARRAY(Text)),
    Column("limits", JSONB(none_as_null=True)),
    Column("replaces", Text),
    _moment("created_at"),
    _moment("expires_at", nullable=True),
    _moment("revoked_at", nullable=True),
    _moment("last_used_at", nullable=True),
    Column("granted", ARRAY(Text), nullable=False, server_default="{}"),
    Column("revision", BigInteger, nullable=False, server_default="1"),
    UniqueConstraint("digest"),
    Index("ix_api_keys_org_id", "org_id"),
    Index("ix_api_keys_actor_id", "actor_id"),
    Index("ix_api_keys_project_id", "project_id", "id"),
)
