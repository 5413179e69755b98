"""The use cases of OAuth2."""

from mainspring.capabilities.oauth.service.accounts import (
    AccountService,
    CreatedAccount,
    CreatedSecret,
    OrganizationAccounts,
)
from mainspring.capabilities.oauth.service.issuing import (
    InvalidClientError,
    InvalidScopeError,
    IssuedToken,
    TokenIssuing,
)

__all__ = [
    "AccountService",
    "CreatedAccount",
    "CreatedSecret",
    "InvalidClientError",
    "InvalidScopeError",
    "IssuedToken",
    "OrganizationAccounts",
    "TokenIssuing",
]
