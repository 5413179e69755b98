"""The permissions of oversight. All of them are the platform's: nobody oversees themselves."""

from mainspring.kernel.access import Permission

CHANGE_READ = Permission(
    "change:read", "See changes that wait for a second person.", of_platform=True
)
CHANGE_DECIDE = Permission(
    "change:decide", "Approve or reject changes that others asked for.", of_platform=True
)
FOUR_EYES_WRITE = Permission(
    "four_eyes:write", "Set which changes need a second person.", of_platform=True
)
BREAK_GLASS_OPEN = Permission(
    "break_glass:open",
    "Act in an emergency at once, with a role for a time, without a second person.",
    of_platform=True,
)
BREAK_GLASS_READ = Permission(
    "break_glass:read", "See who acts in an emergency, and who did.", of_platform=True
)
BREAK_GLASS_REVIEW = Permission(
    "break_glass:review", "End the emergencies of others, and review them.", of_platform=True
)

PERMISSIONS = (
    CHANGE_READ,
    CHANGE_DECIDE,
    FOUR_EYES_WRITE,
    BREAK_GLASS_OPEN,
    BREAK_GLASS_READ,
    BREAK_GLASS_REVIEW,
)
"""Every permission of this capability."""
