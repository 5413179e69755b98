"""The namespace ``system.info``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.system import SystemInfo


class SystemInfoResource:
    """What is under ``system.info``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SystemInfoResourceRaw":
        """Return the same methods, with the whole answer."""
        return SystemInfoResourceRaw(self._transport.raw())

    def get(
        self,
        *,
        timeout: float | None = None,
    ) -> SystemInfo:
        """Tell what this installation is and where its gateway listens.

        ``GET /api/v1/system/info``; for whoever is signed in.
        """
        return self._transport.call(
            Call(method="GET", path="/api/v1/system/info", timeout=timeout), SystemInfo
        )


class AsyncSystemInfoResource:
    """What is under ``system.info``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSystemInfoResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSystemInfoResourceRaw(self._transport.raw())

    async def get(
        self,
        *,
        timeout: float | None = None,
    ) -> SystemInfo:
        """Tell what this installation is and where its gateway listens.

        ``GET /api/v1/system/info``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(method="GET", path="/api/v1/system/info", timeout=timeout), SystemInfo
        )


class SystemInfoResourceRaw:
    """The methods of :class:`SystemInfoResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SystemInfoResource(transport)
        self.get = raw(plain.get)


class AsyncSystemInfoResourceRaw:
    """The methods of :class:`AsyncSystemInfoResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSystemInfoResource(transport)
        self.get = async_raw(plain.get)
