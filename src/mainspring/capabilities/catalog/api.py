"""The catalog's only door."""

from mainspring.capabilities.catalog.domain import (
    MODEL_CALL,
    MODEL_READ,
    PERMISSIONS,
    UPSTREAM_READ,
    UPSTREAM_WRITE,
    Model,
    ModelChanges,
    Task,
    Upstream,
    UpstreamChanges,
)
from mainspring.capabilities.catalog.ports import (
    CatalogRepository,
    CatalogStore,
    CredentialSealer,
    ModelDependents,
)
from mainspring.capabilities.catalog.service import CatalogService, OrganizationModels, put_routes

__all__ = [
    "MODEL_CALL",
    "MODEL_READ",
    "PERMISSIONS",
    "UPSTREAM_READ",
    "UPSTREAM_WRITE",
    "CatalogRepository",
    "CatalogService",
    "CatalogStore",
    "CredentialSealer",
    "Model",
    "ModelChanges",
    "ModelDependents",
    "OrganizationModels",
    "Task",
    "Upstream",
    "UpstreamChanges",
    "put_routes",
]
