"""The namespace ``organizations.notification_channels``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.alerts import ChannelView, MailRouteBody, MatcherBody


class OrganizationsNotificationChannelsResource:
    """What is under ``organizations.notification_channels``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsNotificationChannelsResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsNotificationChannelsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ChannelView]:
        """List an organisation's channels, oldest first.

        ``GET /api/v1/organizations/{org_id}/notification-channels``; needs ``alert:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/notification-channels", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ChannelView],
        )

    def create(
        self,
        org_id: str,
        *,
        name: str,
        kind: Literal["webhook", "slack", "wecom", "dingtalk", "feishu", "email"],
        email: MailRouteBody | UnsetType | None = UNSET,
        language: Literal["en", "zh", "both"] | UnsetType = UNSET,
        min_severity: Literal["info", "warning", "critical"] | UnsetType = UNSET,
        matchers: Sequence[MatcherBody] | UnsetType = UNSET,
        group_by: Sequence[str] | UnsetType = UNSET,
        group_wait_s: int | UnsetType = UNSET,
        group_interval_s: int | UnsetType = UNSET,
        repeat_interval_s: int | UnsetType = UNSET,
        send_resolved: bool | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        url: str | UnsetType | None = UNSET,
        secret: str | UnsetType | None = UNSET,
        password: str | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ChannelView:
        """Have somebody told of an organisation's alerts.

        ``POST /api/v1/organizations/{org_id}/notification-channels``; needs ``alert:write``.

        Args:
            email: For `email`, and only there.
            language: `both`: English, then Chinese.
            min_severity: This and what is worse.
            matchers: All of them must hold; none: every alert.
            group_by: Alerts with the same values of these labels share a message. Beside
                labels there are `alertname`, `severity` and `source`.
            group_wait_s: How long the first message of a group waits for others.
            group_interval_s: What lies between two messages of a group at least.
            repeat_interval_s: After so long what still fires is told again.
            send_resolved: Tell as well when something is over.
            kind: It cannot be changed.
            url: For all but `email`. Sealed at once; only its host is shown again.
            secret: What signs messages: needed by `webhook` (Standard Webhooks), optional
                for `dingtalk` and `feishu`. Sealed at once and never shown again.
            password: For `email` with a user name. Sealed.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/notification-channels", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "email": email,
                        "language": language,
                        "min_severity": min_severity,
                        "matchers": matchers,
                        "group_by": group_by,
                        "group_wait_s": group_wait_s,
                        "group_interval_s": group_interval_s,
                        "repeat_interval_s": repeat_interval_s,
                        "send_resolved": send_resolved,
                        "enabled": enabled,
                        "name": name,
                        "kind": kind,
                        "url": url,
                        "secret": secret,
                        "password": password,
                    }
                ),
                timeout=timeout,
            ),
            ChannelView,
        )


class AsyncOrganizationsNotificationChannelsResource:
    """What is under ``organizations.notification_channels``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsNotificationChannelsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsNotificationChannelsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ChannelView]:
        """List an organisation's channels, oldest first.

        ``GET /api/v1/organizations/{org_id}/notification-channels``; needs ``alert:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/notification-channels", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ChannelView],
        )

    async def create(
        self,
        org_id: str,
        *,
        name: str,
        kind: Literal["webhook", "slack", "wecom", "dingtalk", "feishu", "email"],
        email: MailRouteBody | UnsetType | None = UNSET,
        language: Literal["en", "zh", "both"] | UnsetType = UNSET,
        min_severity: Literal["info", "warning", "critical"] | UnsetType = UNSET,
        matchers: Sequence[MatcherBody] | UnsetType = UNSET,
        group_by: Sequence[str] | UnsetType = UNSET,
        group_wait_s: int | UnsetType = UNSET,
        group_interval_s: int | UnsetType = UNSET,
        repeat_interval_s: int | UnsetType = UNSET,
        send_resolved: bool | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        url: str | UnsetType | None = UNSET,
        secret: str | UnsetType | None = UNSET,
        password: str | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ChannelView:
        """Have somebody told of an organisation's alerts.

        ``POST /api/v1/organizations/{org_id}/notification-channels``; needs ``alert:write``.

        Args:
            email: For `email`, and only there.
            language: `both`: English, then Chinese.
            min_severity: This and what is worse.
            matchers: All of them must hold; none: every alert.
            group_by: Alerts with the same values of these labels share a message. Beside
                labels there are `alertname`, `severity` and `source`.
            group_wait_s: How long the first message of a group waits for others.
            group_interval_s: What lies between two messages of a group at least.
            repeat_interval_s: After so long what still fires is told again.
            send_resolved: Tell as well when something is over.
            kind: It cannot be changed.
            url: For all but `email`. Sealed at once; only its host is shown again.
            secret: What signs messages: needed by `webhook` (Standard Webhooks), optional
                for `dingtalk` and `feishu`. Sealed at once and never shown again.
            password: For `email` with a user name. Sealed.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/notification-channels", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "email": email,
                        "language": language,
                        "min_severity": min_severity,
                        "matchers": matchers,
                        "group_by": group_by,
                        "group_wait_s": group_wait_s,
                        "group_interval_s": group_interval_s,
                        "repeat_interval_s": repeat_interval_s,
                        "send_resolved": send_resolved,
                        "enabled": enabled,
                        "name": name,
                        "kind": kind,
                        "url": url,
                        "secret": secret,
                        "password": password,
                    }
                ),
                timeout=timeout,
            ),
            ChannelView,
        )


class OrganizationsNotificationChannelsResourceRaw:
    """The methods of :class:`OrganizationsNotificationChannelsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsNotificationChannelsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)


class AsyncOrganizationsNotificationChannelsResourceRaw:
    """The methods of :class:`AsyncOrganizationsNotificationChannelsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsNotificationChannelsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
