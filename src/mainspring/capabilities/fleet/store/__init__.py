"""The fleet in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.fleet.store.repository import PostgresFleetStore

__all__ = ["PostgresFleetStore"]
