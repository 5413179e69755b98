"""Identity's only door."""

from mainspring.capabilities.identity.domain import (
    PERMISSIONS,
    ApiKey,
    Membership,
    Role,
    Session,
    Token,
    User,
)
from mainspring.capabilities.identity.ports import IdentityStore, PasswordHasher, SetupLink
from mainspring.capabilities.identity.service import (
    AccountService,
    CreatedKey,
    CreatedToken,
    KeyService,
    OpenedSession,
    OrganizationKeys,
    SetupService,
    SignInService,
    TokenService,
)

__all__ = [
    "PERMISSIONS",
    "AccountService",
    "ApiKey",
    "CreatedKey",
    "CreatedToken",
    "IdentityStore",
    "KeyService",
    "Membership",
    "OpenedSession",
    "OrganizationKeys",
    "PasswordHasher",
    "Role",
    "Session",
    "SetupLink",
    "SetupService",
    "SignInService",
    "Token",
    "TokenService",
    "User",
]
