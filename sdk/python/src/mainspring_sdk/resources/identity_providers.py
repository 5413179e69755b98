"""The namespace ``identity_providers``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.identity import ProviderCheck, ProviderView, RuleBody


class IdentityProvidersResource:
    """What is under ``identity_providers``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "IdentityProvidersResourceRaw":
        """Return the same methods, with the whole answer."""
        return IdentityProvidersResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ProviderView]:
        """List the platform's own identity providers, oldest first.

        ``GET /api/v1/identity-providers``; needs ``identity_provider:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/identity-providers",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ProviderView],
        )

    def create(
        self,
        *,
        name: str,
        issuer: str,
        client_id: str,
        display_name: str | UnsetType | None = UNSET,
        client_secret: str | UnsetType | None = UNSET,
        scopes: Sequence[str] | UnsetType = UNSET,
        algorithms: Sequence[
            Literal[
                "RS256",
                "RS384",
                "RS512",
                "PS256",
                "PS384",
                "PS512",
                "ES256",
                "ES384",
                "ES512",
                "EdDSA",
            ]
        ]
        | UnsetType = UNSET,
        email_claim: str | UnsetType = UNSET,
        name_claim: str | UnsetType = UNSET,
        groups_claim: str | UnsetType = UNSET,
        allowed_domains: Sequence[str] | UnsetType = UNSET,
        rules: Sequence[RuleBody] | UnsetType = UNSET,
        creates_accounts: bool | UnsetType = UNSET,
        links_by_email: bool | UnsetType = UNSET,
        session_hours: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ProviderView:
        """Have an OpenID provider vouch for people in the whole platform.

        ``POST /api/v1/identity-providers``; needs ``identity_provider:write``.

        Args:
            name: It cannot be changed.
            display_name: Shown on the sign-in page; left out, the name.
            issuer: As the provider's discovery document names it; it cannot be changed.
            client_secret: Sealed at once and never shown again; `null` for a public client.
            groups_claim: A path may have dots: `realm.roles`.
            allowed_domains: E-mail domains of the people who may come from here; the sign-in
                page offers an organisation's provider to them. Empty: any, for the
                platform's own providers.
            rules: Derived afresh at every sign-in.
            creates_accounts: Let people in who were never here.
            links_by_email: Let a verified address lead to an account that exists; of an
                organisation's provider, to a member's only.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/identity-providers",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "display_name": display_name,
                        "issuer": issuer,
                        "client_id": client_id,
                        "client_secret": client_secret,
                        "scopes": scopes,
                        "algorithms": algorithms,
                        "email_claim": email_claim,
                        "name_claim": name_claim,
                        "groups_claim": groups_claim,
                        "allowed_domains": allowed_domains,
                        "rules": rules,
                        "creates_accounts": creates_accounts,
                        "links_by_email": links_by_email,
                        "session_hours": session_hours,
                        "enabled": enabled,
                    }
                ),
                timeout=timeout,
            ),
            ProviderView,
        )

    def get(
        self,
        provider_id: str,
        *,
        timeout: float | None = None,
    ) -> ProviderView:
        """Read one identity provider.

        ``GET /api/v1/identity-providers/{provider_id}``; needs ``identity_provider:read``.
        """
        return self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/identity-providers/{}", provider_id),
                timeout=timeout,
            ),
            ProviderView,
        )

    def delete(
        self,
        provider_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove an identity provider, its sessions, and the roles that followed from it.

        ``DELETE /api/v1/identity-providers/{provider_id}``; needs ``identity_provider:write``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/identity-providers/{}", provider_id),
                timeout=timeout,
            )
        )

    def update(
        self,
        provider_id: str,
        *,
        display_name: str | UnsetType = UNSET,
        client_id: str | UnsetType = UNSET,
        client_secret: str | UnsetType | None = UNSET,
        scopes: Sequence[str] | UnsetType = UNSET,
        algorithms: Sequence[
            Literal[
                "RS256",
                "RS384",
                "RS512",
                "PS256",
                "PS384",
                "PS512",
                "ES256",
                "ES384",
                "ES512",
                "EdDSA",
            ]
        ]
        | UnsetType = UNSET,
        email_claim: str | UnsetType = UNSET,
        name_claim: str | UnsetType = UNSET,
        groups_claim: str | UnsetType = UNSET,
        allowed_domains: Sequence[str] | UnsetType = UNSET,
        rules: Sequence[RuleBody] | UnsetType = UNSET,
        creates_accounts: bool | UnsetType = UNSET,
        links_by_email: bool | UnsetType = UNSET,
        session_hours: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ProviderView:
        """Change an identity provider; switched off, the sessions that it opened end.

        ``PATCH /api/v1/identity-providers/{provider_id}``; needs ``identity_provider:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/identity-providers/{}", provider_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "display_name": display_name,
                        "client_id": client_id,
                        "client_secret": client_secret,
                        "scopes": scopes,
                        "algorithms": algorithms,
                        "email_claim": email_claim,
                        "name_claim": name_claim,
                        "groups_claim": groups_claim,
                        "allowed_domains": allowed_domains,
                        "rules": rules,
                        "creates_accounts": creates_accounts,
                        "links_by_email": links_by_email,
                        "session_hours": session_hours,
                        "enabled": enabled,
                    }
                ),
                timeout=timeout,
            ),
            ProviderView,
        )

    def check(
        self,
        provider_id: str,
        *,
        timeout: float | None = None,
    ) -> ProviderCheck:
        """Ask the provider for its metadata and keys, and say what is wrong.

        ``POST /api/v1/identity-providers/{provider_id}/check``; needs
        ``identity_provider:write``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/identity-providers/{}/check", provider_id),
                timeout=timeout,
            ),
            ProviderCheck,
        )


