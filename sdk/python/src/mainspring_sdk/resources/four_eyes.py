"""The namespace ``four_eyes``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.oversight import FourEyesView


class FourEyesResource:
    """What is under ``four_eyes``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "FourEyesResourceRaw":
        """Return the same methods, with the whole answer."""
        return FourEyesResourceRaw(self._transport.raw())

    def get(
        self,
        *,
        timeout: float | None = None,
    ) -> FourEyesView:
        """Read which changes need a second person.

        ``GET /api/v1/four-eyes``; needs ``change:read``.
        """
        return self._transport.call(
            Call(method="GET", path="/api/v1/four-eyes", timeout=timeout), FourEyesView
        )

    def put(
        self,
        *,
        enabled: bool,
        actions: Sequence[str] | UnsetType = UNSET,
        hours: int | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> FourEyesView:
        """Say which changes need a second person.

        Such a request is answered with 202 and the problem `change_pending`, which names the
        change
        that waits; nothing is done until somebody else approves it.

        ``PUT /api/v1/four-eyes``; needs ``four_eyes:write``.

        Args:
            actions: Ids of operations; `operation:member` is a request whose body names that
                member.
            hours: How long a change waits.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PUT",
                path="/api/v1/four-eyes",
                headers=headers_of(if_match=if_match),
                body=sent({"enabled": enabled, "actions": actions, "hours": hours}),
                timeout=timeout,
            ),
            FourEyesView,
        )


class AsyncFourEyesResource:
    """What is under ``four_eyes``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncFourEyesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncFourEyesResourceRaw(self._transport.raw())

    async def get(
        self,
        *,
        timeout: float | None = None,
    ) -> FourEyesView:
        """Read which changes need a second person.

        ``GET /api/v1/four-eyes``; needs ``change:read``.
        """
        return await self._transport.call(
            Call(method="GET", path="/api/v1/four-eyes", timeout=timeout), FourEyesView
        )

    async def put(
        self,
        *,
        enabled: bool,
        actions: Sequence[str] | UnsetType = UNSET,
        hours: int | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> FourEyesView:
        """Say which changes need a second person.

        Such a request is answered with 202 and the problem `change_pending`, which names the
        change
        that waits; nothing is done until somebody else approves it.

        ``PUT /api/v1/four-eyes``; needs ``four_eyes:write``.

        Args:
            actions: Ids of operations; `operation:member` is a request whose body names that
                member.
            hours: How long a change waits.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PUT",
                path="/api/v1/four-eyes",
                headers=headers_of(if_match=if_match),
                body=sent({"enabled": enabled, "actions": actions, "hours": hours}),
                timeout=timeout,
            ),
            FourEyesView,
        )


class FourEyesResourceRaw:
    """The methods of :class:`FourEyesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = FourEyesResource(transport)
        self.get = raw(plain.get)
        self.put = raw(plain.put)


class AsyncFourEyesResourceRaw:
    """The methods of :class:`AsyncFourEyesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncFourEyesResource(transport)
        self.get = async_raw(plain.get)
        self.put = async_raw(plain.put)
