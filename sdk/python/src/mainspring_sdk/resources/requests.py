"""The namespace ``requests``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._transport import Transport
from mainspring_sdk.resources.requests_decision import (
    AsyncRequestsDecisionResource,
    RequestsDecisionResource,
)


class RequestsResource:
    """What is under ``requests``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.decision = RequestsDecisionResource(transport)


class AsyncRequestsResource:
    """What is under ``requests``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.decision = AsyncRequestsDecisionResource(transport)
