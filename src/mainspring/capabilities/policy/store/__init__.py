"""Policies in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.policy.store.repository import PostgresPolicyStore

__all__ = ["PostgresPolicyStore"]
