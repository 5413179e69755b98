"""The catalog's only door."""

from mainspring.capabilities.catalog.domain import (
    MODEL_CALL,
    PERMISSIONS,
    Model,
    ModelChanges,
    Upstream,
    UpstreamChanges,
)
from mainspring.capabilities.catalog.ports import (
    CatalogRepository,
    CatalogStore,
    CredentialSealer,
)
from mainspring.capabilities.catalog.service import CatalogService, OrganizationModels

__all__ = [
    "MODEL_CALL",
    "PERMISSIONS",
    "CatalogRepository",
    "CatalogService",
    "CatalogStore",
    "CredentialSealer",
    "Model",
    "ModelChanges",
    "OrganizationModels",
    "Upstream",
    "UpstreamChanges",
]
