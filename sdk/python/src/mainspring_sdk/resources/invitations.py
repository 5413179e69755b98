"""The namespace ``invitations``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import InvitationView, OfferView
from mainspring_sdk.models.shared import SessionView


class InvitationsResource:
    """What is under ``invitations``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "InvitationsResourceRaw":
        """Return the same methods, with the whole answer."""
        return InvitationsResourceRaw(self._transport.raw())

    def revoke(
        self,
        invitation_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Withdraw an invitation.

        ``DELETE /api/v1/invitations/{invitation_id}``; needs ``member:write``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/invitations/{}", invitation_id),
                timeout=timeout,
            )
        )

    def open(
        self,
        *,
        token: str,
        timeout: float | None = None,
    ) -> OfferView:
        """Tell what a link offers; it stays good.

        ``POST /api/v1/invitations/open``; open to everybody.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/invitations/open",
                body=sent({"token": token}),
                timeout=timeout,
            ),
            OfferView,
        )

    def accept(
        self,
        *,
        token: str,
        name: str,
        password: str,
        language: Literal["en", "zh"] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> SessionView:
        """Make an account by a link, and sign in; works once.

        ``POST /api/v1/invitations/accept``; open to everybody.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/invitations/accept",
                body=sent(
                    {"token": token, "name": name, "password": password, "language": language}
                ),
                timeout=timeout,
            ),
            SessionView,
        )

    def join(
        self,
        *,
        token: str,
        timeout: float | None = None,
    ) -> InvitationView:
        """Join by a link as the person who is signed in; works once.

        ``POST /api/v1/invitations/join``; for whoever is signed in.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/invitations/join",
                body=sent({"token": token}),
                timeout=timeout,
            ),
            InvitationView,
        )


class AsyncInvitationsResource:
    """What is under ``invitations``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncInvitationsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncInvitationsResourceRaw(self._transport.raw())

    async def revoke(
        self,
        invitation_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Withdraw an invitation.

        ``DELETE /api/v1/invitations/{invitation_id}``; needs ``member:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/invitations/{}", invitation_id),
                timeout=timeout,
            )
        )

    async def open(
        self,
        *,
        token: str,
        timeout: float | None = None,
    ) -> OfferView:
        """Tell what a link offers; it stays good.

        ``POST /api/v1/invitations/open``; open to everybody.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/invitations/open",
                body=sent({"token": token}),
                timeout=timeout,
            ),
            OfferView,
        )

    async def accept(
        self,
        *,
        token: str,
        name: str,
        password: str,
        language: Literal["en", "zh"] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> SessionView:
        """Make an account by a link, and sign in; works once.

        ``POST /api/v1/invitations/accept``; open to everybody.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/invitations/accept",
                body=sent(
                    {"token": token, "name": name, "password": password, "language": language}
                ),
                timeout=timeout,
            ),
            SessionView,
        )

    async def join(
        self,
        *,
        token: str,
        timeout: float | None = None,
    ) -> InvitationView:
        """Join by a link as the person who is signed in; works once.

        ``POST /api/v1/invitations/join``; for whoever is signed in.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/invitations/join",
                body=sent({"token": token}),
                timeout=timeout,
            ),
            InvitationView,
        )


class InvitationsResourceRaw:
    """The methods of :class:`InvitationsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = InvitationsResource(transport)
        self.revoke = raw(plain.revoke)
        self.open = raw(plain.open)
        self.accept = raw(plain.accept)
        self.join = raw(plain.join)


class AsyncInvitationsResourceRaw:
    """The methods of :class:`AsyncInvitationsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncInvitationsResource(transport)
        self.revoke = async_raw(plain.revoke)
        self.open = async_raw(plain.open)
        self.accept = async_raw(plain.accept)
        self.join = async_raw(plain.join)
