"""Objectives in PostgreSQL. Opened by ``app`` alone; everybody else holds the port."""

from mainspring.capabilities.slo.store.repository import PostgresSloStore

__all__ = ["PostgresSloStore"]
