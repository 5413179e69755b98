"""The namespace ``changes``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.oversight import ChangeView
from mainspring_sdk.resources.changes_approval import (
    AsyncChangesApprovalResource,
    ChangesApprovalResource,
)
from mainspring_sdk.resources.changes_rejection import (
    AsyncChangesRejectionResource,
    ChangesRejectionResource,
)
from mainspring_sdk.resources.changes_withdrawal import (
    AsyncChangesWithdrawalResource,
    ChangesWithdrawalResource,
)


class ChangesResource:
    """What is under ``changes``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.approval = ChangesApprovalResource(transport)
        self.rejection = ChangesRejectionResource(transport)
        self.withdrawal = ChangesWithdrawalResource(transport)

    @property
    def with_raw_response(self) -> "ChangesResourceRaw":
        """Return the same methods, with the whole answer."""
        return ChangesResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        state: Literal[
            "pending", "approved", "executed", "failed", "rejected", "withdrawn", "expired"
        ]
        | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ChangeView]:
        """List changes that need a second person, newest first: your own, or (`change:read`) all.

        ``GET /api/v1/changes``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/changes",
                query={"state": state, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ChangeView],
        )

    def get(
        self,
        change_id: str,
        *,
        timeout: float | None = None,
    ) -> ChangeView:
        """Read one change: one of your own, or (`change:read`) any.

        ``GET /api/v1/changes/{change_id}``; for whoever is signed in.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/changes/{}", change_id), timeout=timeout),
            ChangeView,
        )


class AsyncChangesResource:
    """What is under ``changes``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.approval = AsyncChangesApprovalResource(transport)
        self.rejection = AsyncChangesRejectionResource(transport)
        self.withdrawal = AsyncChangesWithdrawalResource(transport)

    @property
    def with_raw_response(self) -> "AsyncChangesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncChangesResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        state: Literal[
            "pending", "approved", "executed", "failed", "rejected", "withdrawn", "expired"
        ]
        | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ChangeView]:
        """List changes that need a second person, newest first: your own, or (`change:read`) all.

        ``GET /api/v1/changes``; for whoever is signed in.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/changes",
                query={"state": state, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ChangeView],
        )

    async def get(
        self,
        change_id: str,
        *,
        timeout: float | None = None,
    ) -> ChangeView:
        """Read one change: one of your own, or (`change:read`) any.

        ``GET /api/v1/changes/{change_id}``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/changes/{}", change_id), timeout=timeout),
            ChangeView,
        )


class ChangesResourceRaw:
    """The methods of :class:`ChangesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ChangesResource(transport)
        self.list = raw(plain.list)
        self.get = raw(plain.get)


class AsyncChangesResourceRaw:
    """The methods of :class:`AsyncChangesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncChangesResource(transport)
        self.list = async_raw(plain.list)
        self.get = async_raw(plain.get)
