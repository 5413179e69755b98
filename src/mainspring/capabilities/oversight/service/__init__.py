"""The use cases of oversight."""

from mainspring.capabilities.oversight.service.changes import ChangeService
from mainspring.capabilities.oversight.service.emergencies import EmergencyService

__all__ = ["ChangeService", "EmergencyService"]
