"""Values and rules of self-service."""

from mainspring.capabilities.selfservice.domain.grants import GrantChanges, ModelGrant
from mainspring.capabilities.selfservice.domain.permissions import (
    ACCESS_GRANT,
    ACCESS_READ,
    ACCESS_REQUEST,
    ACCESS_REVOKE,
    ACCESS_RULE,
    PERMISSIONS,
)
from mainspring.capabilities.selfservice.domain.requests import (
    AccessRequest,
    Comment,
    Decision,
    Person,
    State,
    StepState,
)
from mainspring.capabilities.selfservice.domain.rules import (
    AccessRule,
    ApprovalStep,
    RuleChanges,
)

__all__ = [
    "ACCESS_GRANT",
    "ACCESS_READ",
    "ACCESS_REQUEST",
    "ACCESS_REVOKE",
    "ACCESS_RULE",
    "PERMISSIONS",
    "AccessRequest",
    "AccessRule",
    "ApprovalStep",
    "Comment",
    "Decision",
    "GrantChanges",
    "ModelGrant",
    "Person",
    "RuleChanges",
    "State",
    "StepState",
]
