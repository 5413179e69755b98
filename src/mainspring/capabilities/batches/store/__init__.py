"""Batches in PostgreSQL."""

from mainspring.capabilities.batches.store.repository import PostgresBatchStore

__all__ = ["PostgresBatchStore"]
