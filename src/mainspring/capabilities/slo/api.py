"""The only door to objectives."""

from mainspring.capabilities.slo.domain import (
    PERMISSIONS,
    Alert,
    AlertState,
    Indicator,
    Slo,
    SloChanges,
    SloStatus,
)
from mainspring.capabilities.slo.ports import Measures, MinuteSum, SloStore, Telling, TellNobody
from mainspring.capabilities.slo.service import SloEvaluation, SloService

__all__ = [
    "PERMISSIONS",
    "Alert",
    "AlertState",
    "Indicator",
    "Measures",
    "MinuteSum",
    "Slo",
    "SloChanges",
    "SloEvaluation",
    "SloService",
    "SloStatus",
    "SloStore",
    "TellNobody",
    "Telling",
]
