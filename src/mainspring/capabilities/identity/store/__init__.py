"""Accounts, tokens and keys in PostgreSQL. Opened by ``app`` alone."""

from mainspring.capabilities.identity.store.repository import PostgresIdentityStore

__all__ = ["PostgresIdentityStore"]
