"""The namespace ``notification_channels``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.alerts import ChannelView, MailRouteBody, MatcherBody, TestResult
from mainspring_sdk.resources.notification_channels_deliveries import (
    AsyncNotificationChannelsDeliveriesResource,
    NotificationChannelsDeliveriesResource,
)


class NotificationChannelsResource:
    """What is under ``notification_channels``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.deliveries = NotificationChannelsDeliveriesResource(transport)

    @property
    def with_raw_response(self) -> "NotificationChannelsResourceRaw":
        """Return the same methods, with the whole answer."""
        return NotificationChannelsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ChannelView]:
        """List the platform's channels, oldest first.

        ``GET /api/v1/notification-channels``; needs ``alert:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/notification-channels",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ChannelView],
        )

    def create(
        self,
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
        """Have somebody told of the platform's alerts.

        ``POST /api/v1/notification-channels``; needs ``alert:write``.

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
                path="/api/v1/notification-channels",
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

    def get(
        self,
        channel_id: str,
        *,
        timeout: float | None = None,
    ) -> ChannelView:
        """Read one channel.

        ``GET /api/v1/notification-channels/{channel_id}``; needs ``alert:read``.
        """
        return self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/notification-channels/{}", channel_id),
                timeout=timeout,
            ),
            ChannelView,
        )

    def delete(
        self,
        channel_id: str,
        *,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> None:
        """Remove a channel with everything that waits there.

        ``DELETE /api/v1/notification-channels/{channel_id}``; needs ``alert:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/notification-channels/{}", channel_id),
                headers=headers_of(if_match=if_match),
                timeout=timeout,
            )
        )

    def update(
        self,
        channel_id: str,
        *,
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
        name: str | UnsetType = UNSET,
        url: str | UnsetType = UNSET,
        secret: str | UnsetType | None = UNSET,
        password: str | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ChannelView:
        """Change a channel; with another mail server its password must be sent again.

        ``PATCH /api/v1/notification-channels/{channel_id}``; needs ``alert:write``.

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
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/notification-channels/{}", channel_id),
                headers=headers_of(if_match=if_match),
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
                        "url": url,
                        "secret": secret,
                        "password": password,
                    }
                ),
                timeout=timeout,
            ),
            ChannelView,
        )

    def test(
        self,
        channel_id: str,
        *,
        timeout: float | None = None,
    ) -> TestResult:
        """Send a test message now, and say what came of it.

        ``POST /api/v1/notification-channels/{channel_id}/test``; needs ``alert:write``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/notification-channels/{}/test", channel_id),
                timeout=timeout,
            ),
            TestResult,
        )


class AsyncNotificationChannelsResource:
    """What is under ``notification_channels``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.deliveries = AsyncNotificationChannelsDeliveriesResource(transport)

    @property
    def with_raw_response(self) -> "AsyncNotificationChannelsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncNotificationChannelsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ChannelView]:
        """List the platform's channels, oldest first.

        ``GET /api/v1/notification-channels``; needs ``alert:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/notification-channels",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ChannelView],
        )

    async def create(
        self,
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
        """Have somebody told of the platform's alerts.

        ``POST /api/v1/notification-channels``; needs ``alert:write``.

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
                path="/api/v1/notification-channels",
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

    async def get(
        self,
        channel_id: str,
        *,
        timeout: float | None = None,
    ) -> ChannelView:
        """Read one channel.

        ``GET /api/v1/notification-channels/{channel_id}``; needs ``alert:read``.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/notification-channels/{}", channel_id),
                timeout=timeout,
            ),
            ChannelView,
        )

    async def delete(
        self,
        channel_id: str,
        *,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> None:
        """Remove a channel with everything that waits there.

        ``DELETE /api/v1/notification-channels/{channel_id}``; needs ``alert:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/notification-channels/{}", channel_id),
                headers=headers_of(if_match=if_match),
                timeout=timeout,
            )
        )

    async def update(
        self,
        channel_id: str,
        *,
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
        name: str | UnsetType = UNSET,
        url: str | UnsetType = UNSET,
        secret: str | UnsetType | None = UNSET,
        password: str | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ChannelView:
        """Change a channel; with another mail server its password must be sent again.

        ``PATCH /api/v1/notification-channels/{channel_id}``; needs ``alert:write``.

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
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/notification-channels/{}", channel_id),
                headers=headers_of(if_match=if_match),
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
                        "url": url,
                        "secret": secret,
                        "password": password,
                    }
                ),
                timeout=timeout,
            ),
            ChannelView,
        )

    async def test(
        self,
        channel_id: str,
        *,
        timeout: float | None = None,
    ) -> TestResult:
        """Send a test message now, and say what came of it.

        ``POST /api/v1/notification-channels/{channel_id}/test``; needs ``alert:write``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/notification-channels/{}/test", channel_id),
                timeout=timeout,
            ),
            TestResult,
        )


class NotificationChannelsResourceRaw:
    """The methods of :class:`NotificationChannelsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = NotificationChannelsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)
        self.test = raw(plain.test)


class AsyncNotificationChannelsResourceRaw:
    """The methods of :class:`AsyncNotificationChannelsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncNotificationChannelsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
        self.test = async_raw(plain.test)
