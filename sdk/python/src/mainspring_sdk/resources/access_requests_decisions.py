"""The namespace ``access_requests.decisions``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import AccessRequestView


class AccessRequestsDecisionsResource:
    """What is under ``access_requests.decisions``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AccessRequestsDecisionsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccessRequestsDecisionsResourceRaw(self._transport.raw())

    def decide(
        self,
        access_id: str,
        *,
        agrees: bool,
        comment: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Agree to the present step, or refuse the request. Nobody decides their own.

        ``POST /api/v1/access-requests/{access_id}/decisions``; for whoever is signed in.

        Args:
            comment: Needed where you do not agree.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/decisions", access_id),
                body=sent({"agrees": agrees, "comment": comment}),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class AsyncAccessRequestsDecisionsResource:
    """What is under ``access_requests.decisions``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAccessRequestsDecisionsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccessRequestsDecisionsResourceRaw(self._transport.raw())

    async def decide(
        self,
        access_id: str,
        *,
        agrees: bool,
        comment: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Agree to the present step, or refuse the request. Nobody decides their own.

        ``POST /api/v1/access-requests/{access_id}/decisions``; for whoever is signed in.

        Args:
            comment: Needed where you do not agree.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/decisions", access_id),
                body=sent({"agrees": agrees, "comment": comment}),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class AccessRequestsDecisionsResourceRaw:
    """The methods of :class:`AccessRequestsDecisionsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccessRequestsDecisionsResource(transport)
        self.decide = raw(plain.decide)


class AsyncAccessRequestsDecisionsResourceRaw:
    """The methods of :class:`AsyncAccessRequestsDecisionsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccessRequestsDecisionsResource(transport)
        self.decide = async_raw(plain.decide)
