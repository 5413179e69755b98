"""Policy's only door."""

from mainspring.capabilities.policy.domain import PERMISSIONS, Explained, Policy, PolicyChanges
from mainspring.capabilities.policy.ports import PolicyRepository, PolicyStore
from mainspring.capabilities.policy.service import OrganizationPolicies, PolicyService

__all__ = [
    "PERMISSIONS",
    "Explained",
    "OrganizationPolicies",
    "Policy",
    "PolicyChanges",
    "PolicyRepository",
    "PolicyService",
    "PolicyStore",
]
