"""The namespace ``usage.reconciliation``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from datetime import datetime
from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.usage import ReconciliationView


class UsageReconciliationResource:
    """What is under ``usage.reconciliation``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "UsageReconciliationResourceRaw":
        """Return the same methods, with the whole answer."""
        return UsageReconciliationResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        state: Literal["waiting", "matched", "drifted"] | None = None,
        gateway_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ReconciliationView]:
        """List what gateways counted by their own metrics beside what the ledger has of it.

        Every hour is compared a few minutes after its end, and again for two days while it
        differs.
        For callers who may see the usage of the whole platform.

        ``GET /api/v1/usage/reconciliation``; needs ``usage:read``.

        Args:
            since: Inclusive; by default 24 hours before `until`.
            until: Exclusive; by default now.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/usage/reconciliation",
                query={
                    "since": since,
                    "until": until,
                    "state": state,
                    "gateway_id": gateway_id,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[ReconciliationView],
        )


class AsyncUsageReconciliationResource:
    """What is under ``usage.reconciliation``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncUsageReconciliationResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncUsageReconciliationResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        state: Literal["waiting", "matched", "drifted"] | None = None,
        gateway_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ReconciliationView]:
        """List what gateways counted by their own metrics beside what the ledger has of it.

        Every hour is compared a few minutes after its end, and again for two days while it
        differs.
        For callers who may see the usage of the whole platform.

        ``GET /api/v1/usage/reconciliation``; needs ``usage:read``.

        Args:
            since: Inclusive; by default 24 hours before `until`.
            until: Exclusive; by default now.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/usage/reconciliation",
                query={
                    "since": since,
                    "until": until,
                    "state": state,
                    "gateway_id": gateway_id,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[ReconciliationView],
        )


class UsageReconciliationResourceRaw:
    """The methods of :class:`UsageReconciliationResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = UsageReconciliationResource(transport)
        self.list = raw(plain.list)


class AsyncUsageReconciliationResourceRaw:
    """The methods of :class:`AsyncUsageReconciliationResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncUsageReconciliationResource(transport)
        self.list = async_raw(plain.list)
