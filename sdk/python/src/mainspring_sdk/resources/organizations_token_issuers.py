"""The namespace ``organizations.token_issuers``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.federation import GrantBody, IssuerView


class OrganizationsTokenIssuersResource:
    """What is under ``organizations.token_issuers``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsTokenIssuersResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsTokenIssuersResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[IssuerView]:
        """List whose tokens an organisation believes, oldest first.

        ``GET /api/v1/organizations/{org_id}/token-issuers``; needs ``token_issuer:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/token-issuers", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[IssuerView],
        )

    def create(
        self,
        org_id: str,
        *,
        name: str,
        issuer: str,
        audience: str,
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
        user_claim: str | UnsetType = UNSET,
        groups_claim: str | UnsetType = UNSET,
        project_claim: str | UnsetType | None = UNSET,
        scope_claim: str | UnsetType | None = UNSET,
        required: Mapping[str, str] | UnsetType = UNSET,
        grants: Sequence[GrantBody] | UnsetType = UNSET,
        leeway_s: int | UnsetType = UNSET,
        jwks_uri: str | UnsetType | None = UNSET,
        keys: str | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> IssuerView:
        """Believe an issuer's tokens; its keys are fetched within moments.

        ``POST /api/v1/organizations/{org_id}/token-issuers``; needs ``token_issuer:write``.

        Args:
            user_claim: Names the bearer, for limits per user and in the ledger.
            groups_claim: Names the bearer's groups; a path may have dots: `realm.roles`.
            project_claim: Holds the id of the one project that a token is for.
            scope_claim: Narrows a bearer's scopes to those that it names, such as `scope`.
            required: Further claims and the value that each must have.
            grants: The first that fits names the project of calls that name none.
            leeway_s: How far clocks may differ.
            jwks_uri: Where the keys are; `null`: where the issuer's metadata says.
            name: Stands before each bearer's name in the ledger; it cannot be changed.
            issuer: What tokens name as `iss`.
            audience: What tokens must name in `aud`.
            keys: A JWK set with the issuer's public keys, where they are not to be fetched.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/token-issuers", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "algorithms": algorithms,
                        "user_claim": user_claim,
                        "groups_claim": groups_claim,
                        "project_claim": project_claim,
                        "scope_claim": scope_claim,
                        "required": required,
                        "grants": grants,
                        "leeway_s": leeway_s,
                        "jwks_uri": jwks_uri,
                        "name": name,
                        "issuer": issuer,
                        "audience": audience,
                        "keys": keys,
                    }
                ),
                timeout=timeout,
            ),
            IssuerView,
        )


class AsyncOrganizationsTokenIssuersResource:
    """What is under ``organizations.token_issuers``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsTokenIssuersResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsTokenIssuersResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[IssuerView]:
        """List whose tokens an organisation believes, oldest first.

        ``GET /api/v1/organizations/{org_id}/token-issuers``; needs ``token_issuer:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/token-issuers", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[IssuerView],
        )

    async def create(
        self,
        org_id: str,
        *,
        name: str,
        issuer: str,
        audience: str,
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
        user_claim: str | UnsetType = UNSET,
        groups_claim: str | UnsetType = UNSET,
        project_claim: str | UnsetType | None = UNSET,
        scope_claim: str | UnsetType | None = UNSET,
        required: Mapping[str, str] | UnsetType = UNSET,
        grants: Sequence[GrantBody] | UnsetType = UNSET,
        leeway_s: int | UnsetType = UNSET,
        jwks_uri: str | UnsetType | None = UNSET,
        keys: str | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> IssuerView:
        """Believe an issuer's tokens; its keys are fetched within moments.

        ``POST /api/v1/organizations/{org_id}/token-issuers``; needs ``token_issuer:write``.

        Args:
            user_claim: Names the bearer, for limits per user and in the ledger.
            groups_claim: Names the bearer's groups; a path may have dots: `realm.roles`.
            project_claim: Holds the id of the one project that a token is for.
            scope_claim: Narrows a bearer's scopes to those that it names, such as `scope`.
            required: Further claims and the value that each must have.
            grants: The first that fits names the project of calls that name none.
            leeway_s: How far clocks may differ.
            jwks_uri: Where the keys are; `null`: where the issuer's metadata says.
            name: Stands before each bearer's name in the ledger; it cannot be changed.
            issuer: What tokens name as `iss`.
            audience: What tokens must name in `aud`.
            keys: A JWK set with the issuer's public keys, where they are not to be fetched.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/token-issuers", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "algorithms": algorithms,
                        "user_claim": user_claim,
                        "groups_claim": groups_claim,
                        "project_claim": project_claim,
                        "scope_claim": scope_claim,
                        "required": required,
                        "grants": grants,
                        "leeway_s": leeway_s,
                        "jwks_uri": jwks_uri,
                        "name": name,
                        "issuer": issuer,
                        "audience": audience,
                        "keys": keys,
                    }
                ),
                timeout=timeout,
            ),
            IssuerView,
        )


class OrganizationsTokenIssuersResourceRaw:
    """The methods of :class:`OrganizationsTokenIssuersResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsTokenIssuersResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)


class AsyncOrganizationsTokenIssuersResourceRaw:
    """The methods of :class:`AsyncOrganizationsTokenIssuersResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsTokenIssuersResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
