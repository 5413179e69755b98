"""Who reports alerts, and the ways out by which channels are reached."""

import logging
from collections.abc import Sequence
from typing import Protocol

from mainspring.capabilities.alerts.api import AlertService, Courier, Report, Severity, Ways
from mainspring.capabilities.metering.api import Reconciliation
from mainspring.capabilities.oversight.api import Emergency
from mainspring.capabilities.slo.api import Alert, Slo
from mainspring.infra.mail import Mailer
from mainspring.infra.networks import Network
from mainspring.infra.outbound import Outbound
from mainspring.infra.secrets import Sealer
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import DatabaseUnavailableError

_log = logging.getLogger(__name__)

_DOCS = "https://mainspring.example/docs/{language}/guides/{page}"
_CONNECTIONS = 32
_MAX_ANSWER_BYTES = 64 * 1024


class NotificationSettings(Protocol):
    """Where channels may be: those of organisations, and the platform's own."""

    @property
    def notification_network(self) -> Network:
        """How far organisations' channels may go."""
        ...

    @property
    def platform_notification_network(self) -> Network:
        """How far the platform's own may go."""
        ...


class WaysOut:
    """The connections by which channels are reached."""

    def __init__(self, settings: NotificationSettings) -> None:
        wide = settings.platform_notification_network
        narrow = settings.notification_network
        # What the platform's own administrators name may be a plain server in their network.
        self._platform = Outbound(
            wide,
            max_bytes=_MAX_ANSWER_BYTES,
            connections=_CONNECTIONS,
            plain_http=wide != "public",
        )
        self._organizations = Outbound(
            narrow, max_bytes=_MAX_ANSWER_BYTES, connections=_CONNECTIONS
        )
        self._mails = Mailer(wide), Mailer(narrow)

    def courier(self, sealer: Sealer, clock: Clock) -> Courier:
        """Return who sends by them."""
        return Courier(
            sealer,
            clock,
            platform=Ways(self._platform, self._mails[0]),
            organizations=Ways(self._organizations, self._mails[1]),
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._platform.close()
        await self._organizations.close()


class SloAlerts:
    """Reports objectives whose budget goes too fast."""

    def __init__(self, alerts: AlertService) -> None:
        self._alerts = alerts

    async def tell(self, burning: Sequence[tuple[Slo, Alert]]) -> None:
        """Report every alert that is open now; what was reported before and is not here is over."""
        await self._alerts.report_all("slo", [_burning(slo, alert) for slo, alert in burning])


class DriftAlerts:
    """Reports gateways whose own counts the ledger does not agree with."""

    def __init__(self, alerts: AlertService) -> None:
        self._alerts = alerts

    async def tell(self, drifted: Sequence[Reconciliation]) -> None:
        """Report every gateway with such hours now; what was told and is not here is over."""
        hours: dict[str, list[Reconciliation]] = {}
        for each in drifted:
            hours.setdefault(each.gateway_id, []).append(each)
        reports = [_drifting(gateway_id, some) for gateway_id, some in sorted(hours.items())]
        await self._alerts.report_all("reconciliation", reports)


class EmergencyAlarm:
    """Reports that somebody broke the glass.

    Fails open: the trail has it anyway, and whoever acts in an emergency is not held up.
    """

    def __init__(self, alerts: AlertService) -> None:
        self._alerts = alerts

    async def opened(self, emergency: Emergency) -> None:
        """Tell of an emergency that begins."""
        await self._tell(emergency, is_over=False)

    async def ended(self, emergency: Emergency) -> None:
        """Tell of one that is over."""
        await self._tell(emergency, is_over=True)

    async def _tell(self, emergency: Emergency, *, is_over: bool) -> None:
        until = emergency.until.isoformat(timespec="seconds")
        links = [_DOCS.format(language=each, page="oversight/") for each in ("en", "zh")]
        report = Report(
            fingerprint=emergency.id,
            name="MainspringBreakGlass",
            severity=Severity.CRITICAL,
            labels={"user": emergency.user_id, "role": emergency.role},
            summary=f"{emergency.user_id} acts alone as {emergency.role} until {until}",
            summary_zh=f"{emergency.user_id} 以 {emergency.role} 身份单独操作，直至 {until}",
            description=emergency.reason,
            runbook_url=links[0],
            runbook_url_zh=links[1],
            started_at=emergency.opened_at,
            is_over=is_over,
        )
        try:
            await self._alerts.report("oversight", [report])
        except DatabaseUnavailableError as error:
            _log.warning("an emergency could not be reported: %s", error)


def _burning(slo: Slo, alert: Alert) -> Report:
    window = _span(alert.long_s)
    links = [_DOCS.format(language=each, page="slos/#when-an-alert-fires") for each in ("en", "zh")]
    labels = {"slo": slo.name, "indicator": slo.indicator.value, "window": window}
    named = {"model": slo.model, "operation": slo.operation}
    labels |= {name: value for name, value in named.items() if value is not None}
    return Report(
        fingerprint=slo.id,
        name="MainspringSloBurning",
        severity=Severity(alert.severity.value),
        labels=labels,
        summary=f"{slo.name}: the error budget goes {alert.rate:.1f} times faster than affordable"
        f" over the last {window}",
        summary_zh=f"{slo.name}：最近 {window} 错误预算消耗为可承受速度的 {alert.rate:.1f} 倍",
        description=slo.description,
        runbook_url=links[0],
        runbook_url_zh=links[1],
        started_at=alert.opened_at,
    )


def _drifting(gateway_id: str, hours: Sequence[Reconciliation]) -> Report:
    """Return the report of a gateway; ``hours`` are its own, newest first."""
    links = [_DOCS.format(language=each, page="costs/#reconciliation") for each in ("en", "zh")]
    counted = sum(each.total_counted.calls for each in hours)
    booked = sum(0 if each.total_booked is None else each.total_booked.calls for each in hours)
    first = hours[-1].since.isoformat(timespec="minutes")
    return Report(
        fingerprint=gateway_id,
        name="MainspringLedgerDrift",
        severity=Severity.CRITICAL,
        labels={"gateway": gateway_id},
        summary=f"{gateway_id} counted {counted} calls in {len(hours)} hours since {first}, the"
        f" ledger has {booked}",
        summary_zh=f"{gateway_id} 自 {first} 起 {len(hours)} 个小时内计数 {counted} 次调用，"
        f"账本中有 {booked} 次",
        description="",
        runbook_url=links[0],
        runbook_url_zh=links[1],
        started_at=hours[-1].until,
    )


def _span(seconds: int) -> str:
    hours = seconds // 3600
    return f"{hours // 24}d" if hours % 24 == 0 and hours else f"{hours}h"
