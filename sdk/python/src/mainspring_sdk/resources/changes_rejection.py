"""The namespace ``changes.rejection``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.oversight import ChangeView


class ChangesRejectionResource:
    """What is under ``changes.rejection``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ChangesRejectionResourceRaw":
        """Return the same methods, with the whole answer."""
        return ChangesRejectionResourceRaw(self._transport.raw())

    def reject(
        self,
        change_id: str,
        *,
        comment: str,
        timeout: float | None = None,
    ) -> ChangeView:
        """Refuse a change, and say why.

        ``POST /api/v1/changes/{change_id}/rejection``; needs ``change:decide``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/changes/{}/rejection", change_id),
                body=sent({"comment": comment}),
                timeout=timeout,
            ),
            ChangeView,
        )


class AsyncChangesRejectionResource:
    """What is under ``changes.rejection``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncChangesRejectionResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncChangesRejectionResourceRaw(self._transport.raw())

    async def reject(
        self,
        change_id: str,
        *,
        comment: str,
        timeout: float | None = None,
    ) -> ChangeView:
        """Refuse a change, and say why.

        ``POST /api/v1/changes/{change_id}/rejection``; needs ``change:decide``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/changes/{}/rejection", change_id),
                body=sent({"comment": comment}),
                timeout=timeout,
            ),
            ChangeView,
        )


class ChangesRejectionResourceRaw:
    """The methods of :class:`ChangesRejectionResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ChangesRejectionResource(transport)
        self.reject = raw(plain.reject)


class AsyncChangesRejectionResourceRaw:
    """The methods of :class:`AsyncChangesRejectionResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncChangesRejectionResource(transport)
        self.reject = async_raw(plain.reject)
