"""The namespace ``requests.decision``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.usage import MainspringCapabilitiesMeteringHttpUsageDecisionView


class RequestsDecisionResource:
    """What is under ``requests.decision``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "RequestsDecisionResourceRaw":
        """Return the same methods, with the whole answer."""
        return RequestsDecisionResourceRaw(self._transport.raw())

    def explain(
        self,
        request_id: str,
        *,
        timeout: float | None = None,
    ) -> MainspringCapabilitiesMeteringHttpUsageDecisionView:
        """Tell why a call went to its target, what else was considered, and what was tried before.

        The id is what the gateway answered in `X-Request-Id`; the answer exists as soon as the
        gateway has delivered the call's record, usually within a second.

        ``GET /api/v1/requests/{request_id}/decision``; needs ``usage:read``.
        """
        return self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/requests/{}/decision", request_id),
                timeout=timeout,
            ),
            MainspringCapabilitiesMeteringHttpUsageDecisionView,
        )


class AsyncRequestsDecisionResource:
    """What is under ``requests.decision``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncRequestsDecisionResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncRequestsDecisionResourceRaw(self._transport.raw())

    async def explain(
        self,
        request_id: str,
        *,
        timeout: float | None = None,
    ) -> MainspringCapabilitiesMeteringHttpUsageDecisionView:
        """Tell why a call went to its target, what else was considered, and what was tried before.

        The id is what the gateway answered in `X-Request-Id`; the answer exists as soon as the
        gateway has delivered the call's record, usually within a second.

        ``GET /api/v1/requests/{request_id}/decision``; needs ``usage:read``.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/requests/{}/decision", request_id),
                timeout=timeout,
            ),
            MainspringCapabilitiesMeteringHttpUsageDecisionView,
        )


class RequestsDecisionResourceRaw:
    """The methods of :class:`RequestsDecisionResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = RequestsDecisionResource(transport)
        self.explain = raw(plain.explain)


class AsyncRequestsDecisionResourceRaw:
    """The methods of :class:`AsyncRequestsDecisionResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncRequestsDecisionResource(transport)
        self.explain = async_raw(plain.explain)
