"""Objects of the API's part `audit`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mainspring_sdk._models import Model


class AnchorView(Model, frozen=True, kw_only=True):
    """The end of a chain: note it elsewhere, and a cut end will be found."""

    org_id: str
    seq: int
    hash: str


class EventView(Model, frozen=True, kw_only=True):
    """Something that was done; secrets are left out of `before` and `after`."""

    org_id: str
    seq: int
    """Its number in the organisation's chain."""
    at: datetime
    actor_kind: str
    actor_id: str
    on_behalf_of: str | None
    action: str
    object_kind: str
    object_id: str | None
    project_id: str | None
    request_id: str | None
    policy_version: int | None
    """The version of the configuration that held then, as calls name it."""
    before: Any
    """What changed, as it was."""
    after: Any
    """What changed, as it is."""
    hash: str
    """Over this event and the hash of the one before; hexadecimal."""


class FaultView(Model, frozen=True, kw_only=True):
    """What is wrong with a chain, and at which event."""

    org_id: str
    seq: int
    kind: str
    """One of `altered`, `missing`, `truncated`, `replaced`."""
    detail: str


class MainspringCapabilitiesAuditHttpVerificationView(Model, frozen=True, kw_only=True):
    """What the check found; `intact` says that nothing is wrong."""

    intact: bool
    events: int
    chains: int
    faults: list[FaultView]
    """The first hundred."""
    anchors: list[AnchorView]
    cuts: list[AnchorView]
    """The last event of each chain that retention dropped: it begins behind that."""
