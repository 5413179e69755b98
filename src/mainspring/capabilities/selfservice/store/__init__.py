"""Self-service in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.selfservice.store.repository import PostgresRequestStore

__all__ = ["PostgresRequestStore"]
