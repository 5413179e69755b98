"""The namespace ``registry.comparison``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.releases import ComparisonView


class RegistryComparisonResource:
    """What is under ``registry.comparison``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "RegistryComparisonResourceRaw":
        """Return the same methods, with the whole answer."""
        return RegistryComparisonResourceRaw(self._transport.raw())

    def compare_models(
        self,
        *,
        model_id: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> ComparisonView:
        """Set models side by side: properties, prices, quality figures.

        ``GET /api/v1/registry/comparison``; needs ``model:read``.

        Args:
            model_id: 2 to 8 of them.
        """
        return self._transport.call(
            Call(
                method="GET",
                path="/api/v1/registry/comparison",
                query={"model_id": model_id},
                timeout=timeout,
            ),
            ComparisonView,
        )


class AsyncRegistryComparisonResource:
    """What is under ``registry.comparison``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncRegistryComparisonResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncRegistryComparisonResourceRaw(self._transport.raw())

    async def compare_models(
        self,
        *,
        model_id: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> ComparisonView:
        """Set models side by side: properties, prices, quality figures.

        ``GET /api/v1/registry/comparison``; needs ``model:read``.

        Args:
            model_id: 2 to 8 of them.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path="/api/v1/registry/comparison",
                query={"model_id": model_id},
                timeout=timeout,
            ),
            ComparisonView,
        )


class RegistryComparisonResourceRaw:
    """The methods of :class:`RegistryComparisonResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = RegistryComparisonResource(transport)
        self.compare_models = raw(plain.compare_models)


class AsyncRegistryComparisonResourceRaw:
    """The methods of :class:`AsyncRegistryComparisonResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncRegistryComparisonResource(transport)
        self.compare_models = async_raw(plain.compare_models)
