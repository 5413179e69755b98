"""Oversight in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.oversight.store.repository import PostgresOversightStore

__all__ = ["PostgresOversightStore"]
