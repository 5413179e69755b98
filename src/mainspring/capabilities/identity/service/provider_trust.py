"""What a provider says: its metadata and keys, and whether a token of its is to be believed."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from mainspring.capabilities.identity.domain import IdentityProvider
from mainspring.capabilities.identity.ports import ProviderPort
from mainspring.infra.jwt import (
    IDENTITY_TYPES,
    LOGOUT_TYPES,
    KeySet,
    KeySetError,
    ReadToken,
    UnknownKeyError,
    audiences_of,
    check_times,
    public_keys,
    read_token,
    text_at,
)
from mainspring.infra.oidc import ProviderError, ProviderMetadata
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import InvalidTokenError

_METADATA_S: Final = 600.0
_KEYS_S: Final = 300.0
_ASK_AGAIN_S: Final = 5.0
"""However many tokens name unknown keys, a provider is asked for newer ones this seldom."""
_MAX_KNOWN: Final = 500
_LEEWAY_S: Final = 60.0
_MAX_AGE_S: Final = 600.0
_LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_HASHES: Final[Mapping[str, str]] = {"256": "sha256", "384": "sha384", "512": "sha512"}


class _Known(msgspec.Struct):
    """What is remembered of one issuer, and since when (monotonic seconds)."""

    metadata: ProviderMetadata
    told_at: float
    keys: KeySet | None = None
    keys_at: float = 0.0


class ProviderTrust:
    """Remembers what providers say of themselves, for minutes; verifies their tokens.

    At most 500 issuers are remembered, the longest known go first.
    """

    def __init__(self, source: ProviderPort, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._known: dict[str, _Known] = {}

    async def metadata(self, provider: IdentityProvider) -> ProviderMetadata:
        """Return what the provider says of itself.

        Raises:
            ProviderError: if it says nothing, or that it is somebody else.
        """
        return (await self._of(provider)).metadata

    async def verified_identity(
        self,
        provider: IdentityProvider,
        text: str,
        *,
        nonce: str,
        access_token: str | None,
    ) -> dict[str, Any]:
        """Return the claims of an ID token (OpenID Connect Core 1.0, section 3.1.3.7).

        Raises:
            InvalidTokenError: if it is not to be believed; the text says why.
            ProviderError: if the provider's keys are not to be had.
        """
        token = read_token(text.encode(), IDENTITY_TYPES)
        claims = await self._verified(provider, token)
        now = self._clock.now().timestamp()
        check_times(claims, now=now, leeway_s=_LEEWAY_S)
        issued_at = claims.get("iat")
        if not isinstance(issued_at, int | float) or issued_at < now - _MAX_AGE_S:
            raise InvalidTokenError("the ID token is not a fresh one")
        shown = claims.get("nonce")
        if not isinstance(shown, str) or not hmac.compare_digest(shown.encode(), nonce.encode()):
            raise InvalidTokenError("the ID token answers another question: its nonce differs")
        if text_at(claims, "sub") is None:
            raise InvalidTokenError("the ID token names nobody")
        _check_access_hash(token, access_token)
        return claims

    async def verified_logout(self, provider: IdentityProvider, text: str) -> dict[str, Any]:
        """Return the claims of a logout token (OpenID Connect Back-Channel Logout 1.0).

        Raises:
            InvalidTokenError: if it is not to be believed; the text says why.
            ProviderError: if the provider's keys are not to be had.
        """
        token = read_token(text.encode(), LOGOUT_TYPES)
        claims = await self._verified(provider, token)
        now = self._clock.now().timestamp()
        if "exp" in claims:
            check_times(claims, now=now, leeway_s=_LEEWAY_S)
        issued_at = claims.get("iat")
        if not isinstance(issued_at, int | float) or abs(now - issued_at) > _MAX_AGE_S:
            raise InvalidTokenError("the logout token is not a fresh one")
        events = claims.get("events")
        if not isinstance(events, dict) or _LOGOUT_EVENT not in events or "nonce" in claims:
            raise InvalidTokenError("this is no logout token")
        if text_at(claims, "jti") is None:
            raise InvalidTokenError("the logout token has no id")
        if text_at(claims, "sub") is None and text_at(claims, "sid") is None:
            raise InvalidTokenError("the logout token names neither a person nor a session")
        return claims

    async def _verified(self, provider: IdentityProvider, token: ReadToken) -> dict[str, Any]:
        """Return the claims of a token that the provider signed for us."""
        claims = token.claims
        if claims.get("iss") != provider.issuer:
            raise InvalidTokenError("the token is of another issuer")
        await self._check_signature(provider, token)
        audiences = audiences_of(claims)
        if provider.client_id not in audiences:
            raise InvalidTokenError("the token is for another audience")
        party = claims.get("azp")
        if party != provider.client_id and (party is not None or len(audiences) > 1):
            raise InvalidTokenError("the token was made for another client")
        return claims

    async def _check_signature(self, provider: IdentityProvider, token: ReadToken) -> None:
        known = await self._of(provider)
        now = self._clock.monotonic()
        if known.keys is None or now - known.keys_at >= _KEYS_S:
            await self._fetch_keys(known)
        keys = known.keys
        assert keys is not None  # noqa: S101 - fetched just now, or an error was raised
        try:
            keys.verify(token, provider.algorithms)
        except UnknownKeyError as error:
            # Perhaps the provider has just changed its keys.
            if now - known.keys_at < _ASK_AGAIN_S:
                raise InvalidTokenError("the token is signed by an unknown key") from error
            keys = await self._fetch_keys(known)
            try:
                keys.verify(token, provider.algorithms)
            except UnknownKeyError:
                raise InvalidTokenError("the token is signed by an unknown key") from error

    async def _fetch_keys(self, known: _Known) -> KeySet:
        document = await self._source.fetch(known.metadata.issuer, known.metadata.jwks_uri)
        try:
            known.keys = KeySet(public_keys(document))
        except KeySetError as error:
            raise ProviderError(str(error)) from error
        known.keys_at = self._clock.monotonic()
        return known.keys

    async def _of(self, provider: IdentityProvider) -> _Known:
        known = self._known.get(provider.issuer)
        now = self._clock.monotonic()
        if known is not None and now - known.told_at < _METADATA_S:
            return known
        told = await self._source.metadata(provider.issuer)
        for url in (told.authorization_endpoint, told.token_endpoint):
            if url is None:
                raise ProviderError("the provider does not offer the authorization code flow")
            self._source.check(url)
        if told.end_session_endpoint is not None:
            self._source.check(told.end_session_endpoint)
        fresh = _Known(told, now)
        self._known.pop(provider.issuer, None)
        while len(self._known) >= _MAX_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[provider.issuer] = fresh
        return fresh


def _check_access_hash(token: ReadToken, access_token: str | None) -> None:
    """Check ``at_hash``, where both are there: the access token belongs to this ID token."""
    shown = token.claims.get("at_hash")
    algorithm = _HASHES.get(token.algorithm[-3:])
    if shown is None or access_token is None or algorithm is None:
        return
    digest = hashlib.new(algorithm, access_token.encode()).digest()
    expected = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not isinstance(shown, str) or not hmac.compare_digest(shown.encode(), expected.encode()):
        raise InvalidTokenError("the access token does not belong to the ID token")
