"""Token issuers in PostgreSQL. Opened by ``app`` alone."""

from mainspring.capabilities.federation.store.repository import PostgresFederationStore

__all__ = ["PostgresFederationStore"]
