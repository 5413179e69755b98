"""The namespace ``silences``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.alerts import MatcherBody, SilenceView


class SilencesResource:
    """What is under ``silences``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SilencesResourceRaw":
        """Return the same methods, with the whole answer."""
        return SilencesResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        with_past: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[SilenceView]:
        """List the platform's silences, newest first.

        ``GET /api/v1/silences``; needs ``alert:read``.

        Args:
            with_past: Those that are over as well.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/silences",
                query={"with_past": with_past, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SilenceView],
        )

    def create(
        self,
        *,
        matchers: Sequence[MatcherBody],
        until: datetime,
        reason: str,
        starts_at: datetime | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> SilenceView:
        """Keep the platform's channels quiet of some alerts for a time.

        ``POST /api/v1/silences``; needs ``alert:write``.

        Args:
            matchers: All of them must hold. At least one says what a label is.
            starts_at: Left out: now.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/silences",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {"matchers": matchers, "until": until, "reason": reason, "starts_at": starts_at}
                ),
                timeout=timeout,
            ),
            SilenceView,
        )

    def get(
        self,
        silence_id: str,
        *,
        timeout: float | None = None,
    ) -> SilenceView:
        """Read one silence.

        ``GET /api/v1/silences/{silence_id}``; needs ``alert:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/silences/{}", silence_id), timeout=timeout),
            SilenceView,
        )

    def end(
        self,
        silence_id: str,
        *,
        timeout: float | None = None,
    ) -> SilenceView:
        """End a silence now; it stays to be looked up.

        ``POST /api/v1/silences/{silence_id}/end``; needs ``alert:write``.
        """
        return self._transport.call(
            Call(
                method="POST", path=path_of("/api/v1/silences/{}/end", silence_id), timeout=timeout
            ),
            SilenceView,
        )


class AsyncSilencesResource:
    """What is under ``silences``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSilencesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSilencesResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        with_past: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[SilenceView]:
        """List the platform's silences, newest first.

        ``GET /api/v1/silences``; needs ``alert:read``.

        Args:
            with_past: Those that are over as well.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/silences",
                query={"with_past": with_past, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SilenceView],
        )

    async def create(
        self,
        *,
        matchers: Sequence[MatcherBody],
        until: datetime,
        reason: str,
        starts_at: datetime | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> SilenceView:
        """Keep the platform's channels quiet of some alerts for a time.

        ``POST /api/v1/silences``; needs ``alert:write``.

        Args:
            matchers: All of them must hold. At least one says what a label is.
            starts_at: Left out: now.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/silences",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {"matchers": matchers, "until": until, "reason": reason, "starts_at": starts_at}
                ),
                timeout=timeout,
            ),
            SilenceView,
        )

    async def get(
        self,
        silence_id: str,
        *,
        timeout: float | None = None,
    ) -> SilenceView:
        """Read one silence.

        ``GET /api/v1/silences/{silence_id}``; needs ``alert:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/silences/{}", silence_id), timeout=timeout),
            SilenceView,
        )

    async def end(
        self,
        silence_id: str,
        *,
        timeout: float | None = None,
    ) -> SilenceView:
        """End a silence now; it stays to be looked up.

        ``POST /api/v1/silences/{silence_id}/end``; needs ``alert:write``.
        """
        return await self._transport.call(
            Call(
                method="POST", path=path_of("/api/v1/silences/{}/end", silence_id), timeout=timeout
            ),
            SilenceView,
        )


class SilencesResourceRaw:
    """The methods of :class:`SilencesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SilencesResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.get = raw(plain.get)
        self.end = raw(plain.end)


class AsyncSilencesResourceRaw:
    """The methods of :class:`AsyncSilencesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSilencesResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.get = async_raw(plain.get)
        self.end = async_raw(plain.end)
