"""Objects of the API's part `system`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import field

from mainspring_sdk._models import Model


class BackupView(Model, frozen=True, kw_only=True):
    """A backup that was made by the clock."""

    name: str
    made_at: datetime
    bytes: int


class BackupList(Model, frozen=True, kw_only=True):
    """Backups, newest first."""

    items: list[BackupView]
    next_cursor: str | None
    directory: str | None
    """Where they lie; none where none are made."""
    schedule: str | None
    """When they are made, as cron writes it."""
    problem: str | None
    """Why the directory cannot be read, if it cannot."""


class BreakerView(Model, frozen=True, kw_only=True):
    """How one gateway finds a target: an upstream, and what the model is called there."""

    gateway: str
    """Its name."""
    instance_id: str
    upstream_id: str
    upstream_model: str
    circuit: str
    """`closed`, `open` or `half_open` (one probe decides)."""
    obstacle: str | None
    """Why the target is not asked now: `circuit_open`, `probing`, `cooling_down` (it asked for
    that) or `ejected`; `null`: it is asked.
    """
    retry_at: datetime | None
    """When it is asked again, as far as is known."""
    in_flight: int
    """Calls under way."""
    latency_ms: float | None
    """Time to the first byte, the newest calls counting most."""
    opened: int
    """How often the circuit opened since the gateway began."""
    seen_at: datetime
    """When the gateway last said so."""


class MainspringAppControlDoctorFindingView(Model, frozen=True, kw_only=True):
    """One thing that was looked at."""

    check: str
    verdict: str
    """One of `ok`, `warning`, `problem`, `skipped`."""
    text: str
    hint: str
    """How to mend it; empty where there is nothing to mend."""


class Examination(Model, frozen=True, kw_only=True):
    """What the doctor found on the machine that answers."""

    well: bool
    """Whether there is no problem; warnings prevent nothing."""
    examined_at: datetime
    findings: list[MainspringAppControlDoctorFindingView]


class LogLine(Model, frozen=True, kw_only=True):
    """One line of a log."""

    at: str
    level: str
    source: str
    """The part that said it."""
    logger: str
    message: str
    request_id: str | None
    trace_id: str | None
    exception: str | None
    facts: dict[str, Any]
    """What else the line tells."""


class LogLines(Model, frozen=True, kw_only=True):
    """Lines, newest first."""

    items: list[LogLine]
    next_cursor: str | None
    kept_here: bool
    """Whether the machine that answers keeps logs at all; in a cluster, what gathers the output of
    the pods does.
    """
    looked_until: str | None
    """Where the search ended before the logs did: the time it had got to. Name a later `since`, or
    narrow it.
    """


class OpenEmergency(Model, frozen=True, kw_only=True):
    """That somebody acts at once and alone."""

    id: str
    user_id: str
    role: str
    reason: str
    until: datetime


class SettingView(Model, frozen=True, kw_only=True):
    """One setting as the process that answers has it."""

    name: str
    parts: list[str]
    """Which parts read it."""
    meaning: str
    meaning_zh: str
    value: str | None
    """What holds; of a secret only that it is set, of a URL only where it leads."""
    default: str | None
    source: str
    """One of `environment`, `default`, `unset`."""


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
