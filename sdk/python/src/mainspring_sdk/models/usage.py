"""Objects of the API's part `usage`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime

from mainspring_sdk._models import Model


class CandidateView(Model, frozen=True, kw_only=True):
    """A target that was looked at."""

    upstream_id: str
    upstream: str | None
    """The upstream's name, while it exists."""
    upstream_model: str
    excluded: str | None
    """Why it could not be chosen; `null`: it could have been."""


class AttemptView(Model, frozen=True, kw_only=True):
    """One attempt, or one search that found no target (`chosen` is then `null`)."""

    model: str
    cause: str
    """first, retry, again, hedge or fallback."""
    strategy: str
    track: str
    track_reason: str
    """only, pinned, subject, share or unavailable."""
    draw: float
    """The random number that decided."""
    candidates: list[CandidateView]
    chosen: int | None
    """Position among the candidates."""
    result: str
    at_ms: float
    """Milliseconds after the request arrived."""
    duration_ms: float


class MainspringCapabilitiesMeteringHttpDecisionView(Model, frozen=True, kw_only=True):
    """Why a call went where it went."""

    request_id: str
    at: datetime
    model: str
    """The model that answered."""
    requested_model: str
    outcome: str
    status: int
    degraded: bool
    attempts: list[AttemptView]
