"""What people do about their own account: password, second factor, sessions."""

from collections.abc import Sequence

import msgspec

from mainspring.capabilities.identity.domain import (
    USER_WRITE,
    Session,
    User,
    checked_password,
    digest_of,
)
from mainspring.capabilities.identity.domain.second_factor import (
    SecondFactor,
    matching_step,
    new_recovery_codes,
    new_totp_secret,
    provisioning_uri,
    recovery_digest,
)
from mainspring.capabilities.identity.ports import IdentityStore, PasswordHasher
from mainspring.capabilities.identity.service.second_step import FactorVault
from mainspring.capabilities.identity.service.sign_in import SignInService
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    InvalidCredentialsError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.kernel.scope import PLATFORM_ORG, ActorKind, Scope


class Enrolment(msgspec.Struct, frozen=True):
    """A second factor that waits for its first code."""

    secret: str
    uri: str


class OwnAccountService:
    """Changes of one's own account; what weakens it asks for the password again.

    A narrowed token reaches none of this: it could widen itself.
    """

    def __init__(
        self,
        store: IdentityStore,
        hasher: PasswordHasher,
        sign_in: SignInService,
        vault: FactorVault,
        clock: Clock,
    ) -> None:
        self._store = store
        self._hasher = hasher
        self._sign_in = sign_in
        self._vault = vault
        self._clock = clock

    async def sessions(self, scope: Scope) -> Sequence[Session]:
        """Return one's own sessions, the latest first."""
        person = _person(scope)
        async with self._store.accounts(scope.across_tenants()) as accounts:
            return await accounts.sessions_of(person)

    async def end_session(self, scope: Scope, session_id: str) -> None:
        """End one of one's own sessions.

        Raises:
            NotFoundError: if there is none of that id.
        """
        person = _person(scope)
        async with self._store.accounts(scope.across_tenants()) as accounts:
            if not await accounts.end_session_of(person, session_id):
                raise NotFoundError

    async def change_password(
        self, scope: Scope, *, current: str, new: str, keep: str | None
    ) -> None:
        """Change one's own password; every other session ends, ``keep`` (a secret) stays.

        Raises:
            InvalidCredentialsError: if ``current`` is not the password.
            SignInThrottledError: if there were too many wrong ones.
            InvalidRequestError: if the new one is not acceptable.
        """
        user = await self._proven(scope, current)
        password = checked_password(new, email=user.email)
        if password == current:
            raise InvalidRequestError("this is the password already", param="new")
        changed = msgspec.structs.replace(
            user,
            password_hash=await self._hasher.hash(password),
            updated_at=self._clock.now(),
            revision=user.revision + 1,
        )
        async with self._store.accounts(scope.across_tenants()) as accounts:
            await accounts.replace_user(changed)
            kept = None if keep is None else digest_of(keep)
            await accounts.end_sessions_of(user.id, but=kept)

    async def has_second_factor(self, scope: Scope) -> bool:
        """Tell whether signing in asks for a code."""
        person = _person(scope)
        async with self._store.accounts(scope.across_tenants()) as accounts:
            factor = await accounts.second_factor(person)
        return factor is not None and factor.confirmed_at is not None

    async def enrol(self, scope: Scope, *, password: str) -> Enrolment:
        """Begin to use an authenticator app; it counts once a code of it was shown.

        Raises:
            InvalidCredentialsError: if that is not the password.
            ConflictError: if there is a second factor.
        """
        user = await self._proven(scope, password)
        secret = new_totp_secret()
        sealed = self._vault.sealed(user.id, secret)
        factor = SecondFactor(
            user_id=user.id,
            key_id=sealed.key_id,
            nonce=sealed.nonce,
            ciphertext=sealed.ciphertext,
            created_at=self._clock.now(),
        )
        async with self._store.accounts(scope.across_tenants()) as accounts:
            known = await accounts.second_factor(user.id)
            if known is not None and known.confirmed_at is not None:
                raise ConflictError("this account has a second factor: remove it first")
            await accounts.put_second_factor(factor)
        return Enrolment(secret, provisioning_uri(secret, user.email))

    async def confirm(self, scope: Scope, code: str) -> tuple[str, ...]:
        """Show the app's first code; from now on signing in asks for one.

        Returns:
            The recovery codes, which are shown this once.

        Raises:
            InvalidCredentialsError: if it is not a code of the app.
            ConflictError: if no enrolment waits for one.
        """
        person = _person(scope)
        now = self._clock.now()
        async with self._store.accounts(scope.across_tenants()) as accounts:
            factor = await accounts.second_factor(person)
            if factor is None or factor.confirmed_at is not None:
                raise ConflictError("no enrolment waits for a code")
            step = matching_step(self._vault.secret(factor), code.strip(), now)
            if step is None:
                raise InvalidCredentialsError("that is not a code of the app")
            codes = new_recovery_codes()
            confirmed = msgspec.structs.replace(
                factor,
                confirmed_at=now,
                last_step=step,
                recovery_codes=tuple(recovery_digest(each) for each in codes),
            )
            await accounts.put_second_factor(confirmed)
        return codes

    async def remove_second_factor(self, scope: Scope, *, password: str) -> None:
        """Sign in by password alone again.

        Raises:
            InvalidCredentialsError: if that is not the password.
        """
        user = await self._proven(scope, password)
        async with self._store.accounts(scope.across_tenants()) as accounts:
            await accounts.remove_second_factor(user.id)

    async def reset_second_factor(self, scope: Scope, user_id: str) -> None:
        """Take somebody's second factor away, for whoever lost app and codes.

        Raises:
            NotFoundError: if there is no such account, or it has none.
        """
        scope = authorize(scope, USER_WRITE, org_id=PLATFORM_ORG)
        async with self._store.accounts(scope) as accounts:
            if await accounts.second_factor(user_id) is None:
                raise NotFoundError("this account has no second factor")
            await accounts.remove_second_factor(user_id)

    async def _proven(self, scope: Scope, password: str) -> User:
        user = await self._sign_in.current_user(scope)
        _person(scope)
        await self._sign_in.check_password(user, password)
        return user


def _person(scope: Scope) -> str:
    if scope.actor.kind is not ActorKind.USER:
        raise SignInRequiredError("this token belongs to no person")
    if scope.narrowed_to is not None or scope.confined_to is not None:
        raise PermissionDeniedError(
            "a narrowed token or a session confined to one organisation does not reach the account"
        )
    return scope.actor.id
