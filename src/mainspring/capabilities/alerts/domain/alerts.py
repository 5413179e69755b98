"""Alerts: values, bounds, permissions."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from mainspring.kernel.access import Permission
from mainspring.kernel.errors import InvalidRequestError

ALERT_READ = Permission("alert:read", "See alerts, silences, channels and what was sent.")
ALERT_WRITE = Permission("alert:write", "Manage channels and silences; send test messages.")
ALERT_REPORT = Permission(
    "alert:report", "Report alerts of other systems, as an Alertmanager does."
)

PERMISSIONS = (ALERT_READ, ALERT_WRITE, ALERT_REPORT)
"""Every permission of this capability."""

MAX_FIRING: Final = 1000
"""Alerts of one owner that fire at once; what is beyond is counted and not kept."""
MAX_LABELS: Final = 40
MAX_TEXT: Final = 2000
KEPT_FOR: Final = timedelta(days=30)
"""How long an alert that is over, and a message that was sent, can be looked up."""
SILENT_AFTER: Final = timedelta(hours=24)
"""An Alertmanager repeats what fires; what it has not repeated for so long is over."""

_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,99}")
_URL = re.compile(r"https?://[\x21-\x7e]{1,490}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class Severity(StrEnum):
    """``critical`` is for waking somebody, ``warning`` for today, ``info`` for the week."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Return its place among the others; more is worse."""
        return list(Severity).index(self)


class AlertState(StrEnum):
    """An alert fires until what it tells of is over."""

    FIRING = "firing"
    RESOLVED = "resolved"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says of one alert; ``fingerprint`` is what it is known by there.

    ``summary`` and ``runbook_url`` have a Chinese twin; where that is empty, the English one is
    shown. ``is_over`` tells that it fires no more.
    """

    fingerprint: str
    name: str
    severity: Severity
    labels: Mapping[str, str]
    summary: str = ""
    summary_zh: str = ""
    description: str = ""
    runbook_url: str = ""
    runbook_url_zh: str = ""
    started_at: datetime | None = None
    is_over: bool = False


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is or was wrong, of an organisation or (``org_id`` ``None``) the platform.

    ``seen_at`` is when its ``source`` last said so.
    """

    id: str
    org_id: str | None
    source: str
    fingerprint: str
    name: str
    severity: Severity
    state: AlertState = AlertState.FIRING
    labels: dict[str, str]
    summary: str = ""
    summary_zh: str = ""
    description: str = ""
    runbook_url: str = ""
    runbook_url_zh: str = ""
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None

    @property
    def matchable(self) -> Mapping[str, str]:
        """Return what matchers and groups go by: its labels, its name, severity and source."""
        return {
            **self.labels,
            "alertname": self.name,
            "severity": self.severity.value,
            "source": self.source,
        }


def checked_report(report: Report) -> Report:
    """Return ``report`` with its texts on one line each, cut to what is kept.

    Raises:
        InvalidRequestError: if it has no name, or labels that cannot be some.
    """
    name = plain(report.name, 200)
    if not name or not report.fingerprint:
        raise InvalidRequestError("an alert needs the label alertname", param="labels")
    if len(report.labels) > MAX_LABELS:
        raise InvalidRequestError(f"an alert has up to {MAX_LABELS} labels", param="labels")
    for label in report.labels:
        if not _LABEL.fullmatch(label):
            raise InvalidRequestError(f"{label[:80]!r} is no name of a label", param="labels")
    return msgspec.structs.replace(
        report,
        name=name,
        labels={label: plain(value, 500) for label, value in sorted(report.labels.items())},
        summary=plain(report.summary, MAX_TEXT),
        summary_zh=plain(report.summary_zh, MAX_TEXT),
        description=plain(report.description, MAX_TEXT),
        runbook_url=_link(report.runbook_url),
        runbook_url_zh=_link(report.runbook_url_zh),
    )


def plain(text: str, most: int) -> str:
    """Return ``text`` on one line, without what steers a terminal or turns writing around."""
    return _CONTROL.sub(" ", text).strip()[:most]


def _link(text: str) -> str:
    """Return ``text`` if it is a link that may be shown as one."""
    return text if _URL.fullmatch(text) else ""
