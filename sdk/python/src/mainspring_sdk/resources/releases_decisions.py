"""The namespace ``releases.decisions``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.releases import MainspringCapabilitiesReleasesHttpHistoryDecisionView


class ReleasesDecisionsResource:
    """What is under ``releases.decisions``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ReleasesDecisionsResourceRaw":
        """Return the same methods, with the whole answer."""
        return ReleasesDecisionsResourceRaw(self._transport.raw())

    def list_canary(
        self,
        release_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[MainspringCapabilitiesReleasesHttpHistoryDecisionView]:
        """List what was decided about a release's canaries and by which figures, newest first.

        ``GET /api/v1/releases/{release_id}/decisions``; needs ``release:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/releases/{}/decisions", release_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[MainspringCapabilitiesReleasesHttpHistoryDecisionView],
        )


class AsyncReleasesDecisionsResource:
    """What is under ``releases.decisions``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncReleasesDecisionsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncReleasesDecisionsResourceRaw(self._transport.raw())

    def list_canary(
        self,
        release_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[MainspringCapabilitiesReleasesHttpHistoryDecisionView]:
        """List what was decided about a release's canaries and by which figures, newest first.

        ``GET /api/v1/releases/{release_id}/decisions``; needs ``release:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/releases/{}/decisions", release_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[MainspringCapabilitiesReleasesHttpHistoryDecisionView],
        )


class ReleasesDecisionsResourceRaw:
    """The methods of :class:`ReleasesDecisionsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ReleasesDecisionsResource(transport)
        self.list_canary = raw(plain.list_canary)


class AsyncReleasesDecisionsResourceRaw:
    """The methods of :class:`AsyncReleasesDecisionsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncReleasesDecisionsResource(transport)
        self.list_canary = async_raw(plain.list_canary)
