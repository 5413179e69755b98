"""Policy's only door."""

from mainspring.capabilities.policy.domain import PERMISSIONS, Explained, Policy, PolicyChanges
from mainspring.capabilities.policy.ports import PolicyRepository, PolicyStore, Snapshots
from mainspring.capabilities.policy.service import (
    DryRunService,
    KeptDays,
    OrganizationPolicies,
    PolicyService,
    StandingService,
)
from mainspring.capabilities.policy.service.dry_run import (
    DataChange,
    DryRun,
    LimitChange,
    Proposal,
    ProposedPolicy,
)
from mainspring.capabilities.policy.service.standing import Standing

__all__ = [
    "PERMISSIONS",
    "DataChange",
    "DryRun",
    "DryRunService",
    "Explained",
    "KeptDays",
    "LimitChange",
    "OrganizationPolicies",
    "Policy",
    "PolicyChanges",
    "PolicyRepository",
    "PolicyService",
    "PolicyStore",
    "Proposal",
    "ProposedPolicy",
    "Snapshots",
    "Standing",
    "StandingService",
]
