"""The namespace ``sign_in_policy``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.identity import SignInPolicyView


class SignInPolicyResource:
    """What is under ``sign_in_policy``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SignInPolicyResourceRaw":
        """Return the same methods, with the whole answer."""
        return SignInPolicyResourceRaw(self._transport.raw())

    def get(
        self,
        *,
        timeout: float | None = None,
    ) -> SignInPolicyView:
        """Read how people sign in.

        ``GET /api/v1/sign-in-policy``; needs ``identity_provider:read``.
        """
        return self._transport.call(
            Call(method="GET", path="/api/v1/sign-in-policy", timeout=timeout), SignInPolicyView
        )

    def put(
        self,
        *,
        password_sign_in: bool,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> SignInPolicyView:
        """Switch signing in by password off or on.

        Off needs an enabled identity provider of the platform, and an administrator whose
        password
        stays good for emergencies (`break_glass`).

        ``PUT /api/v1/sign-in-policy``; needs ``sign_in:write``.

        Args:
            password_sign_in: Off, passwords open the accounts of administrators with
                `break_glass` only.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PUT",
                path="/api/v1/sign-in-policy",
                headers=headers_of(if_match=if_match),
                body=sent({"password_sign_in": password_sign_in}),
                timeout=timeout,
            ),
            SignInPolicyView,
        )


class AsyncSignInPolicyResource:
    """What is under ``sign_in_policy``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSignInPolicyResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSignInPolicyResourceRaw(self._transport.raw())

    async def get(
        self,
        *,
        timeout: float | None = None,
    ) -> SignInPolicyView:
        """Read how people sign in.

        ``GET /api/v1/sign-in-policy``; needs ``identity_provider:read``.
        """
        return await self._transport.call(
            Call(method="GET", path="/api/v1/sign-in-policy", timeout=timeout), SignInPolicyView
        )

    async def put(
        self,
        *,
        password_sign_in: bool,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> SignInPolicyView:
        """Switch signing in by password off or on.

        Off needs an enabled identity provider of the platform, and an administrator whose
        password
        stays good for emergencies (`break_glass`).

        ``PUT /api/v1/sign-in-policy``; needs ``sign_in:write``.

        Args:
            password_sign_in: Off, passwords open the accounts of administrators with
                `break_glass` only.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PUT",
                path="/api/v1/sign-in-policy",
                headers=headers_of(if_match=if_match),
                body=sent({"password_sign_in": password_sign_in}),
                timeout=timeout,
            ),
            SignInPolicyView,
        )


class SignInPolicyResourceRaw:
    """The methods of :class:`SignInPolicyResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SignInPolicyResource(transport)
        self.get = raw(plain.get)
        self.put = raw(plain.put)


class AsyncSignInPolicyResourceRaw:
    """The methods of :class:`AsyncSignInPolicyResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSignInPolicyResource(transport)
        self.get = async_raw(plain.get)
        self.put = async_raw(plain.put)
