"""The namespace ``access_requests.withdrawal``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import AccessRequestView


class AccessRequestsWithdrawalResource:
    """What is under ``access_requests.withdrawal``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AccessRequestsWithdrawalResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccessRequestsWithdrawalResourceRaw(self._transport.raw())

    def withdraw(
        self,
        access_id: str,
        *,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Take back a request of yours, or give back what was granted.

        ``POST /api/v1/access-requests/{access_id}/withdrawal``; for whoever is signed in.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/withdrawal", access_id),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class AsyncAccessRequestsWithdrawalResource:
    """What is under ``access_requests.withdrawal``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAccessRequestsWithdrawalResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccessRequestsWithdrawalResourceRaw(self._transport.raw())

    async def withdraw(
        self,
        access_id: str,
        *,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Take back a request of yours, or give back what was granted.

        ``POST /api/v1/access-requests/{access_id}/withdrawal``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/withdrawal", access_id),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class AccessRequestsWithdrawalResourceRaw:
    """The methods of :class:`AccessRequestsWithdrawalResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccessRequestsWithdrawalResource(transport)
        self.withdraw = raw(plain.withdraw)


class AsyncAccessRequestsWithdrawalResourceRaw:
    """The methods of :class:`AsyncAccessRequestsWithdrawalResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccessRequestsWithdrawalResource(transport)
        self.withdraw = async_raw(plain.withdraw)
