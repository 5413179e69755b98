"""OAuth2's only door."""

from mainspring.capabilities.oauth.domain import (
    PERMISSIONS,
    AccountChanges,
    AccountSecret,
    ServiceAccount,
)
from mainspring.capabilities.oauth.ports import Accounts, OAuthStore
from mainspring.capabilities.oauth.service import (
    AccountService,
    CreatedAccount,
    CreatedSecret,
    InvalidClientError,
    InvalidScopeError,
    IssuedToken,
    OrganizationAccounts,
    TokenIssuing,
)

__all__ = [
    "PERMISSIONS",
    "AccountChanges",
    "AccountSecret",
    "AccountService",
    "Accounts",
    "CreatedAccount",
    "CreatedSecret",
    "InvalidClientError",
    "InvalidScopeError",
    "IssuedToken",
    "OAuthStore",
    "OrganizationAccounts",
    "ServiceAccount",
    "TokenIssuing",
]
