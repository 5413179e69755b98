"""Alerts: looked up, and reported by an Alertmanager."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from mainspring.capabilities.alerts.api import Alert, AlertService, AlertState, Report, Severity
from mainspring.capabilities.alerts.domain import ALERT_READ, ALERT_REPORT
from mainspring.infra.web import CurrentScope, PageParams, View, needs, problems, provided
from mainspring.kernel.errors import (
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(tags=["alerts"], responses=problems(SignInRequiredError, PermissionDeniedError))
Alerts = Annotated[AlertService, Depends(provided(AlertService))]
State = Annotated[AlertState | None, Query(description="Only those in this state.")]
Level = Annotated[Severity | None, Query(description="Only those of this severity.")]

_SOURCE = "alertmanager"
_SEVERITIES = {
    "critical": Severity.CRITICAL,
    "page": Severity.CRITICAL,
    "emergency": Severity.CRITICAL,
    "info": Severity.INFO,
    "none": Severity.INFO,
}
"""What people call severities; anything else is a warning."""
_NEVER_YEAR = 1
"""The year of the moment by which an Alertmanager says "not yet"."""


class _Lenient(BaseModel):
    """A part of what another program sends: what is not known here passes unread."""

    model_config = ConfigDict(extra="ignore")


class AlertmanagerAlert(_Lenient):
    """One alert, as an Alertmanager sends it."""

    status: str = Field(max_length=32, examples=["firing"])
    labels: dict[str, str] = Field(examples=[{"alertname": "MainspringErrorsHigh"}])
    annotations: dict[str, str] = Field(default_factory=dict)
    startsAt: datetime | None = None  # noqa: N815 - its own name
    fingerprint: str = Field(min_length=1, max_length=64, examples=["9d2a1f8e0b6c4f37"])

    def report(self) -> Report:
        """Return what it says, in our words."""
        notes = self.annotations
        begun = self.startsAt if self.startsAt and self.startsAt.year > _NEVER_YEAR else None
        return Report(
            fingerprint=self.fingerprint,
            name=self.labels.get("alertname", ""),
            severity=_SEVERITIES.get(self.labels.get("severity", "").lower(), Severity.WARNING),
            labels=self.labels,
            summary=notes.get("summary") or notes.get("message", ""),
            summary_zh=notes.get("summary_zh", ""),
            description=notes.get("description", ""),
            runbook_url=notes.get("runbook_url", ""),
            runbook_url_zh=notes.get("runbook_url_zh", ""),
            started_at=None if begun is None else _in_utc(begun),
            is_over=self.status == "resolved",
        )


class AlertmanagerMessage(_Lenient):
    """What the `webhook_config` of an Alertmanager sends (version 4)."""

    version: str = Field("4", max_length=8)
    alerts: Annotated[list[AlertmanagerAlert], Field(max_length=1000)]


class Received(View):
    """What became of it."""

    alerts: int = Field(description="How many alerts were known here or are kept now.")


class AlertView(View):
    """Something that is or was wrong."""

    id: str = Field(examples=["alr_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str | None = Field(description="`null`: the platform's own.")
    source: str = Field(description="Who reports it.", examples=["slo", "alertmanager"])
    name: str
    severity: Severity
    state: AlertState
    labels: dict[str, str]
    summary: str
    summary_zh: str
    description: str
    runbook_url: str
    runbook_url_zh: str
    started_at: datetime
    seen_at: datetime = Field(description="When its source last said so.")
    ended_at: datetime | None


class AlertPage(View):
    """Some alerts."""

    items: list[AlertView]
    next_cursor: str | None


@router.get(
    "/alerts", operation_id="list_alerts", openapi_extra=needs(ALERT_READ), response_model=AlertPage
)
async def list_alerts(
    *,
    alerts: Alerts,
    scope: CurrentScope,
    page: PageParams,
    state: State = None,
    severity: Level = None,
) -> Page[Alert]:
    """List the platform's alerts, newest first."""
    return await alerts.list_of(scope, None, page, state=state, severity=severity)


@router.get(
    "/organizations/{org_id}/alerts",
    operation_id="list_organization_alerts",
    openapi_extra=needs(ALERT_READ),
    response_model=AlertPage,
    responses=problems(NotFoundError),
)
async def list_organization_alerts(
    *,
    alerts: Alerts,
    scope: CurrentScope,
    org_id: str,
    page: PageParams,
    state: State = None,
    severity: Level = None,
) -> Page[Alert]:
    """List an organisation's alerts, newest first."""
    return await alerts.list_of(scope, org_id, page, state=state, severity=severity)


@router.get(
    "/alerts/{alert_id}",
    operation_id="get_alert",
    openapi_extra=needs(ALERT_READ),
    response_model=AlertView,
    responses=problems(NotFoundError),
)
async def get_alert(alerts: Alerts, scope: CurrentScope, alert_id: str) -> Alert:
    """Read one alert."""
    return await alerts.get(scope, alert_id)


@router.post(
    "/alerts/alertmanager",
    operation_id="receive_alertmanager",
    openapi_extra=needs(ALERT_REPORT),
    responses=problems(InvalidRequestError),
)
async def receive_alertmanager(
    alerts: Alerts, scope: CurrentScope, body: AlertmanagerMessage
) -> Received:
    """Report alerts of the platform: the webhook of an Alertmanager."""
    return await _receive(alerts, scope, None, body)


@router.post(
    "/organizations/{org_id}/alerts/alertmanager",
    operation_id="receive_organization_alertmanager",
    openapi_extra=needs(ALERT_REPORT),
    responses=problems(InvalidRequestError, NotFoundError),
)
async def receive_organization_alertmanager(
    alerts: Alerts, scope: CurrentScope, org_id: str, body: AlertmanagerMessage
) -> Received:
    """Report alerts of an organisation: the webhook of its Alertmanager."""
    return await _receive(alerts, scope, org_id, body)


async def _receive(
    alerts: AlertService, scope: CurrentScope, org_id: str | None, body: AlertmanagerMessage
) -> Received:
    reports = [each.report() for each in body.alerts]
    return Received(alerts=await alerts.receive(scope, org_id, _SOURCE, reports))


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
