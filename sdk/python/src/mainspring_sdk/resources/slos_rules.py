"""The namespace ``slos.rules``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._answers import AsyncDownload, Download
from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._transport import Transport


class SlosRulesResource:
    """What is under ``slos.rules``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(
        self,
        *,
        timeout: float | None = None,
    ) -> Download:
        """Get the enabled objectives as a file of rules for Prometheus.

        ``GET /api/v1/slos/rules``; needs ``slo:read``.
        """
        return self._transport.download(
            Call(method="GET", path="/api/v1/slos/rules", accept="*/*", timeout=timeout)
        )


class AsyncSlosRulesResource:
    """What is under ``slos.rules``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def get(
        self,
        *,
        timeout: float | None = None,
    ) -> AsyncDownload:
        """Get the enabled objectives as a file of rules for Prometheus.

        ``GET /api/v1/slos/rules``; needs ``slo:read``.
        """
        return self._transport.download(
            Call(method="GET", path="/api/v1/slos/rules", accept="*/*", timeout=timeout)
        )
