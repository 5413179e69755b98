"""What federation needs from outside."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from mainspring.capabilities.federation.domain import TokenIssuer
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource


class Issuers(Protocol):
    """Token issuers as one transaction sees them; fails closed."""

    async def add(self, within: Scope, issuer: TokenIssuer) -> None:
        """Keep a new issuer of ``within``.

        Raises ``ConflictError`` if its name, or issuer and audience, are taken.
        """
        ...

    async def claim_url(self, url: str) -> Sequence[str]:
        """Return the organisations that believe the issuer ``url``; hold up others who ask."""
        ...

    async def get(self, issuer_id: str) -> TokenIssuer | None:
        """Return the issuer, if the scope sees it."""
        ...

    async def lock(self, issuer_id: str) -> TokenIssuer | None:
        """Return the issuer and hold up others who want to change it."""
        ...

    async def of_organization(
        self, org_id: str, *, after: str | None, limit: int
    ) -> Sequence[TokenIssuer]:
        """Return up to ``limit`` issuers of the organisation, oldest first."""
        ...

    async def replace(self, issuer: TokenIssuer) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def note_keys(self, issuer: TokenIssuer) -> None:
        """Write what a fetch of keys brought; no new revision, nobody's change."""
        ...

    async def remove(self, issuer_id: str) -> None:
        """Remove the issuer."""
        ...

    async def remove_of(self, org_id: str) -> Sequence[str]:
        """Remove the organisation's issuers; return their ids."""
        ...

    async def take_due(
        self, now: datetime, *, until: datetime, limit: int
    ) -> Sequence[TokenIssuer]:
        """Return issuers whose keys are due, put off to ``until`` so that nobody else does."""
        ...

    async def hasten(self, issuer_ids: Iterable[str], now: datetime, *, rest: timedelta) -> int:
        """Make the keys of these issuers due, ``rest`` after the last try; how many there are."""
        ...

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits; call it last."""
        ...


class FederationStore(Protocol):
    """Opens transactions; they commit when the block ends and roll back when it raises."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Issuers]:
        """Open one."""
        ...


class KeySource(Protocol):
    """Fetches keys from issuers; ``ProviderError`` is of :mod:`mainspring.infra.oidc`.

    Fails closed: what it cannot get it does not replace.
    """

    def check(self, url: str) -> None:
        """Raise ``ProviderError`` if that is no address that may be asked."""
        ...

    async def fetch(self, issuer: str, jwks_uri: str | None) -> bytes:
        """Return the issuer's JWK set, found by discovery unless ``jwks_uri`` says where.

        Raises:
            ProviderError: if there is none to be had.
        """
        ...
