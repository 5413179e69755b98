"""The namespace ``usage.idle``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.usage import IdleReportView


class UsageIdleResource:
    """What is under ``usage.idle``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "UsageIdleResourceRaw":
        """Return the same methods, with the whole answer."""
        return UsageIdleResourceRaw(self._transport.raw())

    def list_resources(
        self,
        *,
        days: int | None = None,
        org_id: str | None = None,
        timeout: float | None = None,
    ) -> IdleReportView:
        """List models, targets, upstreams and keys that nobody used, and what their GPUs cost.

        What is younger than that is left out. Of an organisation: its own keys and models.

        ``GET /api/v1/usage/idle``; needs ``usage:read``.

        Args:
            days: Without a call for so long.
        """
        return self._transport.call(
            Call(
                method="GET",
                path="/api/v1/usage/idle",
                query={"days": days, "org_id": org_id},
                timeout=timeout,
            ),
            IdleReportView,
        )


class AsyncUsageIdleResource:
    """What is under ``usage.idle``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncUsageIdleResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncUsageIdleResourceRaw(self._transport.raw())

    async def list_resources(
        self,
        *,
        days: int | None = None,
        org_id: str | None = None,
        timeout: float | None = None,
    ) -> IdleReportView:
        """List models, targets, upstreams and keys that nobody used, and what their GPUs cost.

        What is younger than that is left out. Of an organisation: its own keys and models.

        ``GET /api/v1/usage/idle``; needs ``usage:read``.

        Args:
            days: Without a call for so long.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path="/api/v1/usage/idle",
                query={"days": days, "org_id": org_id},
                timeout=timeout,
            ),
            IdleReportView,
        )


class UsageIdleResourceRaw:
    """The methods of :class:`UsageIdleResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = UsageIdleResource(transport)
        self.list_resources = raw(plain.list_resources)


class AsyncUsageIdleResourceRaw:
    """The methods of :class:`AsyncUsageIdleResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncUsageIdleResource(transport)
        self.list_resources = async_raw(plain.list_resources)
