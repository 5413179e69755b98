"""The namespace ``token_issuers``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.federation import GrantBody, IssuerView


class TokenIssuersResource:
    """What is under ``token_issuers``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "TokenIssuersResourceRaw":
        """Return the same methods, with the whole answer."""
        return TokenIssuersResourceRaw(self._transport.raw())

    def get(
        self,
        issuer_id: str,
        *,
        timeout: float | None = None,
    ) -> IssuerView:
        """Read one issuer.

        ``GET /api/v1/token-issuers/{issuer_id}``; needs ``token_issuer:read``.
        """
        return self._transport.call(
            Call(
                method="GET", path=path_of("/api/v1/token-issuers/{}", issuer_id), timeout=timeout
            ),
            IssuerView,
        )

    def delete(
        self,
        issuer_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Believe an issuer no more; its tokens end at every gateway within moments.

        ``DELETE /api/v1/token-issuers/{issuer_id}``; needs ``token_issuer:write``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/token-issuers/{}", issuer_id),
                timeout=timeout,
            )
        )

    def update(
        self,
        issuer_id: str,
        *,
        audience: str | UnsetType = UNSET,
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
        keys: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> IssuerView:
        """Change what an issuer's tokens mean; gateways follow within moments.

        ``PATCH /api/v1/token-issuers/{issuer_id}``; needs ``token_issuer:write``.

        Args:
            keys: Replaces keys that were given before.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/token-issuers/{}", issuer_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "audience": audience,
                        "algorithms": algorithms,
                        "user_claim": user_claim,
                        "groups_claim": groups_claim,
                        "project_claim": project_claim,
                        "scope_claim": scope_claim,
                        "required": required,
                        "grants": grants,
                        "leeway_s": leeway_s,
                        "jwks_uri": jwks_uri,
                        "keys": keys,
                    }
                ),
                timeout=timeout,
            ),
            IssuerView,
        )

    def refresh(
        self,
        issuer_id: str,
        *,
        timeout: float | None = None,
    ) -> IssuerView:
        """Fetch an issuer's keys now, if that was not tried just before; see `problem`.

        ``POST /api/v1/token-issuers/{issuer_id}/refresh``; needs ``token_issuer:write``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/token-issuers/{}/refresh", issuer_id),
                timeout=timeout,
            ),
            IssuerView,
        )


class AsyncTokenIssuersResource:
    """What is under ``token_issuers``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncTokenIssuersResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncTokenIssuersResourceRaw(self._transport.raw())

    async def get(
        self,
        issuer_id: str,
        *,
        timeout: float | None = None,
    ) -> IssuerView:
        """Read one issuer.

        ``GET /api/v1/token-issuers/{issuer_id}``; needs ``token_issuer:read``.
        """
        return await self._transport.call(
            Call(
                method="GET", path=path_of("/api/v1/token-issuers/{}", issuer_id), timeout=timeout
            ),
            IssuerView,
        )

    async def delete(
        self,
        issuer_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Believe an issuer no more; its tokens end at every gateway within moments.

        ``DELETE /api/v1/token-issuers/{issuer_id}``; needs ``token_issuer:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/token-issuers/{}", issuer_id),
                timeout=timeout,
            )
        )

    async def update(
        self,
        issuer_id: str,
        *,
        audience: str | UnsetType = UNSET,
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
        keys: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> IssuerView:
        """Change what an issuer's tokens mean; gateways follow within moments.

        ``PATCH /api/v1/token-issuers/{issuer_id}``; needs ``token_issuer:write``.

        Args:
            keys: Replaces keys that were given before.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/token-issuers/{}", issuer_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "audience": audience,
                        "algorithms": algorithms,
                        "user_claim": user_claim,
                        "groups_claim": groups_claim,
                        "project_claim": project_claim,
                        "scope_claim": scope_claim,
                        "required": required,
                        "grants": grants,
                        "leeway_s": leeway_s,
                        "jwks_uri": jwks_uri,
                        "keys": keys,
                    }
                ),
                timeout=timeout,
            ),
            IssuerView,
        )

    async def refresh(
        self,
        issuer_id: str,
        *,
        timeout: float | None = None,
    ) -> IssuerView:
        """Fetch an issuer's keys now, if that was not tried just before; see `problem`.

        ``POST /api/v1/token-issuers/{issuer_id}/refresh``; needs ``token_issuer:write``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/token-issuers/{}/refresh", issuer_id),
                timeout=timeout,
            ),
            IssuerView,
        )


class TokenIssuersResourceRaw:
    """The methods of :class:`TokenIssuersResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = TokenIssuersResource(transport)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)
        self.refresh = raw(plain.refresh)


class AsyncTokenIssuersResourceRaw:
    """The methods of :class:`AsyncTokenIssuersResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncTokenIssuersResource(transport)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
        self.refresh = async_raw(plain.refresh)
