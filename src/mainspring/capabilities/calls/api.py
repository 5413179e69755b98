"""The only door of calls."""

from mainspring.capabilities.calls.domain import (
    CALL_READ,
    PERMISSIONS,
    Asked,
    Call,
    CallFilter,
    Comparison,
    KeptRequest,
    KeptSpan,
    Replay,
    Score,
    Side,
    expectation_of,
    material_of,
)
from mainspring.capabilities.calls.ports import CallStore, MadeCall, ModelCaller
from mainspring.capabilities.calls.service import (
    CallService,
    ReplayService,
    Retention,
    ShownCall,
)

__all__ = [
    "CALL_READ",
    "PERMISSIONS",
    "Asked",
    "Call",
    "CallFilter",
    "CallService",
    "CallStore",
    "Comparison",
    "KeptRequest",
    "KeptSpan",
    "MadeCall",
    "ModelCaller",
    "Replay",
    "ReplayService",
    "Retention",
    "Score",
    "ShownCall",
    "Side",
    "expectation_of",
    "material_of",
]
