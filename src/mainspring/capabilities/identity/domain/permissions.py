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
    KEY_READ,
    KEY_WRITE,
    KEY_REVOKE,
)
"""Every permission of this capability."""
