"""Service accounts and signing keys in PostgreSQL. Opened by ``app`` alone."""

from mainspring.capabilities.oauth.store.repository import PostgresOAuthStore

__all__ = ["PostgresOAuthStore"]
