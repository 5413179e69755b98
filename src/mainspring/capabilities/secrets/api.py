"""The only door into the capability of secrets."""

from mainspring.capabilities.secrets.domain import (
    PERMISSIONS,
    KeyState,
    MasterKey,
    Place,
    Resealed,
)
from mainspring.capabilities.secrets.ports import LivingParts, Trail
from mainspring.capabilities.secrets.service import SecretService

__all__ = [
    "PERMISSIONS",
    "KeyState",
    "LivingParts",
    "MasterKey",
    "Place",
    "Resealed",
    "SecretService",
    "Trail",
]
