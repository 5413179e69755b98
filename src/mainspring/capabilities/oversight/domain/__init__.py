"""Changes that wait for a second person, and emergencies: values and rules."""

from mainspring.capabilities.oversight.domain.changes import (
    DEFAULT_ACTIONS,
    FourEyes,
    Held,
    Outcome,
    PendingChange,
    State,
)
from mainspring.capabilities.oversight.domain.emergencies import Emergency
from mainspring.capabilities.oversight.domain.permissions import (
    BREAK_GLASS_OPEN,
    BREAK_GLASS_READ,
    BREAK_GLASS_REVIEW,
    CHANGE_DECIDE,
    CHANGE_READ,
    FOUR_EYES_WRITE,
    PERMISSIONS,
)

__all__ = [
    "BREAK_GLASS_OPEN",
    "BREAK_GLASS_READ",
    "BREAK_GLASS_REVIEW",
    "CHANGE_DECIDE",
    "CHANGE_READ",
    "DEFAULT_ACTIONS",
    "FOUR_EYES_WRITE",
    "PERMISSIONS",
    "Emergency",
    "FourEyes",
    "Held",
    "Outcome",
    "PendingChange",
    "State",
]
