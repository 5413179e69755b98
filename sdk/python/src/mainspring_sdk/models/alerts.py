"""Objects of the API's part `alerts`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, UnsetType, field

from mainspring_sdk._models import Model


class AlertView(Model, frozen=True, kw_only=True):
    """Something that is or was wrong."""

    id: str
    org_id: str | None
    """`null`: the platform's own."""
    source: str
    """Who reports it."""
    name: str
    severity: str
    state: str
    labels: dict[str, str]
    summary: str
    summary_zh: str
    description: str
    runbook_url: str
    runbook_url_zh: str
    started_at: datetime
    seen_at: datetime
    """When its source last said so."""
    ended_at: datetime | None


class AlertmanagerAlert(Model, frozen=True, kw_only=True):
    """One alert, as an Alertmanager sends it."""

    status: str
    labels: dict[str, str]
    annotations: dict[str, str] | UnsetType = UNSET
    starts_at: datetime | UnsetType | None = field(name="startsAt", default=UNSET)
    fingerprint: str


class MailRouteBody(Model, frozen=True, kw_only=True):
    """The mail server, and from whom to whom."""

    host: str
    port: int = 587
    security: str = "starttls"
    """`tls` is TLS from the first byte (port 465). `none` is for a relay within one's own network,
    and takes no password. One of `starttls`, `tls`, `none`.
    """
    username: str | None = None
    sender: str
    recipients: list[str]


class MatcherBody(Model, frozen=True, kw_only=True):
    """A label and what it must be; a label that an alert does not have is an empty text."""

    label: str
    value: str
    """`*` in it stands for any text."""
    negated: bool = False
    """It must not be that."""


class ChannelView(Model, frozen=True, kw_only=True):
    """A channel, without what is sealed."""

    id: str
    org_id: str | None
    """`null`: the platform's own."""
    name: str
    kind: str
    host: str
    """Where it leads."""
    is_signed: bool
    email: MailRouteBody | None
    language: str
    """One of `en`, `zh`, `both`."""
    min_severity: str
    matchers: list[MatcherBody]
    group_by: list[str]
    group_wait_s: int
    group_interval_s: int
    repeat_interval_s: int
    send_resolved: bool
    enabled: bool
    created_at: datetime
    updated_at: datetime
    revision: int


class DeliveryView(Model, frozen=True, kw_only=True):
    """A message, and what came of it."""

    id: str
    state: str
    labels: dict[str, str]
    """What its alerts have in common."""
    alerts: list[AlertView]
    """As they were when it was decided."""
    left_out: int
    """Further ones of a very large group."""
    attempts: int
    problem: str | None
    """What went wrong last."""
    created_at: datetime
    next_at: datetime
    """When it may be tried (again), while it waits."""
    finished_at: datetime | None


class Received(Model, frozen=True, kw_only=True):
    """What became of it."""

    alerts: int
    """How many alerts were known here or are kept now."""


class SilenceView(Model, frozen=True, kw_only=True):
    """A silence."""

    id: str
    org_id: str | None
    """`null`: the platform's own."""
    matchers: list[MatcherBody]
    starts_at: datetime
    until: datetime
    reason: str
    created_by: str
    """Who asked for it."""
    created_at: datetime


class TestResult(Model, frozen=True, kw_only=True):
    """What came of a test."""

    problem: str | None
    """Why the message was not taken; `null`: it was."""
