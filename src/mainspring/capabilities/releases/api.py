"""The only door of releases."""

from mainspring.capabilities.releases.domain import (
    PERMISSIONS,
    Action,
    CanaryPlan,
    CanaryStep,
    Decision,
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
    CanaryStore,
    NoProbe,
    ReleaseRepository,
    ReleaseStore,
    TargetProbe,
)
from mainspring.capabilities.releases.service import (
    CanaryWatch,
    RegistryService,
    ReleaseService,
    RolloutService,
)

__all__ = [
    "PERMISSIONS",
    "Action",
    "CanaryPlan",
    "CanaryStep",
    "CanaryStore",
    "CanaryWatch",
    "Decision",
    "Guard",
    "NoProbe",
    "RegistryService",
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
