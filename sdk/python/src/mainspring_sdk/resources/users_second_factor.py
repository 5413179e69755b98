"""The namespace ``users.second_factor``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport


class UsersSecondFactorResource:
    """What is under ``users.second_factor``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "UsersSecondFactorResourceRaw":
        """Return the same methods, with the whole answer."""
        return UsersSecondFactorResourceRaw(self._transport.raw())

    def reset(
        self,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take somebody's second factor away, for whoever lost both app and codes.

        ``DELETE /api/v1/users/{user_id}/second-factor``; needs ``user:write``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/users/{}/second-factor", user_id),
                timeout=timeout,
            )
        )


class AsyncUsersSecondFactorResource:
    """What is under ``users.second_factor``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncUsersSecondFactorResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncUsersSecondFactorResourceRaw(self._transport.raw())

    async def reset(
        self,
        user_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take somebody's second factor away, for whoever lost both app and codes.

        ``DELETE /api/v1/users/{user_id}/second-factor``; needs ``user:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/users/{}/second-factor", user_id),
                timeout=timeout,
            )
        )


class UsersSecondFactorResourceRaw:
    """The methods of :class:`UsersSecondFactorResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = UsersSecondFactorResource(transport)
        self.reset = raw(plain.reset)


class AsyncUsersSecondFactorResourceRaw:
    """The methods of :class:`AsyncUsersSecondFactorResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncUsersSecondFactorResource(transport)
        self.reset = async_raw(plain.reset)
