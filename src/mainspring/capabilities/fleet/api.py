"""The fleet's only door."""

from mainspring.capabilities.fleet.domain import PERMISSIONS, SYSTEM_READ, Part
from mainspring.capabilities.fleet.ports import FleetRepository, FleetStore
from mainspring.capabilities.fleet.service import FleetService

__all__ = [
    "PERMISSIONS",
    "SYSTEM_READ",
    "FleetRepository",
    "FleetService",
    "FleetStore",
    "Part",
]
