"""The table of files; migration 0014 creates it."""

from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, Table, Text
from sqlalchemy.schema import Index

from mainspring.infra.db import metadata

files = Table(
    "files",
    metadata,
    Column("id", Text, primary_key=True),
    # No foreign keys: the bytes must be removed before what names them is.
    Column("org_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("key_id", Text),
    Column("actor_id", Text, nullable=False),
    Column("filename", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True)),
    Index("ix_files_org_id", "org_id"),
    Index("ix_files_project_id", "project_id", "id"),
    Index("ix_files_expires_at", "expires_at"),
)
