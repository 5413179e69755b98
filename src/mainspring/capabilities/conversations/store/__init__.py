"""Conversations in PostgreSQL."""

from mainspring.capabilities.conversations.store.repository import PostgresTurnStore

__all__ = ["PostgresTurnStore"]
