"""Accounts, tokens and keys in PostgreSQL. Opened by ``app`` alone."""

from mainspring.capabilities.identity.store.repository import PostgresIdentityStore
from mainspring.capabilities.identity.store.sealed import SealedFactors, sealed_provider_secrets

__all__ = ["PostgresIdentityStore", "SealedFactors", "sealed_provider_secrets"]
