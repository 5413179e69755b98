"""Objects of the API's part `system`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import field

from mainspring_sdk._models import Model


class OpenEmergency(Model, frozen=True, kw_only=True):
    """That somebody acts at once and alone."""

    id: str
    user_id: str
    role: str
    reason: str
    until: datetime


class SystemInfo(Model, frozen=True, kw_only=True):
    """What this installation is."""

    version: str
    edition: str
    gateway_url: str
    """Where clients send their calls."""
    home: str | None
    """The data directory; for platform administrators only."""
    break_glass: list[OpenEmergency] = field(default_factory=list[OpenEmergency])
    """Who acts alone in an emergency now; for platform administrators only."""
