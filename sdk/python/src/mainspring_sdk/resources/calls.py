"""The namespace ``calls``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.calls import CallComparisonView, CallView, FullCallView


class CallsResource:
    """What is under ``calls``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "CallsResourceRaw":
        """Return the same methods, with the whole answer."""
        return CallsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        since: datetime,
        until: datetime | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        model: str | None = None,
        status: int | None = None,
        outcome: str | None = None,
        failed: bool | None = None,
        key_id: str | None = None,
        session_id: str | None = None,
        user_id: str | None = None,
        trace_id: str | None = None,
        min_duration_ms: float | None = None,
        min_cost_nanos: int | None = None,
        text: str | None = None,
        metadata: Sequence[str] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[CallView]:
        """List calls whose project keeps records of them, newest first.

        ``GET /api/v1/calls``; needs ``call:read``.

        Args:
            since: Inclusive.
            until: Exclusive; by default now.
            failed: Outcomes other than `ok` and `client_closed`.
            text: Words that all occur.
            metadata: `name:value` that the caller attached; may be repeated.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/calls",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "project_id": project_id,
                    "model": model,
                    "status": status,
                    "outcome": outcome,
                    "failed": failed,
                    "key_id": key_id,
                    "session_id": session_id,
                    "user_id": user_id,
                    "trace_id": trace_id,
                    "min_duration_ms": min_duration_ms,
                    "min_cost_nanos": min_cost_nanos,
                    "text": text,
                    "metadata": metadata,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[CallView],
        )

    def get(
        self,
        call_id: str,
        *,
        timeout: float | None = None,
    ) -> FullCallView:
        """Read one call with its contents and scores, by its id or by that of its request.

        ``GET /api/v1/calls/{call_id}``; needs ``call:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/calls/{}", call_id), timeout=timeout),
            FullCallView,
        )

    def replay(
        self,
        call_id: str,
        *,
        model: str | UnsetType | None = UNSET,
        parameters: Mapping[str, Any] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> CallComparisonView:
        """Make a recorded call again as yourself, and compare the two; needs `model:call` as well.

        It runs in the call's project, under its limits, budgets and policies, and costs what a
        call
        costs. What the gateway refuses is an answer, too: see the `status` of `after`.

        ``POST /api/v1/calls/{call_id}/replay``; needs ``call:read``.

        Args:
            model: The model to call; by default the same.
            parameters: Members to put in place of the recorded ones; `null` takes one out.
                What is asked cannot be changed.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/calls/{}/replay", call_id),
                body=sent({"model": model, "parameters": parameters}),
                timeout=timeout,
            ),
            CallComparisonView,
        )


class AsyncCallsResource:
    """What is under ``calls``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncCallsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncCallsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        since: datetime,
        until: datetime | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        model: str | None = None,
        status: int | None = None,
        outcome: str | None = None,
        failed: bool | None = None,
        key_id: str | None = None,
        session_id: str | None = None,
        user_id: str | None = None,
        trace_id: str | None = None,
        min_duration_ms: float | None = None,
        min_cost_nanos: int | None = None,
        text: str | None = None,
        metadata: Sequence[str] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[CallView]:
        """List calls whose project keeps records of them, newest first.

        ``GET /api/v1/calls``; needs ``call:read``.

        Args:
            since: Inclusive.
            until: Exclusive; by default now.
            failed: Outcomes other than `ok` and `client_closed`.
            text: Words that all occur.
            metadata: `name:value` that the caller attached; may be repeated.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/calls",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "project_id": project_id,
                    "model": model,
                    "status": status,
                    "outcome": outcome,
                    "failed": failed,
                    "key_id": key_id,
                    "session_id": session_id,
                    "user_id": user_id,
                    "trace_id": trace_id,
                    "min_duration_ms": min_duration_ms,
                    "min_cost_nanos": min_cost_nanos,
                    "text": text,
                    "metadata": metadata,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[CallView],
        )

    async def get(
        self,
        call_id: str,
        *,
        timeout: float | None = None,
    ) -> FullCallView:
        """Read one call with its contents and scores, by its id or by that of its request.

        ``GET /api/v1/calls/{call_id}``; needs ``call:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/calls/{}", call_id), timeout=timeout),
            FullCallView,
        )

    async def replay(
        self,
        call_id: str,
        *,
        model: str | UnsetType | None = UNSET,
        parameters: Mapping[str, Any] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> CallComparisonView:
        """Make a recorded call again as yourself, and compare the two; needs `model:call` as well.

        It runs in the call's project, under its limits, budgets and policies, and costs what a
        call
        costs. What the gateway refuses is an answer, too: see the `status` of `after`.

        ``POST /api/v1/calls/{call_id}/replay``; needs ``call:read``.

        Args:
            model: The model to call; by default the same.
            parameters: Members to put in place of the recorded ones; `null` takes one out.
                What is asked cannot be changed.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/calls/{}/replay", call_id),
                body=sent({"model": model, "parameters": parameters}),
                timeout=timeout,
            ),
            CallComparisonView,
        )


class CallsResourceRaw:
    """The methods of :class:`CallsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = CallsResource(transport)
        self.list = raw(plain.list)
        self.get = raw(plain.get)
        self.replay = raw(plain.replay)


class AsyncCallsResourceRaw:
    """The methods of :class:`AsyncCallsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncCallsResource(transport)
        self.list = async_raw(plain.list)
        self.get = async_raw(plain.get)
        self.replay = async_raw(plain.replay)
