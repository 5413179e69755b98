"""The namespace ``live``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._events import AsyncEventStream, EventStream, typed
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.live import LiveCallEvent, LivePartsEvent, LiveSummaryEvent

LiveEvent = LivePartsEvent | LiveCallEvent | LiveSummaryEvent
_KINDS: dict[str, type[LiveEvent]] = {
    "parts": LivePartsEvent,
    "call": LiveCallEvent,
    "summary": LiveSummaryEvent,
}


class LiveResource:
    """What is under ``live``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def follow(
        self,
        *,
        timeout: float | None = None,
    ) -> EventStream[LiveEvent]:
        """Follow parts, calls and sums as they change.

        ``GET /api/v1/live``; for whoever is signed in.
        """
        return self._transport.events(
            Call(method="GET", path="/api/v1/live", timeout=timeout), typed(_KINDS)
        )


class AsyncLiveResource:
    """What is under ``live``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def follow(
        self,
        *,
        timeout: float | None = None,
    ) -> AsyncEventStream[LiveEvent]:
        """Follow parts, calls and sums as they change.

        ``GET /api/v1/live``; for whoever is signed in.
        """
        return self._transport.events(
            Call(method="GET", path="/api/v1/live", timeout=timeout), typed(_KINDS)
        )
