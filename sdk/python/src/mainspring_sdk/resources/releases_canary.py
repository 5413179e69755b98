"""The namespace ``releases.canary``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.releases import ReleaseView


class ReleasesCanaryResource:
    """What is under ``releases.canary``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ReleasesCanaryResourceRaw":
        """Return the same methods, with the whole answer."""
        return ReleasesCanaryResourceRaw(self._transport.raw())

    def start(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Give the candidate the first share of calls.

        ``POST /api/v1/releases/{release_id}/canary``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/canary", release_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason}),
                timeout=timeout,
            ),
            ReleaseView,
        )


class AsyncReleasesCanaryResource:
    """What is under ``releases.canary``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncReleasesCanaryResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncReleasesCanaryResourceRaw(self._transport.raw())

    async def start(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Give the candidate the first share of calls.

        ``POST /api/v1/releases/{release_id}/canary``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/canary", release_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason}),
                timeout=timeout,
            ),
            ReleaseView,
        )


class ReleasesCanaryResourceRaw:
    """The methods of :class:`ReleasesCanaryResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ReleasesCanaryResource(transport)
        self.start = raw(plain.start)


class AsyncReleasesCanaryResourceRaw:
    """The methods of :class:`AsyncReleasesCanaryResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncReleasesCanaryResource(transport)
        self.start = async_raw(plain.start)
