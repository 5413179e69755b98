"""The namespace ``access_requests``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import AccessRequestView
from mainspring_sdk.resources.access_requests_comments import (
    AccessRequestsCommentsResource,
    AsyncAccessRequestsCommentsResource,
)
from mainspring_sdk.resources.access_requests_decisions import (
    AccessRequestsDecisionsResource,
    AsyncAccessRequestsDecisionsResource,
)
from mainspring_sdk.resources.access_requests_key import (
    AccessRequestsKeyResource,
    AsyncAccessRequestsKeyResource,
)
from mainspring_sdk.resources.access_requests_renewals import (
    AccessRequestsRenewalsResource,
    AsyncAccessRequestsRenewalsResource,
)
from mainspring_sdk.resources.access_requests_revocation import (
    AccessRequestsRevocationResource,
    AsyncAccessRequestsRevocationResource,
)
from mainspring_sdk.resources.access_requests_withdrawal import (
    AccessRequestsWithdrawalResource,
    AsyncAccessRequestsWithdrawalResource,
)


class AccessRequestsResource:
    """What is under ``access_requests``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.comments = AccessRequestsCommentsResource(transport)
        self.decisions = AccessRequestsDecisionsResource(transport)
        self.key = AccessRequestsKeyResource(transport)
        self.renewals = AccessRequestsRenewalsResource(transport)
        self.revocation = AccessRequestsRevocationResource(transport)
        self.withdrawal = AccessRequestsWithdrawalResource(transport)

    @property
    def with_raw_response(self) -> "AccessRequestsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccessRequestsResourceRaw(self._transport.raw())

    def get(
        self,
        access_id: str,
        *,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Read a request of yours, one that you decide, or any that you may see.

        ``GET /api/v1/access-requests/{access_id}``; for whoever is signed in.
        """
        return self._transport.call(
            Call(
                method="GET", path=path_of("/api/v1/access-requests/{}", access_id), timeout=timeout
            ),
            AccessRequestView,
        )


class AsyncAccessRequestsResource:
    """What is under ``access_requests``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.comments = AsyncAccessRequestsCommentsResource(transport)
        self.decisions = AsyncAccessRequestsDecisionsResource(transport)
        self.key = AsyncAccessRequestsKeyResource(transport)
        self.renewals = AsyncAccessRequestsRenewalsResource(transport)
        self.revocation = AsyncAccessRequestsRevocationResource(transport)
        self.withdrawal = AsyncAccessRequestsWithdrawalResource(transport)

    @property
    def with_raw_response(self) -> "AsyncAccessRequestsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccessRequestsResourceRaw(self._transport.raw())

    async def get(
        self,
        access_id: str,
        *,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Read a request of yours, one that you decide, or any that you may see.

        ``GET /api/v1/access-requests/{access_id}``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(
                method="GET", path=path_of("/api/v1/access-requests/{}", access_id), timeout=timeout
            ),
            AccessRequestView,
        )


class AccessRequestsResourceRaw:
    """The methods of :class:`AccessRequestsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccessRequestsResource(transport)
        self.get = raw(plain.get)


class AsyncAccessRequestsResourceRaw:
    """The methods of :class:`AsyncAccessRequestsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccessRequestsResource(transport)
        self.get = async_raw(plain.get)
