"""The namespace ``release_events``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.releases import ReleaseEventView


class ReleaseEventsResource:
    """What is under ``release_events``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ReleaseEventsResourceRaw":
        """Return the same methods, with the whole answer."""
        return ReleaseEventsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        model_id: str | None = None,
        release_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ReleaseEventView]:
        """List every step, newest first; of releases and models that are gone too.

        ``GET /api/v1/release-events``; needs ``release:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/release-events",
                query={
                    "model_id": model_id,
                    "release_id": release_id,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[ReleaseEventView],
        )


class AsyncReleaseEventsResource:
    """What is under ``release_events``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncReleaseEventsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncReleaseEventsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        model_id: str | None = None,
        release_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ReleaseEventView]:
        """List every step, newest first; of releases and models that are gone too.

        ``GET /api/v1/release-events``; needs ``release:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/release-events",
                query={
                    "model_id": model_id,
                    "release_id": release_id,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[ReleaseEventView],
        )


class ReleaseEventsResourceRaw:
    """The methods of :class:`ReleaseEventsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ReleaseEventsResource(transport)
        self.list = raw(plain.list)


class AsyncReleaseEventsResourceRaw:
    """The methods of :class:`AsyncReleaseEventsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncReleaseEventsResource(transport)
        self.list = async_raw(plain.list)
