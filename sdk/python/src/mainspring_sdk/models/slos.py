"""Objects of the API's part `slos`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime

from mainspring_sdk._models import Model


class BurningView(Model, frozen=True, kw_only=True):
    """How fast the budget is spent over a pair of windows; 1 spends it exactly."""

    long_s: int
    """The longer window, in seconds."""
    short_s: int
    """The shorter window, in seconds."""
    severity: str
    threshold: float
    """The rate above which it fires."""
    long_rate: float
    short_rate: float
    firing: bool


class SloAlertView(Model, frozen=True, kw_only=True):
    """An objective whose budget is or was spent too fast."""

    id: str
    slo_id: str
    state: str
    severity: str
    rate: float
    """The burn rate over the longer window."""
    long_s: int
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None


class SloStatusView(Model, frozen=True, kw_only=True):
    """How an objective stands."""

    total: int
    """Calls within the objective's window."""
    bad: int
    achieved: float | None
    """The share of good ones; `null` without calls."""
    budget_left: float
    """1: nothing is spent. Below 0: the promise is broken."""
    burning: list[BurningView]
    measured_until: datetime | None
    """Calls that arrived before this were counted; `null`: not yet any."""


class SloView(Model, frozen=True, kw_only=True):
    """An objective."""

    id: str
    name: str
    description: str
    indicator: str
    target: float
    threshold_ms: int | None
    window_days: int
    model: str | None
    operation: str | None
    min_calls: int
    enabled: bool
    created_at: datetime
    updated_at: datetime
    revision: int
