"""What identity protects."""

from mainspring.kernel.access import Permission

USER_READ = Permission("user:read", "See every account of the platform.", of_platform=True)
USER_WRITE = Permission(
    "user:write", "Create and change accounts; give roles in the platform.", of_platform=True
)
USER_DISABLE = Permission(
    "user:disable", "Disable accounts; end everything that a person holds.", of_platform=True
)
MEMBER_READ = Permission("member:read", "See members, groups and invitations, and explain access.")
MEMBER_WRITE = Permission(
    "member:write", "Invite and remove members, change their roles, and manage groups."
)
ROLE_READ = Permission("role:read", "See the roles of an organisation.")
ROLE_WRITE = Permission("role:write", "Create, change and remove an organisation's own roles.")
PROVIDER_READ = Permission(
    "identity_provider:read", "See identity providers and directories (never their secrets)."
)
PROVIDER_WRITE = Permission(
    "identity_provider:write",
    "Decide which identity providers and directories vouch for people, and with which roles.",
)
SIGN_IN_WRITE = Permission(
    "sign_in:write", "Switch signing in by password off and on.", of_platform=True
)
KEY_READ = Permission("key:read", "See API keys (never their secrets).")
KEY_WRITE = Permission("key:write", "Create API keys.")
KEY_REVOKE = Permission("key:revoke", "Revoke API keys.")

PERMISSIONS = (
    USER_READ,
    USER_WRITE,
    USER_DISABLE,
    MEMBER_READ,
    MEMBER_WRITE,
    ROLE_READ,
    ROLE_WRITE,
    PROVIDER_READ,
    PROVIDER_WRITE,
    SIGN_IN_WRITE,
    KEY_READ,
    KEY_WRITE,
    KEY_REVOKE,
)
"""Every permission of this capability."""
