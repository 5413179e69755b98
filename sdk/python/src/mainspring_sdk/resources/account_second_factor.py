"""The namespace ``account.second_factor``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.identity import EnrolmentView, RecoveryCodes, SecondFactorState


class AccountSecondFactorResource:
    """What is under ``account.second_factor``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AccountSecondFactorResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccountSecondFactorResourceRaw(self._transport.raw())

    def get(
        self,
        *,
        timeout: float | None = None,
    ) -> SecondFactorState:
        """Tell whether signing in asks for a code.

        ``GET /api/v1/account/second-factor``; for whoever is signed in.
        """
        return self._transport.call(
            Call(method="GET", path="/api/v1/account/second-factor", timeout=timeout),
            SecondFactorState,
        )

    def enrol(
        self,
        *,
        password: str,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> EnrolmentView:
        """Begin to use an authenticator app; show a code of it to finish.

        ``POST /api/v1/account/second-factor``; for whoever is signed in.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/account/second-factor",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"password": password}),
                timeout=timeout,
            ),
            EnrolmentView,
        )

    def confirm(
        self,
        *,
        code: str,
        timeout: float | None = None,
    ) -> RecoveryCodes:
        """Show the app's first code; from now on signing in asks for one.

        ``POST /api/v1/account/second-factor/confirm``; for whoever is signed in.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/account/second-factor/confirm",
                body=sent({"code": code}),
                timeout=timeout,
            ),
            RecoveryCodes,
        )

    def remove(
        self,
        *,
        password: str,
        timeout: float | None = None,
    ) -> None:
        """Sign in by password alone again.

        ``POST /api/v1/account/second-factor/remove``; for whoever is signed in.
        """
        self._transport.run(
            Call(
                method="POST",
                path="/api/v1/account/second-factor/remove",
                body=sent({"password": password}),
                timeout=timeout,
            )
        )


class AsyncAccountSecondFactorResource:
    """What is under ``account.second_factor``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAccountSecondFactorResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccountSecondFactorResourceRaw(self._transport.raw())

    async def get(
        self,
        *,
        timeout: float | None = None,
    ) -> SecondFactorState:
        """Tell whether signing in asks for a code.

        ``GET /api/v1/account/second-factor``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(method="GET", path="/api/v1/account/second-factor", timeout=timeout),
            SecondFactorState,
        )

    async def enrol(
        self,
        *,
        password: str,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> EnrolmentView:
        """Begin to use an authenticator app; show a code of it to finish.

        ``POST /api/v1/account/second-factor``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/account/second-factor",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"password": password}),
                timeout=timeout,
            ),
            EnrolmentView,
        )

    async def confirm(
        self,
        *,
        code: str,
        timeout: float | None = None,
    ) -> RecoveryCodes:
        """Show the app's first code; from now on signing in asks for one.

        ``POST /api/v1/account/second-factor/confirm``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/account/second-factor/confirm",
                body=sent({"code": code}),
                timeout=timeout,
            ),
            RecoveryCodes,
        )

    async def remove(
        self,
        *,
        password: str,
        timeout: float | None = None,
    ) -> None:
        """Sign in by password alone again.

        ``POST /api/v1/account/second-factor/remove``; for whoever is signed in.
        """
        await self._transport.run(
            Call(
                method="POST",
                path="/api/v1/account/second-factor/remove",
                body=sent({"password": password}),
                timeout=timeout,
            )
        )


class AccountSecondFactorResourceRaw:
    """The methods of :class:`AccountSecondFactorResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccountSecondFactorResource(transport)
        self.get = raw(plain.get)
        self.enrol = raw(plain.enrol)
        self.confirm = raw(plain.confirm)
        self.remove = raw(plain.remove)


class AsyncAccountSecondFactorResourceRaw:
    """The methods of :class:`AsyncAccountSecondFactorResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccountSecondFactorResource(transport)
        self.get = async_raw(plain.get)
        self.enrol = async_raw(plain.enrol)
        self.confirm = async_raw(plain.confirm)
        self.remove = async_raw(plain.remove)
