"""The namespace ``organizations.alerts.alertmanager``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.alerts import AlertmanagerAlert, Received


class OrganizationsAlertsAlertmanagerResource:
    """What is under ``organizations.alerts.alertmanager``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsAlertsAlertmanagerResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsAlertsAlertmanagerResourceRaw(self._transport.raw())

    def receive(
        self,
        org_id: str,
        *,
        alerts: Sequence[AlertmanagerAlert],
        version: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> Received:
        """Report alerts of an organisation: the webhook of its Alertmanager.

        ``POST /api/v1/organizations/{org_id}/alerts/alertmanager``; needs ``alert:report``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/alerts/alertmanager", org_id),
                body=sent({"version": version, "alerts": alerts}),
                timeout=timeout,
            ),
            Received,
        )


class AsyncOrganizationsAlertsAlertmanagerResource:
    """What is under ``organizations.alerts.alertmanager``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsAlertsAlertmanagerResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsAlertsAlertmanagerResourceRaw(self._transport.raw())

    async def receive(
        self,
        org_id: str,
        *,
        alerts: Sequence[AlertmanagerAlert],
        version: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> Received:
        """Report alerts of an organisation: the webhook of its Alertmanager.

        ``POST /api/v1/organizations/{org_id}/alerts/alertmanager``; needs ``alert:report``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/alerts/alertmanager", org_id),
                body=sent({"version": version, "alerts": alerts}),
                timeout=timeout,
            ),
            Received,
        )


class OrganizationsAlertsAlertmanagerResourceRaw:
    """The methods of :class:`OrganizationsAlertsAlertmanagerResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsAlertsAlertmanagerResource(transport)
        self.receive = raw(plain.receive)


class AsyncOrganizationsAlertsAlertmanagerResourceRaw:
    """The methods of :class:`AsyncOrganizationsAlertsAlertmanagerResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsAlertsAlertmanagerResource(transport)
        self.receive = async_raw(plain.receive)
