"""Sessions: signing in, recognising, signing out."""

import logging
from datetime import timedelta

import msgspec

from mainspring.capabilities.audit.api import AuditService
from mainspring.capabilities.identity.domain import (
    SESSION_PREFIX,
    Session,
    User,
    csrf_token,
    digest_of,
    locked_for_s,
)
from mainspring.capabilities.identity.domain.accounts import FORGET_AFTER, MAX_EMAIL, failures_after
from mainspring.capabilities.identity.ports import Accounts, IdentityStore, PasswordHasher
from mainspring.capabilities.identity.service.second_step import FactorVault
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    AccountDisabledError,
    InvalidCredentialsError,
    PasswordSignInOffError,
    SignInRequiredError,
    SignInThrottledError,
)
from mainspring.kernel.ids import new_id, new_secret
from mainspring.kernel.scope import PLATFORM_ORG, Actor, ActorKind, Scope

_log = logging.getLogger(__name__)

_SELF = Scope.platform("sign-in")
_LIFETIME = timedelta(days=7)
_IDLE = timedelta(hours=24)
_SEEN_EVERY = timedelta(minutes=1)
_MAX_TOLD = 300
_FREE_PER_ACCOUNT = 5
_FREE_PER_PEER = 30


class OpenedSession(msgspec.Struct, frozen=True):
    """A session with its secret, which is in nobody's hands but the caller's from here on."""

    user: User
    session: Session
    secret: str
    csrf_token: str


class Voucher(msgspec.Struct, frozen=True):
    """Which provider vouches for a person, in which session of its own, and for how long.

    An organisation's provider vouches in that organisation (``org_id``) only.
    """

    provider_id: str
    provider_session: str | None
    org_id: str | None
    lifetime: timedelta


