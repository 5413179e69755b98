"""The namespace ``upstream_presets.upstreams``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Mapping

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.vendors import PresetUpstream


class UpstreamPresetsUpstreamsResource:
    """What is under ``upstream_presets.upstreams``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "UpstreamPresetsUpstreamsResourceRaw":
        """Return the same methods, with the whole answer."""
        return UpstreamPresetsUpstreamsResourceRaw(self._transport.raw())

    def create_from(
        self,
        preset_id: str,
        *,
        name: str | UnsetType | None = UNSET,
        endpoint: str | UnsetType | None = UNSET,
        values: Mapping[str, str] | UnsetType = UNSET,
        credential: str | UnsetType | None = UNSET,
        max_connections: int | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> PresetUpstream:
        """Create an upstream as a preset says.

        ``POST /api/v1/upstream-presets/{preset_id}/upstreams``; needs ``upstream:write``.

        Args:
            name: `null`: the preset's id.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/upstream-presets/{}/upstreams", preset_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "endpoint": endpoint,
                        "values": values,
                        "credential": credential,
                        "max_connections": max_connections,
                    }
                ),
                timeout=timeout,
            ),
            PresetUpstream,
        )


class AsyncUpstreamPresetsUpstreamsResource:
    """What is under ``upstream_presets.upstreams``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncUpstreamPresetsUpstreamsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncUpstreamPresetsUpstreamsResourceRaw(self._transport.raw())

    async def create_from(
        self,
        preset_id: str,
        *,
        name: str | UnsetType | None = UNSET,
        endpoint: str | UnsetType | None = UNSET,
        values: Mapping[str, str] | UnsetType = UNSET,
        credential: str | UnsetType | None = UNSET,
        max_connections: int | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> PresetUpstream:
        """Create an upstream as a preset says.

        ``POST /api/v1/upstream-presets/{preset_id}/upstreams``; needs ``upstream:write``.

        Args:
            name: `null`: the preset's id.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/upstream-presets/{}/upstreams", preset_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "endpoint": endpoint,
                        "values": values,
                        "credential": credential,
                        "max_connections": max_connections,
                    }
                ),
                timeout=timeout,
            ),
            PresetUpstream,
        )


class UpstreamPresetsUpstreamsResourceRaw:
    """The methods of :class:`UpstreamPresetsUpstreamsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = UpstreamPresetsUpstreamsResource(transport)
        self.create_from = raw(plain.create_from)


class AsyncUpstreamPresetsUpstreamsResourceRaw:
    """The methods of :class:`AsyncUpstreamPresetsUpstreamsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncUpstreamPresetsUpstreamsResource(transport)
        self.create_from = async_raw(plain.create_from)
