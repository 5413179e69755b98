"""Tenancy's only door."""

from mainspring.capabilities.tenancy.domain import (
    PERMISSIONS,
    Changes,
    Organization,
    Project,
)
from mainspring.capabilities.tenancy.ports import Dependents, TenancyRepository, TenancyStore
from mainspring.capabilities.tenancy.service import TenancyService

__all__ = [
    "PERMISSIONS",
    "Changes",
    "Dependents",
    "Organization",
    "Project",
    "TenancyRepository",
    "TenancyService",
    "TenancyStore",
]
