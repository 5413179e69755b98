"""Tenancy's only door."""

from mainspring.capabilities.tenancy.domain import (
    PERMISSIONS,
    Changes,
    Organization,
    Project,
    ProjectChanges,
    Storing,
)
from mainspring.capabilities.tenancy.ports import Dependents, TenancyRepository, TenancyStore
from mainspring.capabilities.tenancy.service import TenancyService

__all__ = [
    "PERMISSIONS",
    "Changes",
    "Dependents",
    "Organization",
    "Project",
    "ProjectChanges",
    "Storing",
    "TenancyRepository",
    "TenancyService",
    "TenancyStore",
]
