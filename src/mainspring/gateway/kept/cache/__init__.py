"""Stores of the answer cache: what an answer is kept under, and where."""

from mainspring.gateway.kept.cache.local import LocalCacheStore
from mainspring.gateway.kept.cache.port import CachedAnswer, CacheStore

__all__ = ["CacheStore", "CachedAnswer", "LocalCacheStore"]
