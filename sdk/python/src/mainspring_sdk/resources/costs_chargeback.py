"""The namespace ``costs.chargeback``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from mainspring_sdk._answers import AsyncDownload, Download
from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._transport import Transport


class CostsChargebackResource:
    """What is under ``costs.chargeback``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def export(
        self,
        *,
        month: str | None = None,
        org_id: str | None = None,
        format: Literal["csv", "xlsx", "pdf"] | None = None,
        lang: Literal["en", "zh"] | None = None,
        timeout: float | None = None,
    ) -> Download:
        """Export what a month cost, by project, key and model, for whoever pays for it.

        Amounts in CSV are exact; XLSX shows them to six decimals, PDF to four. Calls without a
        known
        price are counted as `unpriced` and are in no amount. A report has at most 10,000 sums.

        ``GET /api/v1/costs/chargeback``; needs ``usage:read``.

        Args:
            month: By UTC; by default the one before this. While it lasts, so far.
            lang: Of headings; CSV has names of fields.
        """
        return self._transport.download(
            Call(
                method="GET",
                path="/api/v1/costs/chargeback",
                query={"month": month, "org_id": org_id, "format": format, "lang": lang},
                accept="*/*",
                timeout=timeout,
            )
        )


class AsyncCostsChargebackResource:
    """What is under ``costs.chargeback``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def export(
        self,
        *,
        month: str | None = None,
        org_id: str | None = None,
        format: Literal["csv", "xlsx", "pdf"] | None = None,
        lang: Literal["en", "zh"] | None = None,
        timeout: float | None = None,
    ) -> AsyncDownload:
        """Export what a month cost, by project, key and model, for whoever pays for it.

        Amounts in CSV are exact; XLSX shows them to six decimals, PDF to four. Calls without a
        known
        price are counted as `unpriced` and are in no amount. A report has at most 10,000 sums.

        ``GET /api/v1/costs/chargeback``; needs ``usage:read``.

        Args:
            month: By UTC; by default the one before this. While it lasts, so far.
            lang: Of headings; CSV has names of fields.
        """
        return self._transport.download(
            Call(
                method="GET",
                path="/api/v1/costs/chargeback",
                query={"month": month, "org_id": org_id, "format": format, "lang": lang},
                accept="*/*",
                timeout=timeout,
            )
        )
