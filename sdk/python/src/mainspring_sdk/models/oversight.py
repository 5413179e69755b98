"""Objects of the API's part `oversight`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mainspring_sdk._models import Model


class ApprovalView(Model, frozen=True, kw_only=True):
    """Who agreed."""

    user_id: str
    comment: str
    at: datetime


class ChangeView(Model, frozen=True, kw_only=True):
    """A change that somebody asked for, and what became of it."""

    id: str
    operation: str
    method: str
    path: str
    shown: Any
    """The request's body without secrets."""
    reason: str
    author_kind: str
    author_id: str
    needs: int
    """Persons who have to agree beside the author."""
    approvals: list[ApprovalView]
    state: str
    """One of `pending`, `approved`, `executed`, `failed`, `rejected`, `withdrawn`, `expired`."""
    decided_by: str | None
    comment: str
    status: int | None
    """What it was answered with when it was sent."""
    code: str
    detail: str
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None


class EmergencyView(Model, frozen=True, kw_only=True):
    """That a person acted at once and alone."""

    id: str
    user_id: str
    reason: str
    role: str
    opened_at: datetime
    until: datetime
    ended_at: datetime | None
    """`null` until its end was noted."""
    ended_by: str | None
    """`null`: its time ran out."""
    uses: int
    """Requests that changed something meanwhile."""
    reviewed_at: datetime | None
    reviewed_by: str | None
    verdict: str | None
    """One of `justified`, `unjustified`."""
    review: str


class FourEyesView(Model, frozen=True, kw_only=True):
    """Which changes need a second person."""

    enabled: bool
    actions: list[str]
    hours: int
    updated_at: datetime
