"""Tokens of the platform's own: for whom, by which key, and for how long that is known."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from mainspring.capabilities.oauth.domain import (
    AUDIENCE,
    LEAD,
    OVERLAP,
    SIGNING_KEY_ROTATE,
    AccountSecret,
    ServiceAccount,
    TokenKey,
    next_key_due,
    signing_now,
)
from mainspring.capabilities.oauth.ports import Accounts, OAuthStore
from mainspring.infra.jwt import SigningKey
from mainspring.infra.secrets import Sealer
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import NotReadyError
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import PLATFORM_ORG, Scope
from mainspring.snapshot.resources import PlatformIssuer, Sealed
from mainspring.wire.scopes import SECRET_CLAIM

_SELF = Scope.platform("token-endpoint")
_SEEN_EVERY = timedelta(minutes=1)
_TOKEN_TYPE = "at+jwt"  # noqa: S105 - RFC 9068's name


class InvalidClientError(Exception):
    """The client or its secret is wrong, or has ended; which one is not told (RFC 6749, 5.2)."""


class InvalidScopeError(Exception):
    """The client asks for a scope that it does not have."""


class IssuedToken(msgspec.Struct, frozen=True):
    """A token, for how many seconds it holds, and its scopes."""

    token: str
    expires_in_s: int
    scopes: tuple[str, ...]


class TokenIssuing:
    """The platform as an issuer of tokens, called ``issuer``: a URL."""

    def __init__(self, store: OAuthStore, sealer: Sealer, clock: Clock, *, issuer: str) -> None:
        self._store = store
        self._sealer = sealer
        self._clock = clock
        self.issuer = issuer

    async def issue(self, client_id: str, secret: str, scope: str | None) -> IssuedToken:
        """Return a token for the account that the secret is of.

        ``scope`` names the wanted scopes with blanks between; without it they are all of them.

        Raises:
            InvalidClientError: if the two do not belong together, or have ended.
            InvalidScopeError: if a scope is not the account's.
            NotReadyError: if no key can sign yet.
        """
        now = self._clock.now()
        digest = hashlib.sha256(secret.encode()).digest()
        async with self._store.begin(_SELF) as accounts:
            held = await accounts.secret_by_digest(digest)
            if held is None or held.account_id != client_id or not held.is_live(now):
                raise InvalidClientError
            account = await accounts.get(client_id)
            if account is None or not account.is_live(now):
                raise InvalidClientError
            wanted = account.scopes if scope is None else tuple(dict.fromkeys(scope.split()))
            if not wanted or not set(wanted) <= set(account.scopes):
                raise InvalidScopeError
            key = signing_now(await accounts.keys(), now)
            if key is None:
                raise NotReadyError("no key signs tokens yet", retry_after_s=1.0)
            if held.last_used_at is None or now - held.last_used_at >= _SEEN_EVERY:
                await accounts.touch_secret(held.id, now)
        ends = _end_of(account, held, now)
        claims = {
            "iss": self.issuer,
            "sub": account.id,
            "client_id": account.id,
            "aud": AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int(ends.timestamp()),
            "jti": new_id("tok"),
            "scope": " ".join(wanted),
            SECRET_CLAIM: held.id,
        }
        signed = self._opened(key).sign(claims, kind=_TOKEN_TYPE)
        return IssuedToken(signed, max(int((ends - now).total_seconds()), 0), wanted)

    async def published_keys(self) -> list[dict[str, str]]:
        """Return the public keys as JWKs."""
        async with self._store.begin(_SELF) as accounts:
            return _published(await accounts.keys(), self._clock.now())

    async def tend(self) -> None:
        """Make the next key when it is due, drop those that are over, tell gateways. Repeatable."""
        now = self._clock.now()
        async with self._store.begin(_SELF) as accounts:
            keys = list(await accounts.lock_keys())
            over = [key.id for key in keys if key.retires_at is not None and key.retires_at <= now]
            await accounts.remove_keys(over)
            keys = [key for key in keys if key.id not in over]
            if next_key_due(keys, now):
                signs_from = now + LEAD if keys else now
                older = [key.id for key in keys if key.retires_at is None]
                await accounts.retire_keys(older, signs_from + OVERLAP)
                made = self._made(now, signs_from)
                await accounts.add_key(made)
                keys.append(made)
            await self._publish(accounts, keys, now)

    async def rotate(self, scope: Scope) -> None:
        """Replace every key at once: all tokens end. For when a key may have been stolen."""
        scope = authorize(scope, SIGNING_KEY_ROTATE, org_id=PLATFORM_ORG)
        now = self._clock.now()
        async with self._store.begin(scope) as accounts:
            await accounts.remove_keys([key.id for key in await accounts.lock_keys()])
            made = self._made(now, now)
            await accounts.add_key(made)
            await self._publish(accounts, [made], now)

    async def _publish(self, accounts: Accounts, keys: list[TokenKey], now: datetime) -> None:
        public = msgspec.json.encode({"keys": _published(keys, now)}, order="deterministic")
        await accounts.publish([PlatformIssuer(issuer=self.issuer, audience=AUDIENCE, keys=public)])

    def _made(self, now: datetime, signs_from: datetime) -> TokenKey:
        key = SigningKey.generate(new_id("sig"))
        made = TokenKey(
            id=key.key_id,
            sealed=b"",
            public=msgspec.json.encode(key.public()).decode(),
            created_at=now,
            signs_from=signs_from,
        )
        sealed = self._sealer.seal(key.private(), made.context)
        return msgspec.structs.replace(made, sealed=msgspec.msgpack.encode(sealed))

    def _opened(self, key: TokenKey) -> SigningKey:
        sealed = msgspec.msgpack.decode(key.sealed, type=Sealed)
        return SigningKey.from_private(key.id, self._sealer.unseal(sealed, key.context))


def _end_of(account: ServiceAccount, secret: AccountSecret, now: datetime) -> datetime:
    """Return when a token of now ends: with its account and its secret at the latest."""
    ends = [now + timedelta(seconds=account.token_lifetime_s)]
    ends += [each for each in (account.expires_at, secret.expires_at) if each is not None]
    return min(ends)


def _published(keys: Sequence[TokenKey], now: datetime) -> list[dict[str, str]]:
    live = [key for key in keys if key.retires_at is None or now < key.retires_at]
    live.sort(key=lambda key: key.signs_from)
    return [msgspec.json.decode(key.public, type=dict[str, str]) for key in live]
