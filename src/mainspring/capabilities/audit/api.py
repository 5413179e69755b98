"""Audit's only door."""

from mainspring.capabilities.audit.domain import (
    PERMISSIONS,
    Anchor,
    ChainCheck,
    Event,
    Fault,
    Link,
    Verification,
)
from mainspring.capabilities.audit.ports import AnchorFile, Trail, TrailStore
from mainspring.capabilities.audit.service import AuditService

__all__ = [
    "PERMISSIONS",
    "Anchor",
    "AnchorFile",
    "AuditService",
    "ChainCheck",
    "Event",
    "Fault",
    "Link",
    "Trail",
    "TrailStore",
    "Verification",
]
