"""The namespace ``access_requests.key``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import AccessKey


class AccessRequestsKeyResource:
    """What is under ``access_requests.key``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AccessRequestsKeyResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccessRequestsKeyResourceRaw(self._transport.raw())

    def take(
        self,
        access_id: str,
        *,
        timeout: float | None = None,
    ) -> AccessKey:
        """Take the key of a grant of yours; taken again, the one before it ends.

        ``POST /api/v1/access-requests/{access_id}/key``; for whoever is signed in.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/key", access_id),
                timeout=timeout,
            ),
            AccessKey,
        )


class AsyncAccessRequestsKeyResource:
    """What is under ``access_requests.key``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAccessRequestsKeyResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccessRequestsKeyResourceRaw(self._transport.raw())

    async def take(
        self,
        access_id: str,
        *,
        timeout: float | None = None,
    ) -> AccessKey:
        """Take the key of a grant of yours; taken again, the one before it ends.

        ``POST /api/v1/access-requests/{access_id}/key``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/key", access_id),
                timeout=timeout,
            ),
            AccessKey,
        )


class AccessRequestsKeyResourceRaw:
    """The methods of :class:`AccessRequestsKeyResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccessRequestsKeyResource(transport)
        self.take = raw(plain.take)


class AsyncAccessRequestsKeyResourceRaw:
    """The methods of :class:`AsyncAccessRequestsKeyResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccessRequestsKeyResource(transport)
        self.take = async_raw(plain.take)
