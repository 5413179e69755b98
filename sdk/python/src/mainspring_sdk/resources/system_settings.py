"""The namespace ``system.settings``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.system import SettingView


class SystemSettingsResource:
    """What is under ``system.settings``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SystemSettingsResourceRaw":
        """Return the same methods, with the whole answer."""
        return SystemSettingsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[SettingView]:
        """List the settings of the process that answers, and where each comes from.

        The parts that `mainspring up` starts all have the same.

        ``GET /api/v1/system/settings``; needs ``system:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/system/settings",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SettingView],
        )


class AsyncSystemSettingsResource:
    """What is under ``system.settings``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSystemSettingsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSystemSettingsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[SettingView]:
        """List the settings of the process that answers, and where each comes from.

        The parts that `mainspring up` starts all have the same.

        ``GET /api/v1/system/settings``; needs ``system:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/system/settings",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SettingView],
        )


class SystemSettingsResourceRaw:
    """The methods of :class:`SystemSettingsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SystemSettingsResource(transport)
        self.list = raw(plain.list)


class AsyncSystemSettingsResourceRaw:
    """The methods of :class:`AsyncSystemSettingsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSystemSettingsResource(transport)
        self.list = async_raw(plain.list)
