"""The namespace ``break_glass``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.oversight import EmergencyView


class BreakGlassResource:
    """What is under ``break_glass``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "BreakGlassResourceRaw":
        """Return the same methods, with the whole answer."""
        return BreakGlassResourceRaw(self._transport.raw())

    def list_emergencies(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[EmergencyView]:
        """List who acted in emergencies, newest first.

        ``GET /api/v1/break-glass``; needs ``break_glass:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/break-glass",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[EmergencyView],
        )

    def create(
        self,
        *,
        reason: str,
        minutes: int | UnsetType = UNSET,
        role: Literal["platform_admin", "security", "finance"] | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> EmergencyView:
        """Act at once and alone for a time: with a role of the platform, past the second person.

        Everybody who may see it does. It ends by itself, and somebody else reviews it.

        ``POST /api/v1/break-glass``; needs ``break_glass:open``.

        Args:
            role: The role in the platform that holds meanwhile.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/break-glass",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"reason": reason, "minutes": minutes, "role": role}),
                timeout=timeout,
            ),
            EmergencyView,
        )

    def end_emergency(
        self,
        emergency_id: str,
        *,
        timeout: float | None = None,
    ) -> EmergencyView:
        """End your emergency, or (`break_glass:review`) somebody else's.

        ``POST /api/v1/break-glass/{emergency_id}/end``; for whoever is signed in.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/break-glass/{}/end", emergency_id),
                timeout=timeout,
            ),
            EmergencyView,
        )

    def review_emergency(
        self,
        emergency_id: str,
        *,
        verdict: Literal["justified", "unjustified"],
        text: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> EmergencyView:
        """Say afterwards whether it was right.

        ``POST /api/v1/break-glass/{emergency_id}/review``; needs ``break_glass:review``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/break-glass/{}/review", emergency_id),
                body=sent({"verdict": verdict, "text": text}),
                timeout=timeout,
            ),
            EmergencyView,
        )


class AsyncBreakGlassResource:
    """What is under ``break_glass``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncBreakGlassResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncBreakGlassResourceRaw(self._transport.raw())

    def list_emergencies(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[EmergencyView]:
        """List who acted in emergencies, newest first.

        ``GET /api/v1/break-glass``; needs ``break_glass:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/break-glass",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[EmergencyView],
        )

    async def create(
        self,
        *,
        reason: str,
        minutes: int | UnsetType = UNSET,
        role: Literal["platform_admin", "security", "finance"] | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> EmergencyView:
        """Act at once and alone for a time: with a role of the platform, past the second person.

        Everybody who may see it does. It ends by itself, and somebody else reviews it.

        ``POST /api/v1/break-glass``; needs ``break_glass:open``.

        Args:
            role: The role in the platform that holds meanwhile.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/break-glass",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"reason": reason, "minutes": minutes, "role": role}),
                timeout=timeout,
            ),
            EmergencyView,
        )

    async def end_emergency(
        self,
        emergency_id: str,
        *,
        timeout: float | None = None,
    ) -> EmergencyView:
        """End your emergency, or (`break_glass:review`) somebody else's.

        ``POST /api/v1/break-glass/{emergency_id}/end``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/break-glass/{}/end", emergency_id),
                timeout=timeout,
            ),
            EmergencyView,
        )

    async def review_emergency(
        self,
        emergency_id: str,
        *,
        verdict: Literal["justified", "unjustified"],
        text: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> EmergencyView:
        """Say afterwards whether it was right.

        ``POST /api/v1/break-glass/{emergency_id}/review``; needs ``break_glass:review``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/break-glass/{}/review", emergency_id),
                body=sent({"verdict": verdict, "text": text}),
                timeout=timeout,
            ),
            EmergencyView,
        )


class BreakGlassResourceRaw:
    """The methods of :class:`BreakGlassResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = BreakGlassResource(transport)
        self.list_emergencies = raw(plain.list_emergencies)
        self.create = raw(plain.create)
        self.end_emergency = raw(plain.end_emergency)
        self.review_emergency = raw(plain.review_emergency)


class AsyncBreakGlassResourceRaw:
    """The methods of :class:`AsyncBreakGlassResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncBreakGlassResource(transport)
        self.list_emergencies = async_raw(plain.list_emergencies)
        self.create = async_raw(plain.create)
        self.end_emergency = async_raw(plain.end_emergency)
        self.review_emergency = async_raw(plain.review_emergency)
