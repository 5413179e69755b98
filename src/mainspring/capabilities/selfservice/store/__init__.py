"""Self-service in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.selfservice.store.grants import PostgresGrantStore
from mainspring.capabilities.selfservice.store.repository import PostgresRequestStore

__all__ = ["PostgresGrantStore", "PostgresRequestStore"]
