"""The only door of calls."""

from mainspring.capabilities.calls.domain import (
    PERMISSIONS,
    Call,
    CallFilter,
    KeptRequest,
    KeptSpan,
    Score,
)
from mainspring.capabilities.calls.ports import CallStore
from mainspring.capabilities.calls.service import CallService, Retention, ShownCall

__all__ = [
    "PERMISSIONS",
    "Call",
    "CallFilter",
    "CallService",
    "CallStore",
    "KeptRequest",
    "KeptSpan",
    "Retention",
    "Score",
    "ShownCall",
]
