"""The audit trail in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.audit.store.repository import PostgresTrailStore

__all__ = ["PostgresTrailStore"]
