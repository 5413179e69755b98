"""The namespace ``models.rollback``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.releases import ReleaseView


class ModelsRollbackResource:
    """What is under ``models.rollback``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ModelsRollbackResourceRaw":
        """Return the same methods, with the whole answer."""
        return ModelsRollbackResourceRaw(self._transport.raw())

    def roll_back(
        self,
        model_id: str,
        *,
        reason: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Take the candidate back; without one, let the release before serve again.

        Gateways follow within moments. The answer is the release that was taken back.

        ``POST /api/v1/models/{model_id}/rollback``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/models/{}/rollback", model_id),
                body=sent({"reason": reason}),
                timeout=timeout,
            ),
            ReleaseView,
        )


class AsyncModelsRollbackResource:
    """What is under ``models.rollback``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncModelsRollbackResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncModelsRollbackResourceRaw(self._transport.raw())

    async def roll_back(
        self,
        model_id: str,
        *,
        reason: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Take the candidate back; without one, let the release before serve again.

        Gateways follow within moments. The answer is the release that was taken back.

        ``POST /api/v1/models/{model_id}/rollback``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/models/{}/rollback", model_id),
                body=sent({"reason": reason}),
                timeout=timeout,
            ),
            ReleaseView,
        )


class ModelsRollbackResourceRaw:
    """The methods of :class:`ModelsRollbackResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ModelsRollbackResource(transport)
        self.roll_back = raw(plain.roll_back)


class AsyncModelsRollbackResourceRaw:
    """The methods of :class:`AsyncModelsRollbackResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncModelsRollbackResource(transport)
        self.roll_back = async_raw(plain.roll_back)
