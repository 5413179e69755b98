"""The use cases of identity, a class for each group of them."""

from mainspring.capabilities.identity.service.accounts import AccountService
from mainspring.capabilities.identity.service.keys import CreatedKey, KeyService, OrganizationKeys
from mainspring.capabilities.identity.service.setup import SetupService
from mainspring.capabilities.identity.service.sign_in import OpenedSession, SignInService
from mainspring.capabilities.identity.service.tokens import CreatedToken, TokenService

__all__ = [
    "AccountService",
    "CreatedKey",
    "CreatedToken",
    "KeyService",
    "OpenedSession",
    "OrganizationKeys",
    "SetupService",
    "SignInService",
    "TokenService",
]
