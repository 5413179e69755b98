"""The catalog in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.catalog.store.repository import PostgresCatalog, PostgresCatalogStore

__all__ = ["PostgresCatalog", "PostgresCatalogStore"]
