"""What identity protects."""

from mainspring.kernel.access import Permission

USER_WRITE = Permission("user:write", "Create accounts and give them memberships.")
KEY_READ = Permission("key:read", "See API keys (never their secrets).")
KEY_WRITE = Permission("key:write", "Create and revoke API keys.")

PERMISSIONS = (USER_WRITE, KEY_READ, KEY_WRITE)
"""Every permission of this capability."""
