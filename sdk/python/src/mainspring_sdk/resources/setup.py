"""The namespace ``setup``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.identity import SetupState
from mainspring_sdk.models.shared import SessionView


class SetupResource:
    """What is under ``setup``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SetupResourceRaw":
        """Return the same methods, with the whole answer."""
        return SetupResourceRaw(self._transport.raw())

    def get(
        self,
        *,
        timeout: float | None = None,
    ) -> SetupState:
        """Tell whether the first administrator is still to be created.

        ``GET /api/v1/setup``; open to everybody.
        """
        return self._transport.call(
            Call(method="GET", path="/api/v1/setup", timeout=timeout), SetupState
        )

    def complete(
        self,
        *,
        token: str,
        email: str,
        name: str,
        password: str,
        language: Literal["en", "zh"] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> SessionView:
        """Create the first administrator and sign them in; works once.

        ``POST /api/v1/setup``; open to everybody.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/setup",
                body=sent(
                    {
                        "token": token,
                        "email": email,
                        "name": name,
                        "password": password,
                        "language": language,
                    }
                ),
                timeout=timeout,
            ),
            SessionView,
        )


class AsyncSetupResource:
    """What is under ``setup``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSetupResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSetupResourceRaw(self._transport.raw())

    async def get(
        self,
        *,
        timeout: float | None = None,
    ) -> SetupState:
        """Tell whether the first administrator is still to be created.

        ``GET /api/v1/setup``; open to everybody.
        """
        return await self._transport.call(
            Call(method="GET", path="/api/v1/setup", timeout=timeout), SetupState
        )

    async def complete(
        self,
        *,
        token: str,
        email: str,
        name: str,
        password: str,
        language: Literal["en", "zh"] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> SessionView:
        """Create the first administrator and sign them in; works once.

        ``POST /api/v1/setup``; open to everybody.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/setup",
                body=sent(
                    {
                        "token": token,
                        "email": email,
                        "name": name,
                        "password": password,
                        "language": language,
                    }
                ),
                timeout=timeout,
            ),
            SessionView,
        )


class SetupResourceRaw:
    """The methods of :class:`SetupResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SetupResource(transport)
        self.get = raw(plain.get)
        self.complete = raw(plain.complete)


class AsyncSetupResourceRaw:
    """The methods of :class:`AsyncSetupResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSetupResource(transport)
        self.get = async_raw(plain.get)
        self.complete = async_raw(plain.complete)
