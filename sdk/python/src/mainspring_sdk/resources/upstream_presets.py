"""The namespace ``upstream_presets``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Mapping

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.vendors import PresetView, UpstreamDraft
from mainspring_sdk.resources.upstream_presets_upstreams import (
    AsyncUpstreamPresetsUpstreamsResource,
    UpstreamPresetsUpstreamsResource,
)


class UpstreamPresetsResource:
    """What is under ``upstream_presets``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.upstreams = UpstreamPresetsUpstreamsResource(transport)

    @property
    def with_raw_response(self) -> "UpstreamPresetsResourceRaw":
        """Return the same methods, with the whole answer."""
        return UpstreamPresetsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[PresetView]:
        """List what is known of vendors and model servers.

        ``GET /api/v1/upstream-presets``; needs ``upstream:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/upstream-presets",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[PresetView],
        )

    def draft(
        self,
        preset_id: str,
        *,
        endpoint: str | UnsetType | None = UNSET,
        values: Mapping[str, str] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> UpstreamDraft:
        """Fill in a preset; nothing is kept.

        ``POST /api/v1/upstream-presets/{preset_id}/draft``; needs ``upstream:read``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/upstream-presets/{}/draft", preset_id),
                body=sent({"endpoint": endpoint, "values": values}),
                timeout=timeout,
            ),
            UpstreamDraft,
        )


class AsyncUpstreamPresetsResource:
    """What is under ``upstream_presets``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.upstreams = AsyncUpstreamPresetsUpstreamsResource(transport)

    @property
    def with_raw_response(self) -> "AsyncUpstreamPresetsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncUpstreamPresetsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[PresetView]:
        """List what is known of vendors and model servers.

        ``GET /api/v1/upstream-presets``; needs ``upstream:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/upstream-presets",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[PresetView],
        )

    async def draft(
        self,
        preset_id: str,
        *,
        endpoint: str | UnsetType | None = UNSET,
        values: Mapping[str, str] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> UpstreamDraft:
        """Fill in a preset; nothing is kept.

        ``POST /api/v1/upstream-presets/{preset_id}/draft``; needs ``upstream:read``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/upstream-presets/{}/draft", preset_id),
                body=sent({"endpoint": endpoint, "values": values}),
                timeout=timeout,
            ),
            UpstreamDraft,
        )


class UpstreamPresetsResourceRaw:
    """The methods of :class:`UpstreamPresetsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = UpstreamPresetsResource(transport)
        self.list = raw(plain.list)
        self.draft = raw(plain.draft)


class AsyncUpstreamPresetsResourceRaw:
    """The methods of :class:`AsyncUpstreamPresetsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncUpstreamPresetsResource(transport)
        self.list = async_raw(plain.list)
        self.draft = async_raw(plain.draft)
