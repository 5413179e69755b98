"""The namespace ``notification_channels.deliveries``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.alerts import DeliveryView


class NotificationChannelsDeliveriesResource:
    """What is under ``notification_channels.deliveries``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "NotificationChannelsDeliveriesResourceRaw":
        """Return the same methods, with the whole answer."""
        return NotificationChannelsDeliveriesResourceRaw(self._transport.raw())

    def list(
        self,
        channel_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[DeliveryView]:
        """List the messages of a channel and what came of them, newest first.

        ``GET /api/v1/notification-channels/{channel_id}/deliveries``; needs ``alert:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/notification-channels/{}/deliveries", channel_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[DeliveryView],
        )


class AsyncNotificationChannelsDeliveriesResource:
    """What is under ``notification_channels.deliveries``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncNotificationChannelsDeliveriesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncNotificationChannelsDeliveriesResourceRaw(self._transport.raw())

    def list(
        self,
        channel_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[DeliveryView]:
        """List the messages of a channel and what came of them, newest first.

        ``GET /api/v1/notification-channels/{channel_id}/deliveries``; needs ``alert:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/notification-channels/{}/deliveries", channel_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[DeliveryView],
        )


class NotificationChannelsDeliveriesResourceRaw:
    """The methods of :class:`NotificationChannelsDeliveriesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = NotificationChannelsDeliveriesResource(transport)
        self.list = raw(plain.list)


class AsyncNotificationChannelsDeliveriesResourceRaw:
    """The methods of :class:`AsyncNotificationChannelsDeliveriesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncNotificationChannelsDeliveriesResource(transport)
        self.list = async_raw(plain.list)
