"""The catalog in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.catalog.store.repository import PostgresCatalogStore

__all__ = ["PostgresCatalogStore"]
