"""The namespace ``system.backups``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.system import BackupList


class SystemBackupsResource:
    """What is under ``system.backups``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SystemBackupsResourceRaw":
        """Return the same methods, with the whole answer."""
        return SystemBackupsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> BackupList:
        """List the backups that were made by the clock, as far as they lie on this machine.

        ``GET /api/v1/system/backups``; needs ``system:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.call(
            Call(
                method="GET",
                path="/api/v1/system/backups",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            BackupList,
        )


class AsyncSystemBackupsResource:
    """What is under ``system.backups``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSystemBackupsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSystemBackupsResourceRaw(self._transport.raw())

    async def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> BackupList:
        """List the backups that were made by the clock, as far as they lie on this machine.

        ``GET /api/v1/system/backups``; needs ``system:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path="/api/v1/system/backups",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            BackupList,
        )


class SystemBackupsResourceRaw:
    """The methods of :class:`SystemBackupsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SystemBackupsResource(transport)
        self.list = raw(plain.list)


class AsyncSystemBackupsResourceRaw:
    """The methods of :class:`AsyncSystemBackupsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSystemBackupsResource(transport)
        self.list = async_raw(plain.list)
