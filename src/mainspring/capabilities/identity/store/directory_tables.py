"""The tables of directories (SCIM); migration 0031 creates them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from mainspring.infra.db import metadata


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _owner() -> Column[object]:
    return Column(
        "org_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False
    )


directory_tokens = Table(
    "directory_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    Column("name", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("created_by", Text, nullable=False),
    _moment("created_at"),
    _moment("expires_at", nullable=True),
    _moment("revoked_at", nullable=True),
    _moment("last_used_at", nullable=True),
    UniqueConstraint("digest"),
    Index("ix_directory_tokens_org_id", "org_id", "id"),
)

directory_users = Table(
    "directory_users",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("user_name", Text, nullable=False),
    Column("external_id", Text),
    Column("active", Boolean, nullable=False),
    # Whether the directory made the account; it then opens and closes the account itself.
    Column("owned", Boolean, nullable=False),
    # Whether it was the directory that closed the account.
    Column("closed", Boolean, nullable=False),
    _moment("removed_at", nullable=True),
    Column("content", JSONB, nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("org_id", "user_id"),
    Index("ix_directory_users_user_id", "user_id"),
)
Index(
    "uq_directory_users_user_name",
    directory_users.c.org_id,
    func.lower(directory_users.c.user_name),
    unique=True,
    postgresql_where=directory_users.c.removed_at.is_(None),
)

directory_groups = Table(
    "directory_groups",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    Column("display_name", Text, nullable=False),
    Column("external_id", Text),
    _moment("created_at"),
    _moment("updated_at"),
    Column("revision", BigInteger, nullable=False),
)
Index(
    "uq_directory_groups_display_name",
    directory_groups.c.org_id,
    func.lower(directory_groups.c.display_name),
    unique=True,
)

directory_members = Table(
    "directory_members",
    metadata,
    Column("org_id", Text, nullable=False),
    Column(
        "group_id", Text, ForeignKey("directory_groups.id", ondelete="CASCADE"), primary_key=True
    ),
    Column(
        "directory_user_id",
        Text,
        ForeignKey("directory_users.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Index("ix_directory_members_directory_user_id", "directory_user_id"),
)
