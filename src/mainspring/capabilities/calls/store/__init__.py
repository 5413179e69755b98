"""Calls, spans and scores in PostgreSQL, partitioned by day. Opened by ``app`` alone."""

from mainspring.capabilities.calls.store.repository import PostgresCallStore

__all__ = ["PostgresCallStore"]
