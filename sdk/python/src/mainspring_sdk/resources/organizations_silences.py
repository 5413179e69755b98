"""The namespace ``organizations.silences``.

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


class OrganizationsSilencesResource:
    """What is under ``organizations.silences``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsSilencesResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsSilencesResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        with_past: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[SilenceView]:
        """List an organisation's silences, newest first.

        ``GET /api/v1/organizations/{org_id}/silences``; needs ``alert:read``.

        Args:
            with_past: Those that are over as well.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/silences", org_id),
                query={"with_past": with_past, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SilenceView],
        )

    def create(
        self,
        org_id: str,
        *,
        matchers: Sequence[MatcherBody],
        until: datetime,
        reason: str,
        starts_at: datetime | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> SilenceView:
        """Keep an organisation's channels quiet of some alerts for a time.

        ``POST /api/v1/organizations/{org_id}/silences``; needs ``alert:write``.

        Args:
            matchers: All of them must hold. At least one says what a label is.
            starts_at: Left out: now.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/silences", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {"matchers": matchers, "until": until, "reason": reason, "starts_at": starts_at}
                ),
                timeout=timeout,
            ),
            SilenceView,
        )


class AsyncOrganizationsSilencesResource:
    """What is under ``organizations.silences``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsSilencesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsSilencesResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        with_past: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[SilenceView]:
        """List an organisation's silences, newest first.

        ``GET /api/v1/organizations/{org_id}/silences``; needs ``alert:read``.

        Args:
            with_past: Those that are over as well.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/silences", org_id),
                query={"with_past": with_past, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[SilenceView],
        )

    async def create(
        self,
        org_id: str,
        *,
        matchers: Sequence[MatcherBody],
        until: datetime,
        reason: str,
        starts_at: datetime | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> SilenceView:
        """Keep an organisation's channels quiet of some alerts for a time.

        ``POST /api/v1/organizations/{org_id}/silences``; needs ``alert:write``.

        Args:
            matchers: All of them must hold. At least one says what a label is.
            starts_at: Left out: now.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/silences", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {"matchers": matchers, "until": until, "reason": reason, "starts_at": starts_at}
                ),
                timeout=timeout,
            ),
            SilenceView,
        )


class OrganizationsSilencesResourceRaw:
    """The methods of :class:`OrganizationsSilencesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsSilencesResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)


class AsyncOrganizationsSilencesResourceRaw:
    """The methods of :class:`AsyncOrganizationsSilencesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsSilencesResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
