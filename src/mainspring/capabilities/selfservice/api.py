"""Self-service's only door."""

from mainspring.capabilities.selfservice.domain import (
    PERMISSIONS,
    AccessRequest,
    AccessRule,
    ApprovalStep,
    RuleChanges,
    State,
)
from mainspring.capabilities.selfservice.ports import RequestStore, Standings
from mainspring.capabilities.selfservice.service import (
    GrantExpiry,
    RequestService,
    RuleService,
    TakenKey,
)

__all__ = [
    "PERMISSIONS",
    "AccessRequest",
    "AccessRule",
    "ApprovalStep",
    "GrantExpiry",
    "RequestService",
    "RequestStore",
    "RuleChanges",
    "RuleService",
    "Standings",
    "State",
    "TakenKey",
]
