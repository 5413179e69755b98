"""Objects of the API's part `system`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from mainspring_sdk._models import Model


class SystemInfo(Model, frozen=True, kw_only=True):
    """What this installation is."""

    version: str
    edition: str
    gateway_url: str
    """Where clients send their calls."""
    home: str | None
    """The data directory; for platform administrators only."""
