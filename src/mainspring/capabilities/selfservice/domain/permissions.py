"""The permissions of self-service. Who may approve is not among them: rules name approvers."""

from mainspring.kernel.access import Permission

ACCESS_REQUEST = Permission("access:request", "Ask for access to models.")
ACCESS_READ = Permission("access:read", "See everybody's requests for access, and the rules.")
ACCESS_RULE = Permission("access:rule", "Write the rules that say who has to agree.")
ACCESS_REVOKE = Permission("access:revoke", "End access that was granted.")
ACCESS_GRANT = Permission(
    "access:grant",
    "Open restricted models to projects and organisations, and close them again.",
    of_platform=True,
)

PERMISSIONS = (ACCESS_REQUEST, ACCESS_READ, ACCESS_RULE, ACCESS_REVOKE, ACCESS_GRANT)
"""Every permission of this capability."""
