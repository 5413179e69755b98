"""The use cases of identity, a class for each group of them."""

from mainspring.capabilities.identity.service.access import (
    AccessService,
    Considered,
    Explanation,
)
from mainspring.capabilities.identity.service.accounts import AccountService, UserChanges
from mainspring.capabilities.identity.service.groups import (
    GroupChanges,
    GroupService,
    RoleService,
)
from mainspring.capabilities.identity.service.invitations import (
    CreatedInvitation,
    InvitationService,
    OpenedInvitation,
)
from mainspring.capabilities.identity.service.keys import CreatedKey, KeyService, OrganizationKeys
from mainspring.capabilities.identity.service.members import Member, MemberService
from mainspring.capabilities.identity.service.own_account import OwnAccountService
from mainspring.capabilities.identity.service.second_step import FactorVault
from mainspring.capabilities.identity.service.setup import SetupService
from mainspring.capabilities.identity.service.sign_in import OpenedSession, SignInService
from mainspring.capabilities.identity.service.tokens import CreatedToken, TokenService

__all__ = [
    "AccessService",
    "AccountService",
    "Considered",
    "CreatedInvitation",
    "CreatedKey",
    "CreatedToken",
    "Explanation",
    "FactorVault",
    "GroupChanges",
    "GroupService",
    "InvitationService",
    "KeyService",
    "Member",
    "MemberService",
    "OpenedInvitation",
    "OpenedSession",
    "OrganizationKeys",
    "OwnAccountService",
    "RoleService",
    "SetupService",
    "SignInService",
    "TokenService",
    "UserChanges",
]
