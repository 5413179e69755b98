"""Identity providers, as transactions see them and over the wire."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from mainspring.capabilities.identity.domain import (
    ExternalIdentity,
    IdentityProvider,
)
from mainspring.infra.oidc import ProviderMetadata, ProviderTokens
from mainspring.kernel.scope import Scope


class Providers(Protocol):
    """Identity providers as one transaction sees them; fails closed."""

    async def add(self, within: Scope, provider: IdentityProvider) -> None:
        """Keep a new provider of ``within``; ``ConflictError`` if its name is taken."""
        ...

    async def get(self, provider_id: str) -> IdentityProvider | None:
        """Return the provider, if the scope sees it."""
        ...

    async def replace(self, within: Scope, provider: IdentityProvider) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove(self, within: Scope, provider_id: str) -> None:
        """Remove the provider with what it says of people; ``NotFoundError`` beyond ``within``."""
        ...

    async def of(
        self, org_id: str | None, *, after: str | None, limit: int
    ) -> Sequence[IdentityProvider]:
        """Return up to ``limit`` providers of the organisation or the platform, oldest first."""
        ...

    async def offered(self, domain: str | None, *, limit: int) -> Sequence[IdentityProvider]:
        """Return the platform's enabled providers, and those for people of ``domain``."""
        ...

    async def claim_domains(self, domains: Sequence[str]) -> Sequence[str]:
        """Return the organisations whose providers take those domains; hold up others who ask."""
        ...

    async def count_enabled(self) -> int:
        """Return how many of the platform's providers are enabled, and keep them so meanwhile."""
        ...

    async def identity(self, provider_id: str, subject: str) -> ExternalIdentity | None:
        """Return the account at a provider, and keep others from changing it meanwhile."""
        ...

    async def identities_of(self, user_id: str) -> Sequence[ExternalIdentity]:
        """Return a person's accounts at providers, oldest first."""
        ...

    async def users_of(self, provider_id: str) -> Sequence[str]:
        """Return the ids of everybody who has an account at the provider."""
        ...

    async def add_identity(self, identity: ExternalIdentity) -> None:
        """Connect a person with an account at a provider."""
        ...

    async def note_identity(self, identity: ExternalIdentity) -> None:
        """Write what the provider says now."""
        ...

    async def remove_identity(self, user_id: str, identity_id: str) -> ExternalIdentity | None:
        """Take a person's account at a provider away; return it, if there was one."""
        ...


class ProviderPort(Protocol):
    """Asks OpenID providers; ``ProviderError`` is of :mod:`mainspring.infra.oidc`. Fails closed."""

    def check(self, url: str) -> None:
        """Raise ``ProviderError`` if that is no address that may be asked."""
        ...

    async def metadata(self, issuer: str) -> ProviderMetadata:
        """Return what the provider of that issuer says of itself; ``ProviderError`` if nothing."""
        ...

    async def fetch(self, issuer: str, jwks_uri: str | None) -> bytes:
        """Return the issuer's JWK set; ``ProviderError`` if there is none to be had."""
        ...

    async def redeem(
        self, metadata: ProviderMetadata, fields: Mapping[str, str], secret: str | None
    ) -> ProviderTokens:
        """Return the tokens for a code; ``ProviderError`` if it gives none."""
        ...

    async def userinfo(self, metadata: ProviderMetadata, access_token: str) -> dict[str, Any]:
        """Return what the provider says of a person; ``ProviderError`` if nothing."""
        ...
