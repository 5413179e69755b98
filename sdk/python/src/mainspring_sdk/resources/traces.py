"""The namespace ``traces``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.calls import TraceView


class TracesResource:
    """What is under ``traces``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "TracesResourceRaw":
        """Return the same methods, with the whole answer."""
        return TracesResourceRaw(self._transport.raw())

    def get(
        self,
        trace_id: str,
        *,
        org_id: str | None = None,
        project_id: str | None = None,
        timeout: float | None = None,
    ) -> TraceView:
        """Read the spans of a trace as a tree; `trace_id` is what `X-Trace-ID` of an answer says.

        ``GET /api/v1/traces/{trace_id}``; needs ``trace:read``.
        """
        return self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/traces/{}", trace_id),
                query={"org_id": org_id, "project_id": project_id},
                timeout=timeout,
            ),
            TraceView,
        )


class AsyncTracesResource:
    """What is under ``traces``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncTracesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncTracesResourceRaw(self._transport.raw())

    async def get(
        self,
        trace_id: str,
        *,
        org_id: str | None = None,
        project_id: str | None = None,
        timeout: float | None = None,
    ) -> TraceView:
        """Read the spans of a trace as a tree; `trace_id` is what `X-Trace-ID` of an answer says.

        ``GET /api/v1/traces/{trace_id}``; needs ``trace:read``.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/traces/{}", trace_id),
                query={"org_id": org_id, "project_id": project_id},
                timeout=timeout,
            ),
            TraceView,
        )


class TracesResourceRaw:
    """The methods of :class:`TracesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = TracesResource(transport)
        self.get = raw(plain.get)


class AsyncTracesResourceRaw:
    """The methods of :class:`AsyncTracesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncTracesResource(transport)
        self.get = async_raw(plain.get)
