"""Releases in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.releases.store.repository import PostgresReleaseStore

__all__ = ["PostgresReleaseStore"]
