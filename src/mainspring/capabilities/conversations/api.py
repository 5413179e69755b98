"""The only door to conversations."""

from mainspring.capabilities.conversations.ports import TurnStore
from mainspring.capabilities.conversations.service import ConversationService, OrganizationTurns

__all__ = ["ConversationService", "OrganizationTurns", "TurnStore"]
