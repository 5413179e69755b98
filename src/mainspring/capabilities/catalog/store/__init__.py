"""The catalog in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.catalog.store.repository import PostgresCatalog, PostgresCatalogStore
from mainspring.capabilities.catalog.store.sealed import sealed_credentials

__all__ = ["PostgresCatalog", "PostgresCatalogStore", "sealed_credentials"]
