"""The namespace ``releases.offline``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.releases import ReleaseView


class ReleasesOfflineResource:
    """What is under ``releases.offline``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ReleasesOfflineResourceRaw":
        """Return the same methods, with the whole answer."""
        return ReleasesOfflineResourceRaw(self._transport.raw())

    def take(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        force: bool | UnsetType = UNSET,
        replacement: str | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Take a release out of service. A model without a stable one refuses calls.

        ``POST /api/v1/releases/{release_id}/offline``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            force: Stop it although it takes calls undeprecated.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/offline", release_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason, "force": force, "replacement": replacement}),
                timeout=timeout,
            ),
            ReleaseView,
        )


class AsyncReleasesOfflineResource:
    """What is under ``releases.offline``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncReleasesOfflineResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncReleasesOfflineResourceRaw(self._transport.raw())

    async def take(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        force: bool | UnsetType = UNSET,
        replacement: str | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Take a release out of service. A model without a stable one refuses calls.

        ``POST /api/v1/releases/{release_id}/offline``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            force: Stop it although it takes calls undeprecated.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/offline", release_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason, "force": force, "replacement": replacement}),
                timeout=timeout,
            ),
            ReleaseView,
        )


class ReleasesOfflineResourceRaw:
    """The methods of :class:`ReleasesOfflineResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ReleasesOfflineResource(transport)
        self.take = raw(plain.take)


class AsyncReleasesOfflineResourceRaw:
    """The methods of :class:`AsyncReleasesOfflineResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncReleasesOfflineResource(transport)
        self.take = async_raw(plain.take)
