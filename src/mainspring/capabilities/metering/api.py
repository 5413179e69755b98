"""Metering's only door."""

from mainspring.capabilities.metering.domain import (
    PERMISSIONS,
    Chargeback,
    CostReport,
    CostRow,
    CostSum,
    Dimension,
    Forecast,
    Interval,
    MinuteQuality,
    ModelSum,
    Quality,
    UsageEntry,
    UsageFilter,
    UsageSum,
    UsageSummary,
)
from mainspring.capabilities.metering.ports import Follower, KeyUse, Names, UsageFeed, UsageStore
from mainspring.capabilities.metering.service import (
    CostService,
    Explanation,
    MeteringService,
    NamedEntry,
)

__all__ = [
    "PERMISSIONS",
    "Chargeback",
    "CostReport",
    "CostRow",
    "CostService",
    "CostSum",
    "Dimension",
    "Explanation",
    "Follower",
    "Forecast",
    "Interval",
    "KeyUse",
    "MeteringService",
    "MinuteQuality",
    "ModelSum",
    "NamedEntry",
    "Names",
    "Quality",
    "UsageEntry",
    "UsageFeed",
    "UsageFilter",
    "UsageStore",
    "UsageSum",
    "UsageSummary",
]
