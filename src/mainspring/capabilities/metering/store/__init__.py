"""The ledger in PostgreSQL: partitions by day, and a feed by LISTEN. Opened by ``app`` alone."""

from mainspring.capabilities.metering.store.feed import PostgresUsageFeed
from mainspring.capabilities.metering.store.gpu import PostgresGpuStore
from mainspring.capabilities.metering.store.reconciliation import PostgresTallyStore
from mainspring.capabilities.metering.store.repository import PostgresUsageStore

__all__ = ["PostgresGpuStore", "PostgresTallyStore", "PostgresUsageFeed", "PostgresUsageStore"]
