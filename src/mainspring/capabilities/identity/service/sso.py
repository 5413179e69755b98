"""Signing in by an OpenID provider: the authorization code flow with PKCE, and signing out.

What a flow must remember travels in a cookie of the browser that began it, sealed, so that nothing
is kept for whoever never comes back, and no other browser can end it. Each ``state`` is good once.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from mainspring.capabilities.audit.api import AuditService
from mainspring.capabilities.identity.domain import ExternalIdentity, IdentityProvider
from mainspring.capabilities.identity.domain.providers import SIGN_IN_TAKES
from mainspring.capabilities.identity.ports import IdentityStore, ProviderPort, SecretSealer
from mainspring.capabilities.identity.service.provider_trust import ProviderTrust
from mainspring.capabilities.identity.service.providers import ProviderService
from mainspring.capabilities.identity.service.provisioning import Provisioning, Told, told_by
from mainspring.capabilities.identity.service.sign_in import (
    OpenedSession,
    SignInService,
    Voucher,
)
from mainspring.infra.jwt import text_at
from mainspring.infra.oidc import ProviderError
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    InvalidTokenError,
    MainspringError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
    SsoFailedError,
    SsoUnavailableError,
)
from mainspring.kernel.scope import Actor, ActorKind, Scope
from mainspring.snapshot.resources import Sealed

_log = logging.getLogger(__name__)

_SELF = Scope.platform("sign-in")
_FLOW = "sign-in flow"
_MAX_PATH = 2000
_MAX_COOKIE = 6000


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in under way; ``user_id`` is who connects an account instead of signing in."""

    provider_id: str
    state: str
    nonce: str
    verifier: str
    next: str
    ends_at: float
    user_id: str | None = None


class Begun(msgspec.Struct, frozen=True):
    """Where the browser is to go, and what it must keep until it is back."""

    url: str
    cookie: str


class Finished(msgspec.Struct, frozen=True):
    """Where the browser goes on, and its session; ``None`` where it has one already."""

    next: str
    opened: OpenedSession | None


class Answer(msgspec.Struct, frozen=True):
    """What the provider had the browser bring back."""

    state: str | None = None
    code: str | None = None
    error: str | None = None
    iss: str | None = None


