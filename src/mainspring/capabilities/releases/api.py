"""The only door of releases."""

from mainspring.capabilities.releases.domain import (
    PERMISSIONS,
    Action,
    CanaryPlan,
    CanaryStep,
    Guard,
    Release,
    ReleaseChanges,
    ReleaseEvent,
    ReleaseFilter,
    ScoreGuard,
    Specification,
    State,
)
from mainspring.capabilities.releases.ports import (
    NoProbe,
    ReleaseRepository,
    ReleaseStore,
    TargetProbe,
)
from mainspring.capabilities.releases.service import ReleaseService, RolloutService

__all__ = [
    "PERMISSIONS",
    "Action",
    "CanaryPlan",
    "CanaryStep",
    "Guard",
    "NoProbe",
    "Release",
    "ReleaseChanges",
    "ReleaseEvent",
    "ReleaseFilter",
    "ReleaseRepository",
    "ReleaseService",
    "ReleaseStore",
    "RolloutService",
    "ScoreGuard",
    "Specification",
    "State",
    "TargetProbe",
]
