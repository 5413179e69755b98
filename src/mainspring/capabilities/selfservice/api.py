"""Self-service's only door."""

from mainspring.capabilities.selfservice.domain import (
    PERMISSIONS,
    AccessRequest,
    AccessRule,
    ApprovalStep,
    GrantChanges,
    ModelGrant,
    RuleChanges,
    State,
)
from mainspring.capabilities.selfservice.ports import GrantStore, RequestStore, Standings
from mainspring.capabilities.selfservice.service import (
    GrantExpiry,
    GrantService,
    GrantsOfOthers,
    RequestService,
    RuleService,
    TakenKey,
)

__all__ = [
    "PERMISSIONS",
    "AccessRequest",
    "AccessRule",
    "ApprovalStep",
    "GrantChanges",
    "GrantExpiry",
    "GrantService",
    "GrantStore",
    "GrantsOfOthers",
    "ModelGrant",
    "RequestService",
    "RequestStore",
    "RuleChanges",
    "RuleService",
    "Standings",
    "State",
    "TakenKey",
]
