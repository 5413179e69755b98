"""Bearer tokens for scripts and for the command line of this machine."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec

from mainspring.capabilities.identity.domain import (
    TOKEN_PREFIX,
    Token,
    digest_of,
    hint_of,
)
from mainspring.capabilities.identity.domain.accounts import checked_person_name, platform_grant
from mainspring.capabilities.identity.ports import IdentityStore
from mainspring.capabilities.identity.service.sign_in import confined, scope_of_user
from mainspring.kernel.access import EVERYTHING, Permission
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.kernel.ids import new_id, new_secret
from mainspring.kernel.scope import PLATFORM_ORG, Actor, ActorKind, Scope

_SELF = Scope.platform("tokens")
_SEEN_EVERY = timedelta(minutes=1)


class CreatedToken(msgspec.Struct, frozen=True):
    """A token with its secret, which is shown this once."""

    token: Token
    secret: str


class TokenService:
    """Tokens act as the person who made them; the platform's own act as an administrator."""

    def __init__(
        self, store: IdentityStore, clock: Clock, *, permissions: Collection[Permission]
    ) -> None:
        """Read and write ``store``; ``permissions`` are all that a token may be confined to."""
        self._store = store
        self._clock = clock
        self._permissions = frozenset(each.name for each in permissions)

    async def create(
        self,
        scope: Scope,
        *,
        name: str,
        expires_at: datetime | None = None,
        scopes: Collection[str] | None = None,
    ) -> CreatedToken:
        """Create a token of the person who is asking.

        ``scopes`` confines it to those permissions; ``None`` leaves it all that its owner has.

        Raises:
            InvalidRequestError: if a machine is asking, the expiry has passed, or there is no
                such permission.
            PermissionDeniedError: if a narrowed token is asking: it could widen itself.
        """
        if scope.actor.kind is not ActorKind.USER:
            raise InvalidRequestError("only a person can create a personal token")
        _refusenarrowed(scope)
        unknown = set(scopes or ()) - self._permissions
        if unknown:
            raise InvalidRequestError(f"there is no permission {min(unknown)!r}", param="scopes")
        if expires_at is not None and expires_at <= self._clock.now():
            raise InvalidRequestError("the expiry has passed already", param="expires_at")
        created = self._made(checked_person_name(name), scope.actor.id, expires_at)
        token = msgspec.structs.replace(created.token, org_id=scope.confined_to)
        if scopes is not None:
            token = msgspec.structs.replace(token, scopes=tuple(sorted(set(scopes))))
        created = CreatedToken(token, created.secret)
        async with self._store.tokens(scope.across_tenants()) as tokens:
            await tokens.add(created.token)
        return created

    async def list_own(self, scope: Scope) -> Sequence[Token]:
        """Return the tokens of the person who is asking, newest first."""
        async with self._store.tokens(_SELF) as tokens:
            found = await tokens.of_user(_person(scope))
        return [token for token in found if _reaches(scope, token)]

    async def revoke_own(self, scope: Scope, token_id: str) -> None:
        """End one token of the person who is asking; once ended it stays so.

        Raises:
            NotFoundError: if they have no such token.
        """
        _refusenarrowed(scope)
        async with self._store.tokens(scope.across_tenants()) as tokens:
            token = await tokens.get(token_id)
            if token is None or token.user_id != _person(scope) or not _reaches(scope, token):
                raise NotFoundError
            await tokens.revoke(token_id, self._clock.now())

    async def recognise(self, secret: str) -> Scope:
        """Return the scope of the token with that secret, its grants read afresh.

        Raises:
            SignInRequiredError: if it ended, or there never was one.
        """
        now = self._clock.now()
        async with self._store.tokens(_SELF) as tokens:
            token = await tokens.by_digest(digest_of(secret))
            if token is None or not token.is_live(now):
                raise SignInRequiredError("the token is not valid")
            if token.last_used_at is None or now - token.last_used_at >= _SEEN_EVERY:
                await tokens.touch(token.id, now)
        if token.user_id is not None:
            async with self._store.accounts(_SELF) as accounts:
                scope = await scope_of_user(accounts, token.user_id)
            if token.org_id is not None:
                scope = confined(scope, token.org_id)
            return scope if token.scopes is None else narrowed(scope, frozenset(token.scopes))
        grants = (platform_grant(),) if token.is_platform_admin else ()
        return Scope(org_id=PLATFORM_ORG, actor=Actor(ActorKind.SERVICE, token.id), grants=grants)

    async def scope_of_machine(self, token_id: str) -> Scope:
        """Return the scope of a live token that is nobody's.

        Raises:
            SignInRequiredError: if there is none.
        """
        async with self._store.tokens(_SELF) as tokens:
            token = await tokens.get(token_id)
        if token is None or token.user_id is not None or not token.is_live(self._clock.now()):
            raise SignInRequiredError("the token has ended")
        grants = (platform_grant(),) if token.is_platform_admin else ()
        return Scope(org_id=PLATFORM_ORG, actor=Actor(ActorKind.SERVICE, token.id), grants=grants)

    async def ensure_local(self, name: str, secret: str | None) -> str | None:
        """Make sure that the machine called ``name`` holds a live administrator's token.

        ``secret`` is what its file holds now. If that opens nothing, a new token replaces
        whatever that machine had before.

        Returns:
            The new secret to keep, or ``None`` if the one at hand is good.
        """
        now = self._clock.now()
        async with self._store.tokens(_SELF) as tokens:
            if secret is not None:
                held = await tokens.by_digest(digest_of(secret))
                if held is not None and held.is_live(now):
                    return None
            for stale in await tokens.of_user(None):
                if stale.name == name:
                    await tokens.revoke(stale.id, now)
            created = self._made(name, None, None)
            await tokens.add(msgspec.structs.replace(created.token, is_platform_admin=True))
        return created.secret

    def _made(self, name: str, user_id: str | None, expires_at: datetime | None) -> CreatedToken:
        secret = new_secret(TOKEN_PREFIX)
        token = Token(
            id=new_id("tok"),
            digest=digest_of(secret),
            name=name,
            hint=hint_of(secret),
            user_id=user_id,
            created_at=self._clock.now(),
            expires_at=expires_at,
        )
        return CreatedToken(token, secret)


def narrowed(scope: Scope, names: frozenset[str]) -> Scope:
    grants = tuple(
        msgspec.structs.replace(
            grant,
            permissions=names if EVERYTHING in grant.permissions else grant.permissions & names,
        )
        for grant in scope.grants
    )
    return msgspec.structs.replace(scope, grants=grants, narrowed_to=names)


def _reaches(scope: Scope, token: Token) -> bool:
    """A session that is confined to an organisation sees the tokens that are so as well."""
    return scope.confined_to in (None, token.org_id)


def _refusenarrowed(scope: Scope) -> None:
    if scope.narrowed_to is not None:
        raise PermissionDeniedError("a token that was narrowed makes and ends no tokens")


def _person(scope: Scope) -> str:
    if scope.actor.kind is not ActorKind.USER:
        raise NotFoundError("this token belongs to no person, so it has no personal tokens")
    return scope.actor.id