class SignInService:
    """Sessions of the console. ``csrf_key`` signs what the console shows with each write."""

    def __init__(
        self,
        store: IdentityStore,
        hasher: PasswordHasher,
        clock: Clock,
        audit: AuditService,
        vault: FactorVault,
        *,
        csrf_key: bytes,
    ) -> None:
        self._store = store
        self._hasher = hasher
        self._clock = clock
        self._audit = audit
        self._vault = vault
        self._csrf_key = csrf_key

    async def sign_in(
        self,
        *,
        email: str,
        password: str,
        peer: str,
        code: str | None = None,
        agent: str | None = None,
    ) -> OpenedSession:
        """Open a session for whoever knows the password, and the ``code`` if one is asked for.

        ``peer`` is the caller's address, ``agent`` what its browser calls itself.

        An unknown address costs the same time and gives the same answer as a wrong password.

        Raises:
            InvalidCredentialsError: if the two do not belong together.
            PasswordSignInOffError: if passwords are off, and the account is not for emergencies.
            SignInThrottledError: if there were too many failures for the account or the peer.
            AccountDisabledError: if they do, and the account is closed.
            SecondFactorRequiredError: if they do, and a code is missing.
        """
        email = email.strip().lower()
        # The attempt is counted before the password is looked at, so that many guesses sent at
        # once do not all pass the check.
        subjects = {f"account:{email}": _FREE_PER_ACCOUNT, f"peer:{peer}": _FREE_PER_PEER}
        async with self._store.accounts(_SELF) as accounts:
            await self._count_attempt(accounts, subjects)
            user = await accounts.user_by_email(email)
            passwords = (await accounts.sign_in_policy()).password_sign_in
        is_emergency = user is not None and user.break_glass and user.is_platform_admin
        if not passwords and not is_emergency:
            raise PasswordSignInOffError
        known = None if user is None else user.password_hash
        if not await self._hasher.matches(known, password) or user is None or known is None:
            await self._tell_failure(email, peer, user, "the password is wrong")
            # Where passwords are off, nobody learns which accounts are kept for emergencies.
            raise InvalidCredentialsError if passwords else PasswordSignInOffError
        if user.disabled_at is not None:
            await self._tell_failure(email, peer, user, "the account is disabled")
            raise AccountDisabledError
        renewed = None
        if self._hasher.is_outdated(known):
            renewed = msgspec.structs.replace(
                user,
                password_hash=await self._hasher.hash(password),
                updated_at=self._clock.now(),
                revision=user.revision + 1,
            )
        theirs = msgspec.structs.replace(_SELF, actor=Actor(ActorKind.USER, user.id))
        try:
            async with self._store.accounts(theirs) as accounts:
                await self._vault.check(accounts, user.id, code)
                await accounts.clear_attempts(subjects)
                if renewed is not None:
                    await accounts.replace_user(renewed)
                opened = await self.opened(accounts, renewed or user, peer=peer, agent=agent)
        except InvalidCredentialsError:
            await self._tell_failure(email, peer, user, "the code is wrong")
            raise
        if not passwords:
            await self._tell_emergency(user, peer)
        return opened

    async def check_password(self, user: User, password: str) -> None:
        """Check that whoever is signed in knows the password, at the pace of signing in.

        Raises:
            InvalidCredentialsError: if it is another one.
            SignInThrottledError: if there were too many wrong ones.
        """
        subjects = {f"account:{user.email}": _FREE_PER_ACCOUNT}
        async with self._store.accounts(_SELF) as accounts:
            await self._count_attempt(accounts, subjects)
        known = user.password_hash
        if known is None or not await self._hasher.matches(known, password):
            await self._tell_failure(user.email, "signed in", user, "the password is wrong")
            raise InvalidCredentialsError
        async with self._store.accounts(_SELF) as accounts:
            await accounts.clear_attempts(subjects)

    async def opened(
        self,
        accounts: Accounts,
        user: User,
        *,
        peer: str | None = None,
        agent: str | None = None,
        voucher: Voucher | None = None,
    ) -> OpenedSession:
        """Open a session of ``user`` inside a transaction that is under way.

        ``voucher`` is the provider's word for who that is, where no password was shown.
        """
        now = self._clock.now()
        secret = new_secret(SESSION_PREFIX)
        session = Session(
            id=new_id("ses"),
            digest=digest_of(secret),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            expires_at=now + (_LIFETIME if voucher is None else voucher.lifetime),
            peer=None if peer is None else peer[:_MAX_TOLD],
            agent=None if agent is None else agent[:_MAX_TOLD],
            provider_id=None if voucher is None else voucher.provider_id,
            provider_session=None if voucher is None else voucher.provider_session,
            org_id=None if voucher is None else voucher.org_id,
        )
        await accounts.add_session(session)
        return OpenedSession(user, session, secret, self.csrf_token(secret))

    async def recognise(self, secret: str) -> Scope:
        """Return the scope of the session with that secret, its grants read afresh.

        Raises:
            SignInRequiredError: if it ended, or there never was one.
        """
        now = self._clock.now()
        async with self._store.accounts(_SELF) as accounts:
            session = await accounts.session_by_digest(digest_of(secret))
            if session is None or now >= session.expires_at or now - session.seen_at >= _IDLE:
                raise SignInRequiredError("the session has ended")
            if now - session.seen_at >= _SEEN_EVERY:
                await accounts.touch_session(session.id, now)
            scope = await scope_of_user(accounts, session.user_id)
        return scope if session.org_id is None else confined(scope, session.org_id)

    async def provider_of(self, secret: str) -> str | None:
        """Return the provider that vouched for the session with that secret, if one did."""
        async with self._store.accounts(_SELF) as accounts:
            session = await accounts.session_by_digest(digest_of(secret))
        return None if session is None else session.provider_id

    async def current_user(self, scope: Scope) -> User:
        """Return the person who is asking.

        Raises:
            SignInRequiredError: if a machine is asking.
        """
        if scope.actor.kind is not ActorKind.USER:
            raise SignInRequiredError("this token belongs to no person")
        async with self._store.accounts(_SELF) as accounts:
            user = await accounts.user(scope.actor.id)
        if user is None:
            raise SignInRequiredError
        return user

    async def sign_out(self, scope: Scope, secret: str) -> None:
        """End the session with that secret, if there is one."""
        async with self._store.accounts(scope.across_tenants()) as accounts:
            await accounts.remove_session(digest_of(secret))

    async def remove_ended(self) -> int:
        """Remove sessions that are over; return how many there were. For housekeeping.

        Failures that count no more go too: anybody can make some, for any address.
        """
        now = self._clock.now()
        async with self._store.accounts(_SELF) as accounts:
            await accounts.remove_attempts_before(now - FORGET_AFTER)
            await accounts.forget_used_up(now)
            return await accounts.remove_sessions_before(expired=now, idle=now - _IDLE)

    def csrf_token(self, secret: str) -> str:
        """Return what the console must show beside the session's cookie when it writes."""
        return csrf_token(secret, self._csrf_key)

    async def _tell_emergency(self, user: User, peer: str) -> None:
        """Say loudly that somebody came in past the provider."""
        _log.warning("the emergency account %s signed in by password from %s", user.id, peer)
        await self._audit.note(
            _SELF,
            action="session.break_glass",
            object_kind="user",
            object_id=user.id,
            details={"email": user.email, "peer": peer},
        )

    async def _tell_failure(self, email: str, peer: str, user: User | None, why: str) -> None:
        """Tell the audit trail; the pace of guessing bounds how often."""
        await self._audit.note(
            _SELF,
            action="session.refuse",
            object_kind="user",
            object_id=None if user is None else user.id,
            details={
                "email": email[:MAX_EMAIL],
                "peer": peer,
                "reason": why if user is not None else "there is no such account",
            },
        )

    async def _count_attempt(self, accounts: Accounts, subjects: dict[str, int]) -> None:
        now = self._clock.now()
        counts: dict[str, int] = {}
        # In one order everywhere, so that two sign-ins never wait for each other in a circle.
        for subject in sorted(subjects):
            failures, last_at = await accounts.lock_attempts(subject) or (0, now)
            wait_s = locked_for_s(failures, last_at, now, free=subjects[subject])
            if wait_s > 0:
                raise SignInThrottledError(retry_after_s=wait_s)
            counts[subject] = failures_after(failures, last_at, now)
        for subject, failures in counts.items():
            await accounts.put_attempts(subject, failures, now)


def confined(scope: Scope, org_id: str) -> Scope:
    """Return ``scope`` with what holds in that organisation alone; nothing of the platform."""
    grants = tuple(grant for grant in scope.grants if grant.org_id == org_id)
    return msgspec.structs.replace(scope, grants=grants, confined_to=org_id)


async def scope_of_user(accounts: Accounts, user_id: str) -> Scope:
    """Return what the person may do now, narrowed to no organisation yet.

    Raises:
        SignInRequiredError: if the account is gone or disabled.
    """
    user = await accounts.user(user_id)
    if user is None or user.disabled_at is not None:
        raise SignInRequiredError
    grants = (await accounts.standing(user)).grants()
    return Scope(org_id=PLATFORM_ORG, actor=Actor(ActorKind.USER, user.id), grants=grants)
