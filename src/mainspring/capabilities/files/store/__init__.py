"""What is known of files, in PostgreSQL."""

from mainspring.capabilities.files.store.repository import PostgresFileStore

__all__ = ["PostgresFileStore"]
