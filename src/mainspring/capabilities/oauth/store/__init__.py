"""Service accounts and signing keys in PostgreSQL. Opened by ``app`` alone."""

from mainspring.capabilities.oauth.store.repository import PostgresOAuthStore
from mainspring.capabilities.oauth.store.sealed import sealed_signing_keys

__all__ = ["PostgresOAuthStore", "sealed_signing_keys"]
