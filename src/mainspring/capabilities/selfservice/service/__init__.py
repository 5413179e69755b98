"""The use cases of self-service."""

from mainspring.capabilities.selfservice.service.expiry import GrantExpiry
from mainspring.capabilities.selfservice.service.grants import GrantService, GrantsOfOthers
from mainspring.capabilities.selfservice.service.requests import RequestService, TakenKey
from mainspring.capabilities.selfservice.service.rules import RuleService

__all__ = [
    "GrantExpiry",
    "GrantService",
    "GrantsOfOthers",
    "RequestService",
    "RuleService",
    "TakenKey",
]
