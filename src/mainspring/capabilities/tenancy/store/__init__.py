"""Tenants in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.tenancy.store.repository import PostgresTenancyStore

__all__ = ["PostgresTenancyStore"]
