"""The use cases of identity, a class for each group of them."""

from mainspring.capabilities.identity.service.access import (
    AccessService,
    Considered,
    Explanation,
)
from mainspring.capabilities.identity.service.accounts import AccountService, UserChanges
from mainspring.capabilities.identity.service.directory import (
    CreatedDirectoryToken,
    DirectoryService,
    DirectoryTokenService,
    KnownGroup,
    KnownPerson,
)
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
from mainspring.capabilities.identity.service.provider_trust import ProviderTrust
from mainspring.capabilities.identity.service.providers import ProviderService
from mainspring.capabilities.identity.service.provisioning import Provisioning
from mainspring.capabilities.identity.service.second_step import FactorVault
from mainspring.capabilities.identity.service.setup import SetupService
from mainspring.capabilities.identity.service.sign_in import OpenedSession, SignInService
from mainspring.capabilities.identity.service.sign_in_policy import SignInPolicyService
from mainspring.capabilities.identity.service.sso import Answer, Begun, Finished, SsoService
from mainspring.capabilities.identity.service.tokens import CreatedToken, TokenService

__all__ = [
    "AccessService",
    "AccountService",
    "Answer",
    "Begun",
    "Considered",
    "CreatedDirectoryToken",
    "CreatedInvitation",
    "CreatedKey",
    "CreatedToken",
    "DirectoryService",
    "DirectoryTokenService",
    "Explanation",
    "FactorVault",
    "Finished",
    "GroupChanges",
    "GroupService",
    "InvitationService",
    "KeyService",
    "KnownGroup",
    "KnownPerson",
    "Member",
    "MemberService",
    "OpenedInvitation",
    "OpenedSession",
    "OrganizationKeys",
    "OwnAccountService",
    "ProviderService",
    "ProviderTrust",
    "Provisioning",
    "RoleService",
    "SetupService",
    "SignInPolicyService",
    "SignInService",
    "SsoService",
    "TokenService",
    "UserChanges",
]
