"""Federation's only door."""

from mainspring.capabilities.federation.domain import PERMISSIONS, IssuerChanges, TokenIssuer
from mainspring.capabilities.federation.ports import FederationStore, Issuers, KeySource
from mainspring.capabilities.federation.service import FederationService, OrganizationIssuers

__all__ = [
    "PERMISSIONS",
    "FederationService",
    "FederationStore",
    "IssuerChanges",
    "Issuers",
    "KeySource",
    "OrganizationIssuers",
    "TokenIssuer",
]
