"""The namespace ``organizations.identity_providers``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.identity import ProviderView, RuleBody


class OrganizationsIdentityProvidersResource:
    """What is under ``organizations.identity_providers``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsIdentityProvidersResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsIdentityProvidersResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ProviderView]:
        """List an organisation's identity providers, oldest first.

        ``GET /api/v1/organizations/{org_id}/identity-providers``; needs
        ``identity_provider:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/identity-providers", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ProviderView],
        )

    def create(
        self,
        org_id: str,
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
        """Have an OpenID provider vouch for people in one organisation.

        ``POST /api/v1/organizations/{org_id}/identity-providers``; needs
        ``identity_provider:write``.

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
                path=path_of("/api/v1/organizations/{}/identity-providers", org_id),
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


class AsyncOrganizationsIdentityProvidersResource:
    """What is under ``organizations.identity_providers``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsIdentityProvidersResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsIdentityProvidersResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ProviderView]:
        """List an organisation's identity providers, oldest first.

        ``GET /api/v1/organizations/{org_id}/identity-providers``; needs
        ``identity_provider:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/identity-providers", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ProviderView],
        )

    async def create(
        self,
        org_id: str,
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
        """Have an OpenID provider vouch for people in one organisation.

        ``POST /api/v1/organizations/{org_id}/identity-providers``; needs
        ``identity_provider:write``.

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
                path=path_of("/api/v1/organizations/{}/identity-providers", org_id),
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


class OrganizationsIdentityProvidersResourceRaw:
    """The methods of :class:`OrganizationsIdentityProvidersResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsIdentityProvidersResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)


class AsyncOrganizationsIdentityProvidersResourceRaw:
    """The methods of :class:`AsyncOrganizationsIdentityProvidersResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsIdentityProvidersResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
