"""Metering's only door."""

from mainspring.capabilities.metering.domain import (
    PERMISSIONS,
    ModelSum,
    UsageEntry,
    UsageFilter,
    UsageSum,
    UsageSummary,
)
from mainspring.capabilities.metering.ports import Follower, KeyUse, Names, UsageFeed, UsageStore
from mainspring.capabilities.metering.service import Explanation, MeteringService, NamedEntry

__all__ = [
    "PERMISSIONS",
    "Explanation",
    "Follower",
    "KeyUse",
    "MeteringService",
    "ModelSum",
    "NamedEntry",
    "Names",
    "UsageEntry",
    "UsageFeed",
    "UsageFilter",
    "UsageStore",
    "UsageSum",
    "UsageSummary",
]
