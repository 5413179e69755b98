"""The namespace ``slos.status``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.slos import SloStatusView


class SlosStatusResource:
    """What is under ``slos.status``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SlosStatusResourceRaw":
        """Return the same methods, with the whole answer."""
        return SlosStatusResourceRaw(self._transport.raw())

    def get(
        self,
        slo_id: str,
        *,
        timeout: float | None = None,
    ) -> SloStatusView:
        """Tell how much of the budget is left, and how fast it is spent.

        ``GET /api/v1/slos/{slo_id}/status``; needs ``slo:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/slos/{}/status", slo_id), timeout=timeout),
            SloStatusView,
        )


class AsyncSlosStatusResource:
    """What is under ``slos.status``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSlosStatusResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSlosStatusResourceRaw(self._transport.raw())

    async def get(
        self,
        slo_id: str,
        *,
        timeout: float | None = None,
    ) -> SloStatusView:
        """Tell how much of the budget is left, and how fast it is spent.

        ``GET /api/v1/slos/{slo_id}/status``; needs ``slo:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/slos/{}/status", slo_id), timeout=timeout),
            SloStatusView,
        )


class SlosStatusResourceRaw:
    """The methods of :class:`SlosStatusResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SlosStatusResource(transport)
        self.get = raw(plain.get)


class AsyncSlosStatusResourceRaw:
    """The methods of :class:`AsyncSlosStatusResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSlosStatusResource(transport)
        self.get = async_raw(plain.get)
