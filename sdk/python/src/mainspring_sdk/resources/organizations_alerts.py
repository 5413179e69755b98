"""The namespace ``organizations.alerts``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.alerts import AlertView
from mainspring_sdk.resources.organizations_alerts_alertmanager import (
    AsyncOrganizationsAlertsAlertmanagerResource,
    OrganizationsAlertsAlertmanagerResource,
)


class OrganizationsAlertsResource:
    """What is under ``organizations.alerts``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.alertmanager = OrganizationsAlertsAlertmanagerResource(transport)

    @property
    def with_raw_response(self) -> "OrganizationsAlertsResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsAlertsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        state: Literal["firing", "resolved"] | None = None,
        severity: Literal["info", "warning", "critical"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[AlertView]:
        """List an organisation's alerts, newest first.

        ``GET /api/v1/organizations/{org_id}/alerts``; needs ``alert:read``.

        Args:
            state: Only those in this state.
            severity: Only those of this severity.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/alerts", org_id),
                query={"state": state, "severity": severity, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[AlertView],
        )


class AsyncOrganizationsAlertsResource:
    """What is under ``organizations.alerts``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.alertmanager = AsyncOrganizationsAlertsAlertmanagerResource(transport)

    @property
    def with_raw_response(self) -> "AsyncOrganizationsAlertsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsAlertsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        state: Literal["firing", "resolved"] | None = None,
        severity: Literal["info", "warning", "critical"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[AlertView]:
        """List an organisation's alerts, newest first.

        ``GET /api/v1/organizations/{org_id}/alerts``; needs ``alert:read``.

        Args:
            state: Only those in this state.
            severity: Only those of this severity.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/alerts", org_id),
                query={"state": state, "severity": severity, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[AlertView],
        )


class OrganizationsAlertsResourceRaw:
    """The methods of :class:`OrganizationsAlertsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsAlertsResource(transport)
        self.list = raw(plain.list)


class AsyncOrganizationsAlertsResourceRaw:
    """The methods of :class:`AsyncOrganizationsAlertsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsAlertsResource(transport)
        self.list = async_raw(plain.list)
