"""The namespace ``access_requests.revocation``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import AccessRequestView


class AccessRequestsRevocationResource:
    """What is under ``access_requests.revocation``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AccessRequestsRevocationResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccessRequestsRevocationResourceRaw(self._transport.raw())

    def revoke(
        self,
        access_id: str,
        *,
        reason: str,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """End what was granted, its key included.

        ``POST /api/v1/access-requests/{access_id}/revocation``; needs ``access:revoke``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/revocation", access_id),
                body=sent({"reason": reason}),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class AsyncAccessRequestsRevocationResource:
    """What is under ``access_requests.revocation``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAccessRequestsRevocationResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccessRequestsRevocationResourceRaw(self._transport.raw())

    async def revoke(
        self,
        access_id: str,
        *,
        reason: str,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """End what was granted, its key included.

        ``POST /api/v1/access-requests/{access_id}/revocation``; needs ``access:revoke``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/revocation", access_id),
                body=sent({"reason": reason}),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class AccessRequestsRevocationResourceRaw:
    """The methods of :class:`AccessRequestsRevocationResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccessRequestsRevocationResource(transport)
        self.revoke = raw(plain.revoke)


class AsyncAccessRequestsRevocationResourceRaw:
    """The methods of :class:`AsyncAccessRequestsRevocationResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccessRequestsRevocationResource(transport)
        self.revoke = async_raw(plain.revoke)
