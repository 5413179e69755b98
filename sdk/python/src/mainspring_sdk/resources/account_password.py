"""The namespace ``account.password``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport


class AccountPasswordResource:
    """What is under ``account.password``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AccountPasswordResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccountPasswordResourceRaw(self._transport.raw())

    def change(
        self,
        *,
        current: str,
        new: str,
        timeout: float | None = None,
    ) -> None:
        """Change your password; your other sessions end.

        ``POST /api/v1/account/password``; for whoever is signed in.
        """
        self._transport.run(
            Call(
                method="POST",
                path="/api/v1/account/password",
                body=sent({"current": current, "new": new}),
                timeout=timeout,
            )
        )


class AsyncAccountPasswordResource:
    """What is under ``account.password``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAccountPasswordResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccountPasswordResourceRaw(self._transport.raw())

    async def change(
        self,
        *,
        current: str,
        new: str,
        timeout: float | None = None,
    ) -> None:
        """Change your password; your other sessions end.

        ``POST /api/v1/account/password``; for whoever is signed in.
        """
        await self._transport.run(
            Call(
                method="POST",
                path="/api/v1/account/password",
                body=sent({"current": current, "new": new}),
                timeout=timeout,
            )
        )


class AccountPasswordResourceRaw:
    """The methods of :class:`AccountPasswordResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccountPasswordResource(transport)
        self.change = raw(plain.change)


class AsyncAccountPasswordResourceRaw:
    """The methods of :class:`AsyncAccountPasswordResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccountPasswordResource(transport)
        self.change = async_raw(plain.change)
