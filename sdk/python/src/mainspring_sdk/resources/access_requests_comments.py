"""The namespace ``access_requests.comments``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import AccessRequestView


class AccessRequestsCommentsResource:
    """What is under ``access_requests.comments``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AccessRequestsCommentsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccessRequestsCommentsResourceRaw(self._transport.raw())

    def create(
        self,
        access_id: str,
        *,
        text: str,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Write under a request.

        ``POST /api/v1/access-requests/{access_id}/comments``; for whoever is signed in.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/comments", access_id),
                body=sent({"text": text}),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class AsyncAccessRequestsCommentsResource:
    """What is under ``access_requests.comments``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAccessRequestsCommentsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccessRequestsCommentsResourceRaw(self._transport.raw())

    async def create(
        self,
        access_id: str,
        *,
        text: str,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Write under a request.

        ``POST /api/v1/access-requests/{access_id}/comments``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/comments", access_id),
                body=sent({"text": text}),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class AccessRequestsCommentsResourceRaw:
    """The methods of :class:`AccessRequestsCommentsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccessRequestsCommentsResource(transport)
        self.create = raw(plain.create)


class AsyncAccessRequestsCommentsResourceRaw:
    """The methods of :class:`AsyncAccessRequestsCommentsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccessRequestsCommentsResource(transport)
        self.create = async_raw(plain.create)
