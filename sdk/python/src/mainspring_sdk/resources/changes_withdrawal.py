"""The namespace ``changes.withdrawal``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.oversight import ChangeView


class ChangesWithdrawalResource:
    """What is under ``changes.withdrawal``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ChangesWithdrawalResourceRaw":
        """Return the same methods, with the whole answer."""
        return ChangesWithdrawalResourceRaw(self._transport.raw())

    def withdraw(
        self,
        change_id: str,
        *,
        timeout: float | None = None,
    ) -> ChangeView:
        """Take back a change that you asked for.

        ``POST /api/v1/changes/{change_id}/withdrawal``; for whoever is signed in.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/changes/{}/withdrawal", change_id),
                timeout=timeout,
            ),
            ChangeView,
        )


class AsyncChangesWithdrawalResource:
    """What is under ``changes.withdrawal``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncChangesWithdrawalResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncChangesWithdrawalResourceRaw(self._transport.raw())

    async def withdraw(
        self,
        change_id: str,
        *,
        timeout: float | None = None,
    ) -> ChangeView:
        """Take back a change that you asked for.

        ``POST /api/v1/changes/{change_id}/withdrawal``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/changes/{}/withdrawal", change_id),
                timeout=timeout,
            ),
            ChangeView,
        )


class ChangesWithdrawalResourceRaw:
    """The methods of :class:`ChangesWithdrawalResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ChangesWithdrawalResource(transport)
        self.withdraw = raw(plain.withdraw)


class AsyncChangesWithdrawalResourceRaw:
    """The methods of :class:`AsyncChangesWithdrawalResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncChangesWithdrawalResource(transport)
        self.withdraw = async_raw(plain.withdraw)
