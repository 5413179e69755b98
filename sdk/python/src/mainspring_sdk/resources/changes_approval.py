"""The namespace ``changes.approval``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.oversight import ChangeView


class ChangesApprovalResource:
    """What is under ``changes.approval``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ChangesApprovalResourceRaw":
        """Return the same methods, with the whole answer."""
        return ChangesApprovalResourceRaw(self._transport.raw())

    def approve(
        self,
        change_id: str,
        *,
        comment: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> ChangeView:
        """Agree to a change that somebody else asked for; it is made at once, in their name.

        `status` and `code` of the answer tell how that went.

        ``POST /api/v1/changes/{change_id}/approval``; needs ``change:decide``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/changes/{}/approval", change_id),
                body=sent({"comment": comment}),
                timeout=timeout,
            ),
            ChangeView,
        )


class AsyncChangesApprovalResource:
    """What is under ``changes.approval``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncChangesApprovalResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncChangesApprovalResourceRaw(self._transport.raw())

    async def approve(
        self,
        change_id: str,
        *,
        comment: str | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> ChangeView:
        """Agree to a change that somebody else asked for; it is made at once, in their name.

        `status` and `code` of the answer tell how that went.

        ``POST /api/v1/changes/{change_id}/approval``; needs ``change:decide``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/changes/{}/approval", change_id),
                body=sent({"comment": comment}),
                timeout=timeout,
            ),
            ChangeView,
        )


class ChangesApprovalResourceRaw:
    """The methods of :class:`ChangesApprovalResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ChangesApprovalResource(transport)
        self.approve = raw(plain.approve)


class AsyncChangesApprovalResourceRaw:
    """The methods of :class:`AsyncChangesApprovalResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncChangesApprovalResource(transport)
        self.approve = async_raw(plain.approve)
