"""The namespace ``alerts.alertmanager``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.alerts import AlertmanagerAlert, Received


class AlertsAlertmanagerResource:
    """What is under ``alerts.alertmanager``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AlertsAlertmanagerResourceRaw":
        """Return the same methods, with the whole answer."""
        return AlertsAlertmanagerResourceRaw(self._transport.raw())

    def receive(
        self,
        *,
        alerts: Sequence[AlertmanagerAlert],
        version: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> Received:
        """Report alerts of the platform: the webhook of an Alertmanager.

        ``POST /api/v1/alerts/alertmanager``; needs ``alert:report``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/alerts/alertmanager",
                body=sent({"version": version, "alerts": alerts}),
                timeout=timeout,
            ),
            Received,
        )


class AsyncAlertsAlertmanagerResource:
    """What is under ``alerts.alertmanager``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAlertsAlertmanagerResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAlertsAlertmanagerResourceRaw(self._transport.raw())

    async def receive(
        self,
        *,
        alerts: Sequence[AlertmanagerAlert],
        version: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> Received:
        """Report alerts of the platform: the webhook of an Alertmanager.

        ``POST /api/v1/alerts/alertmanager``; needs ``alert:report``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/alerts/alertmanager",
                body=sent({"version": version, "alerts": alerts}),
                timeout=timeout,
            ),
            Received,
        )


class AlertsAlertmanagerResourceRaw:
    """The methods of :class:`AlertsAlertmanagerResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AlertsAlertmanagerResource(transport)
        self.receive = raw(plain.receive)


class AsyncAlertsAlertmanagerResourceRaw:
    """The methods of :class:`AsyncAlertsAlertmanagerResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAlertsAlertmanagerResource(transport)
        self.receive = async_raw(plain.receive)
