"""The first administrator, by a link that works once."""

from datetime import timedelta

from mainspring.capabilities.identity.domain import SETUP_PREFIX, digest_of
from mainspring.capabilities.identity.ports import IdentityStore, NoSetupLink, SetupLink
from mainspring.capabilities.identity.service.accounts import AccountService
from mainspring.capabilities.identity.service.sign_in import OpenedSession, SignInService
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import SetupTokenError
from mainspring.kernel.ids import new_secret
from mainspring.kernel.scope import Scope

_SELF = Scope.platform("setup")
_LIFETIME = timedelta(hours=24)


class SetupService:
    """Lets one person in while nobody has an account; afterwards it is closed for good."""

    def __init__(
        self,
        store: IdentityStore,
        accounts: AccountService,
        sign_in: SignInService,
        clock: Clock,
        *,
        link: SetupLink | None = None,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._sign_in = sign_in
        self._clock = clock
        self._link = link or NoSetupLink()

    async def is_needed(self) -> bool:
        """Tell whether nobody has an account yet."""
        async with self._store.accounts(_SELF) as accounts:
            return await accounts.count_users() == 0

    async def offer(self) -> bool:
        """Issue a new link if set-up is needed; earlier links stop working. For every start.

        Returns:
            Whether set-up is needed.
        """
        secret = new_secret(SETUP_PREFIX)
        async with self._store.accounts(_SELF) as accounts:
            needed = await accounts.count_users() == 0
            if needed:
                await accounts.put_setup_token(digest_of(secret), self._clock.now() + _LIFETIME)
        if needed:
            self._link.show(secret)
        else:
            self._link.remove()
        return needed

    async def complete(
        self, *, token: str, email: str, name: str, password: str, language: str
    ) -> OpenedSession:
        """Create the first administrator and sign them in.

        Raises:
            SetupTokenError: if the token is wrong, used or expired, or somebody has an account.
            InvalidRequestError: if a field is not acceptable; the token stays good.
        """
        digest = digest_of(token)
        # Asked before anything costly: a password is hashed for the holder of the link alone.
        async with self._store.accounts(_SELF) as accounts:
            if await accounts.count_users() > 0:
                raise SetupTokenError("set-up is done")
            if not await accounts.knows_setup_token(digest, self._clock.now()):
                raise SetupTokenError
        user = await self._accounts.prepared_user(
            email=email, name=name, password=password, language=language, is_platform_admin=True
        )
        async with self._store.accounts(_SELF) as accounts:
            # Of several requests that got so far, the token lets one through.
            if not await accounts.take_setup_token(digest, self._clock.now()):
                raise SetupTokenError
            await accounts.add_user(user)
            opened = await self._sign_in.opened(accounts, user)
        self._link.remove()
        return opened