class SsoService:
    """Begins and ends sign-ins at providers."""

    def __init__(
        self,
        store: IdentityStore,
        providers: ProviderService,
        source: ProviderPort,
        sign_in: SignInService,
        clock: Clock,
        *,
        trust: ProviderTrust,
        provisioning: Provisioning,
        audit: AuditService,
        sealer: SecretSealer,
        public_url: str,
    ) -> None:
        self._store = store
        self._providers = providers
        self._source = source
        self._trust = trust
        self._provisioning = provisioning
        self._sign_in = sign_in
        self._audit = audit
        self._sealer = sealer
        self._clock = clock
        self.public_url = public_url

    @property
    def is_secure(self) -> bool:
        """Tell whether browsers reach the console by HTTPS."""
        return self.public_url.startswith("https://")

    # There

    async def begin(
        self, provider_id: str, *, next_path: str | None = None, user_id: str | None = None
    ) -> Begun:
        """Return where to send a browser that wants to sign in, and what it keeps meanwhile.

        Raises:
            NotFoundError: if there is no such provider, or it is switched off.
            SsoUnavailableError: if the provider does not answer.
        """
        provider = await self._enabled(provider_id)
        flow = Flow(
            provider_id=provider.id,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            next=safe_path(next_path),
            ends_at=(self._clock.now() + SIGN_IN_TAKES).timestamp(),
            user_id=user_id,
        )
        try:
            endpoint = (await self._trust.metadata(provider)).authorization_endpoint
        except ProviderError as error:
            raise self._unavailable(provider, error) from error
        challenge = hashlib.sha256(flow.verifier.encode()).digest()
        question = {
            "client_id": provider.client_id,
            "response_type": "code",
            "redirect_uri": self._providers.redirect_uri(provider.id),
            "scope": " ".join(provider.scopes),
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return Begun(_with_query(str(endpoint), question), self._sealed(flow))

    async def begin_connecting(
        self, scope: Scope, provider_id: str, *, next_path: str | None = None
    ) -> Begun:
        """Begin to connect an account at a provider with one's own.

        Raises:
            NotFoundError: if there is no such provider, or it is switched off.
            SignInRequiredError, PermissionDeniedError: if this is no full session of a person.
            SsoUnavailableError: if the provider does not answer.
        """
        person = _whole_person(scope)
        return await self.begin(provider_id, next_path=next_path, user_id=person)

    # And back

    async def finish(
        self,
        provider_id: str,
        cookie: str | None,
        answer: Answer,
        *,
        session: str | None,
        peer: str | None,
        agent: str | None,
    ) -> Finished:
        """Take what the browser brought back; ``session`` is the secret of the one it has.

        Raises:
            SsoFailedError: if it does not belong to a sign-in that this browser began.
            SsoUnavailableError: if the provider does not answer.
            SsoNotAllowedError, SsoAccountExistsError, AccountDisabledError: if the provider knows
                the person, and they may not enter.
        """
        try:
            flow = await self._taken(provider_id, cookie, answer)
            provider = await self._enabled(provider_id)
            told, provider_session = await self._ask(provider, flow, answer)
            if flow.user_id is not None:
                await self._connect(provider, flow, told, session)
                return Finished(flow.next, None)
        except NotFoundError as error:
            raise SsoFailedError from error
        except (SsoFailedError, InvalidTokenError) as error:
            await self._tell(provider_id, peer, str(error))
            raise SsoFailedError from error
        try:
            voucher = Voucher(
                provider_id=provider.id,
                provider_session=provider_session,
                org_id=provider.org_id,
                lifetime=timedelta(hours=provider.session_hours),
            )
            return Finished(
                flow.next, await self._enter(provider, told, voucher, peer=peer, agent=agent)
            )
        except MainspringError as error:
            await self._tell(provider_id, peer, str(error), subject=told.subject)
            raise

    async def _taken(self, provider_id: str, cookie: str | None, answer: Answer) -> Flow:
        flow = self._unsealed(cookie)
        if flow is None:
            raise SsoFailedError("this browser did not begin the sign-in")
        state = answer.state or ""
        if not hmac.compare_digest(flow.state.encode(), state.encode()):
            raise SsoFailedError("the state is of another sign-in")
        if flow.provider_id != provider_id:
            raise SsoFailedError("another provider was asked")
        now = self._clock.now()
        if flow.ends_at <= now.timestamp():
            raise SsoFailedError("the sign-in took too long")
        digest = hashlib.sha256(b"state\0" + flow.state.encode()).digest()
        async with self._store.accounts(_SELF) as accounts:
            if not await accounts.use_up(digest, now + SIGN_IN_TAKES):
                raise SsoFailedError("the state was used before")
        return flow

    async def _ask(
        self, provider: IdentityProvider, flow: Flow, answer: Answer
    ) -> tuple[Told, str | None]:
        """Return what the provider says of the person, and the id of its own session."""
        try:
            metadata = await self._trust.metadata(provider)
            expects_iss = metadata.authorization_response_iss_parameter_supported
            if answer.iss != provider.issuer and (answer.iss is not None or expects_iss):
                raise SsoFailedError("the answer comes from another issuer")
            if answer.error is not None or not answer.code:
                raise SsoFailedError(f"the provider refuses: {_plain(answer.error)}")
            tokens = await self._source.redeem(
                metadata,
                {
                    "grant_type": "authorization_code",
                    "code": answer.code,
                    "redirect_uri": self._providers.redirect_uri(provider.id),
                    "code_verifier": flow.verifier,
                    "client_id": provider.client_id,
                },
                self._secret_of(provider),
            )
            claims = await self._trust.verified_identity(
                provider, tokens.id_token, nonce=flow.nonce, access_token=tokens.access_token
            )
            claims = await self._completed(provider, claims, tokens.access_token)
        except ProviderError as error:
            raise self._unavailable(provider, error) from error
        return told_by(provider, claims), text_at(claims, "sid")

    async def _completed(
        self, provider: IdentityProvider, claims: dict[str, Any], access_token: str | None
    ) -> dict[str, Any]:
        """Return the claims, with those that only the userinfo endpoint has."""
        metadata = await self._trust.metadata(provider)
        needed = (provider.email_claim, provider.groups_claim)
        missing = [each for each in needed if each.partition(".")[0] not in claims]
        if not missing or metadata.userinfo_endpoint is None or access_token is None:
            return claims
        more = await self._source.userinfo(metadata, access_token)
        if more.get("sub") != claims["sub"]:
            raise InvalidTokenError("userinfo is about somebody else")
        return {**more, **claims}

    async def _enter(
        self,
        provider: IdentityProvider,
        told: Told,
        voucher: Voucher,
        *,
        peer: str | None,
        agent: str | None,
    ) -> OpenedSession:
        async with self._store.whole(_SELF) as whole:
            arrived = await self._provisioning.arrive(whole, provider, told)
        if arrived.refusal is not None:
            raise arrived.refusal
        user = arrived.user
        theirs = msgspec.structs.replace(_SELF, actor=Actor(ActorKind.USER, user.id))
        async with self._store.accounts(theirs) as accounts:
            return await self._sign_in.opened(
                accounts, user, peer=peer, agent=agent, voucher=voucher
            )

    async def _connect(
        self, provider: IdentityProvider, flow: Flow, told: Told, session: str | None
    ) -> None:
        if session is None:
            raise SsoFailedError("whoever connects an account is not signed in any more")
        scope = await self._sign_in.recognise(session)
        if _whole_person(scope) != flow.user_id:
            raise SsoFailedError("somebody else is signed in meanwhile")
        user = await self._sign_in.current_user(scope)
        async with self._store.whole(scope.across_tenants()) as whole:
            await self._provisioning.connect(whole, provider, told, user)

    # One's own

    async def own_identities(
        self, scope: Scope
    ) -> list[tuple[ExternalIdentity, IdentityProvider | None]]:
        """Return the accounts at providers that open one's own, each with its provider."""
        user = await self._sign_in.current_user(scope)
        async with self._store.providers(scope.across_tenants()) as providers:
            found = await providers.identities_of(user.id)
            return [(each, await providers.get(each.provider_id)) for each in found]

    async def disconnect(self, scope: Scope, identity_id: str) -> None:
        """Have an account at a provider open one's own no more; what followed from it goes.

        Raises:
            NotFoundError: if there is none of that id.
            ConflictError: if nothing else opens the account.
        """
        _whole_person(scope)
        user = await self._sign_in.current_user(scope)
        async with self._store.whole(scope.across_tenants()) as whole:
            held = await whole.providers.identities_of(user.id)
            if user.password_hash is None and len(held) <= 1:
                raise ConflictError("nothing else would open your account")
            removed = await whole.providers.remove_identity(user.id, identity_id)
            if removed is None:
                raise NotFoundError
            provider = await whole.providers.get(removed.provider_id)
            if provider is not None:
                await self._provisioning.forget(whole, provider, user.id)
                await whole.accounts.end_sessions_at(
                    provider.id, provider_session=None, user_id=user.id
                )

    # Signing out

    async def sign_out(self, scope: Scope, secret: str) -> str | None:
        """End the session; return where the browser ends that at the provider, if there is one."""
        provider_id = await self._sign_in.provider_of(secret)
        await self._sign_in.sign_out(scope, secret)
        if provider_id is None:
            return None
        try:
            provider = await self._enabled(provider_id)
            endpoint = (await self._trust.metadata(provider)).end_session_endpoint
        except (NotFoundError, ProviderError):
            return None
        if endpoint is None:
            return None
        farewell = {
            "client_id": provider.client_id,
            "post_logout_redirect_uri": f"{self.public_url}/login",
        }
        return _with_query(endpoint, farewell)

    async def end_by_provider(self, provider_id: str, logout_token: str) -> int:
        """End the sessions that a provider's logout token names; return how many there were.

        Raises:
            SsoFailedError: if the token is not to be believed, or was used before.
            SsoUnavailableError: if the provider's keys are not to be had.
        """
        try:
            provider = await self._enabled(provider_id)
            claims = await self._trust.verified_logout(provider, logout_token)
        except NotFoundError as error:
            raise SsoFailedError from error
        except InvalidTokenError as error:
            _log.warning("a logout token of %s is not believed: %s", provider_id, error)
            raise SsoFailedError from error
        except ProviderError as error:
            raise SsoUnavailableError(retry_after_s=5.0) from error
        token_id = hashlib.sha256(f"logout\0{provider.id}\0{claims['jti']}".encode()).digest()
        subject = text_at(claims, "sub")
        async with self._store.whole(_SELF) as whole:
            if not await whole.accounts.use_up(token_id, self._clock.now() + 2 * SIGN_IN_TAKES):
                raise SsoFailedError("the logout token was used before")
            user_id = None
            if subject is not None:
                identity = await whole.providers.identity(provider.id, subject)
                if identity is None:
                    return 0
                user_id = identity.user_id
            return await whole.accounts.end_sessions_at(
                provider.id, provider_session=text_at(claims, "sid"), user_id=user_id
            )

    # Within

    async def _enabled(self, provider_id: str) -> IdentityProvider:
        async with self._store.providers(_SELF) as providers:
            provider = await providers.get(provider_id)
        if provider is None or not provider.enabled:
            raise NotFoundError("there is no such identity provider")
        return provider

    def _secret_of(self, provider: IdentityProvider) -> str | None:
        if provider.secret is None:
            return None
        sealed = msgspec.msgpack.decode(provider.secret, type=Sealed)
        return self._sealer.unseal(sealed, provider.secret_context).decode()

    def _sealed(self, flow: Flow) -> str:
        sealed = self._sealer.seal(msgspec.msgpack.encode(flow), _FLOW)
        return base64.urlsafe_b64encode(msgspec.msgpack.encode(sealed)).rstrip(b"=").decode()

    def _unsealed(self, cookie: str | None) -> Flow | None:
        if not cookie or len(cookie) > _MAX_COOKIE:
            return None
        try:
            packed = base64.b64decode(
                cookie + "=" * (-len(cookie) % 4), altchars=b"-_", validate=True
            )
            sealed = msgspec.msgpack.decode(packed, type=Sealed)
            return msgspec.msgpack.decode(self._sealer.unseal(sealed, _FLOW), type=Flow)
        except (ValueError, binascii.Error, msgspec.MsgspecError):
            return None

    def _unavailable(self, provider: IdentityProvider, error: ProviderError) -> MainspringError:
        _log.warning("signing in at %s (%s) fails: %s", provider.name, provider.id, error)
        return SsoUnavailableError(retry_after_s=5.0)

    async def _tell(
        self, provider_id: str, peer: str | None, reason: str, *, subject: str | None = None
    ) -> None:
        _log.warning("a sign-in at the identity provider %s failed: %s", provider_id[:64], reason)
        if subject is None:
            return  # anybody can make these, any number of them; the trail is for what somebody did
        await self._audit.note(
            _SELF,
            action="session.refuse",
            object_kind="identity_provider",
            object_id=provider_id,
            details={"subject": subject, "peer": peer, "reason": reason},
        )


def safe_path(path: str | None) -> str:
    """Return ``path`` if it is one of ours, else the start page: nobody is led elsewhere."""
    if not path or not path.startswith("/") or len(path) > _MAX_PATH:
        return "/"
    # Browsers read a backslash as a slash, and leave control characters out.
    if path.startswith(("//", "/\\")) or "\\" in path or not path.isprintable():
        return "/"
    parts = urlsplit(path)
    return path if not parts.scheme and not parts.netloc else "/"


def _with_query(url: str, fields: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(fields)}"


def _plain(text: str | None) -> str:
    shown = (text or "")[:64]
    return shown if shown.isascii() and shown.isprintable() else "?"


def _whole_person(scope: Scope) -> str:
    if scope.actor.kind is not ActorKind.USER:
        raise SignInRequiredError("this token belongs to no person")
    if scope.narrowed_to is not None or scope.confined_to is not None:
        raise PermissionDeniedError("a narrowed token or a confined session cannot do this")
    return scope.actor.id
