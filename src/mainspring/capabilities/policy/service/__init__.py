"""The use cases of policy."""

from mainspring.capabilities.policy.service.dry_run import DryRunService
from mainspring.capabilities.policy.service.policies import OrganizationPolicies, PolicyService
from mainspring.capabilities.policy.service.standing import KeptDays, StandingService

__all__ = [
    "DryRunService",
    "KeptDays",
    "OrganizationPolicies",
    "PolicyService",
    "StandingService",
]