class AsyncIdentityProvidersResource:
    """What is under ``identity_providers``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncIdentityProvidersResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncIdentityProvidersResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ProviderView]:
        """List the platform's own identity providers, oldest first.

        ``GET /api/v1/identity-providers``; needs ``identity_provider:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/identity-providers",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ProviderView],
        )

    async def create(
        self,
        *,
        name: str,
        issuer: str,
        client_id: str,
        display_name: str | UnsetType | None = UNSET,
        client_secret: str | UnsetType | None = UNSET,
        scopes: Sequence[str] | UnsetType = UNSET,
        algorithms: Sequence[
            Literal[
                "RS256",
                "RS384",
                "RS512",
                "PS256",
                "PS384",
                "PS512",
                "ES256",
                "ES384",
                "ES512",
                "EdDSA",
            ]
        ]
        | UnsetType = UNSET,
        email_claim: str | UnsetType = UNSET,
        name_claim: str | UnsetType = UNSET,
        groups_claim: str | UnsetType = UNSET,
        allowed_domains: Sequence[str] | UnsetType = UNSET,
        rules: Sequence[RuleBody] | UnsetType = UNSET,
        creates_accounts: bool | UnsetType = UNSET,
        links_by_email: bool | UnsetType = UNSET,
        session_hours: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ProviderView:
        """Have an OpenID provider vouch for people in the whole platform.

        ``POST /api/v1/identity-providers``; needs ``identity_provider:write``.

        Args:
            name: It cannot be changed.
            display_name: Shown on the sign-in page; left out, the name.
            issuer: As the provider's discovery document names it; it cannot be changed.
            client_secret: Sealed at once and never shown again; `null` for a public client.
            groups_claim: A path may have dots: `realm.roles`.
            allowed_domains: E-mail domains of the people who may come from here; the sign-in
                page offers an organisation's provider to them. Empty: any, for the
                platform's own providers.
            rules: Derived afresh at every sign-in.
            creates_accounts: Let people in who were never here.
            links_by_email: Let a verified address lead to an account that exists; of an
                organisation's provider, to a member's only.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/identity-providers",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "display_name": display_name,
                        "issuer": issuer,
                        "client_id": client_id,
                        "client_secret": client_secret,
                        "scopes": scopes,
                        "algorithms": algorithms,
                        "email_claim": email_claim,
                        "name_claim": name_claim,
                        "groups_claim": groups_claim,
                        "allowed_domains": allowed_domains,
                        "rules": rules,
                        "creates_accounts": creates_accounts,
                        "links_by_email": links_by_email,
                        "session_hours": session_hours,
                        "enabled": enabled,
                    }
                ),
                timeout=timeout,
            ),
            ProviderView,
        )

    async def get(
        self,
        provider_id: str,
        *,
        timeout: float | None = None,
    ) -> ProviderView:
        """Read one identity provider.

        ``GET /api/v1/identity-providers/{provider_id}``; needs ``identity_provider:read``.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/identity-providers/{}", provider_id),
                timeout=timeout,
            ),
            ProviderView,
        )

    async def delete(
        self,
        provider_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove an identity provider, its sessions, and the roles that followed from it.

        ``DELETE /api/v1/identity-providers/{provider_id}``; needs ``identity_provider:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/identity-providers/{}", provider_id),
                timeout=timeout,
            )
        )

    async def update(
        self,
        provider_id: str,
        *,
        display_name: str | UnsetType = UNSET,
        client_id: str | UnsetType = UNSET,
        client_secret: str | UnsetType | None = UNSET,
        scopes: Sequence[str] | UnsetType = UNSET,
        algorithms: Sequence[
            Literal[
                "RS256",
                "RS384",
                "RS512",
                "PS256",
                "PS384",
                "PS512",
                "ES256",
                "ES384",
                "ES512",
                "EdDSA",
            ]
        ]
        | UnsetType = UNSET,
        email_claim: str | UnsetType = UNSET,
        name_claim: str | UnsetType = UNSET,
        groups_claim: str | UnsetType = UNSET,
        allowed_domains: Sequence[str] | UnsetType = UNSET,
        rules: Sequence[RuleBody] | UnsetType = UNSET,
        creates_accounts: bool | UnsetType = UNSET,
        links_by_email: bool | UnsetType = UNSET,
        session_hours: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ProviderView:
        """Change an identity provider; switched off, the sessions that it opened end.

        ``PATCH /api/v1/identity-providers/{provider_id}``; needs ``identity_provider:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/identity-providers/{}", provider_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "display_name": display_name,
                        "client_id": client_id,
                        "client_secret": client_secret,
                        "scopes": scopes,
                        "algorithms": algorithms,
                        "email_claim": email_claim,
                        "name_claim": name_claim,
                        "groups_claim": groups_claim,
                        "allowed_domains": allowed_domains,
                        "rules": rules,
                        "creates_accounts": creates_accounts,
                        "links_by_email": links_by_email,
                        "session_hours": session_hours,
                        "enabled": enabled,
                    }
                ),
                timeout=timeout,
            ),
            ProviderView,
        )

    async def check(
        self,
        provider_id: str,
        *,
        timeout: float | None = None,
    ) -> ProviderCheck:
        """Ask the provider for its metadata and keys, and say what is wrong.

        ``POST /api/v1/identity-providers/{provider_id}/check``; needs
        ``identity_provider:write``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/identity-providers/{}/check", provider_id),
                timeout=timeout,
            ),
            ProviderCheck,
        )


class IdentityProvidersResourceRaw:
    """The methods of :class:`IdentityProvidersResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = IdentityProvidersResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)
        self.check = raw(plain.check)


class AsyncIdentityProvidersResourceRaw:
    """The methods of :class:`AsyncIdentityProvidersResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncIdentityProvidersResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
        self.check = async_raw(plain.check)
