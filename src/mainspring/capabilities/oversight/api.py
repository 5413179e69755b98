"""The only door of oversight."""

from mainspring.capabilities.oversight.domain import (
    PERMISSIONS,
    Emergency,
    Held,
    Outcome,
    PendingChange,
)
from mainspring.capabilities.oversight.ports import (
    Alarm,
    Authors,
    Executor,
    NoAlarm,
    OversightStore,
)
from mainspring.capabilities.oversight.service import ChangeService, EmergencyService

__all__ = [
    "PERMISSIONS",
    "Alarm",
    "Authors",
    "ChangeService",
    "Emergency",
    "EmergencyService",
    "Executor",
    "Held",
    "NoAlarm",
    "Outcome",
    "OversightStore",
    "PendingChange",
]
