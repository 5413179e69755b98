"""Data sets in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.datasets.store.repository import PostgresDatasetStore

__all__ = ["PostgresDatasetStore"]
