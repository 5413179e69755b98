"""The namespace ``access_requests.renewals``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import AccessRequestView


class AccessRequestsRenewalsResource:
    """What is under ``access_requests.renewals``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AccessRequestsRenewalsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccessRequestsRenewalsResourceRaw(self._transport.raw())

    def renew(
        self,
        access_id: str,
        *,
        purpose: str,
        days: int | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Ask for a grant of yours to last longer; the rules are asked anew.

        ``POST /api/v1/access-requests/{access_id}/renewals``; for whoever is signed in.

        Args:
            days: From the present end on; `null`: without end.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/renewals", access_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"purpose": purpose, "days": days}),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class AsyncAccessRequestsRenewalsResource:
    """What is under ``access_requests.renewals``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAccessRequestsRenewalsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccessRequestsRenewalsResourceRaw(self._transport.raw())

    async def renew(
        self,
        access_id: str,
        *,
        purpose: str,
        days: int | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Ask for a grant of yours to last longer; the rules are asked anew.

        ``POST /api/v1/access-requests/{access_id}/renewals``; for whoever is signed in.

        Args:
            days: From the present end on; `null`: without end.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/access-requests/{}/renewals", access_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"purpose": purpose, "days": days}),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class AccessRequestsRenewalsResourceRaw:
    """The methods of :class:`AccessRequestsRenewalsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccessRequestsRenewalsResource(transport)
        self.renew = raw(plain.renew)


class AsyncAccessRequestsRenewalsResourceRaw:
    """The methods of :class:`AsyncAccessRequestsRenewalsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccessRequestsRenewalsResource(transport)
        self.renew = async_raw(plain.renew)
