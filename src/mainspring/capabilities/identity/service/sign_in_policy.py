"""Whether passwords open sessions; without them somebody must still be able to come in."""

from mainspring.capabilities.identity.domain import PROVIDER_READ, SIGN_IN_WRITE, SignInPolicy
from mainspring.capabilities.identity.ports import IdentityStore
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_SELF = Scope.platform("sign-in")


class SignInPolicyService:
    """How people sign in to this platform."""

    def __init__(self, store: IdentityStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def get(self) -> SignInPolicy:
        """Return how people sign in; the sign-in page shows it to strangers."""
        async with self._store.accounts(_SELF) as accounts:
            return await accounts.sign_in_policy()

    async def read(self, scope: Scope) -> SignInPolicy:
        """Return how people sign in, to somebody who may see the platform's providers."""
        authorize(scope, PROVIDER_READ, org_id=PLATFORM_ORG)
        return await self.get()

    async def put(
        self, scope: Scope, *, password_sign_in: bool, expected_revision: int | None = None
    ) -> SignInPolicy:
        """Switch signing in by password on or off; sessions that are open stay so.

        Raises:
            ConflictError: if nobody could sign in, or nobody while the provider is away.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        scope = authorize(scope, SIGN_IN_WRITE, org_id=PLATFORM_ORG)
        async with self._store.whole(scope) as whole:
            old = await whole.accounts.lock_sign_in_policy()
            check_revision(expected_revision, old.revision)
            if not password_sign_in:
                if await whole.providers.count_enabled() < 1:
                    raise ConflictError(
                        "the platform has no identity provider that is enabled: create one first"
                    )
                if await whole.people.count_emergency_admins() < 1:
                    raise ConflictError(
                        "no administrator's password would be left for emergencies: set"
                        " break_glass for one first"
                    )
            new = SignInPolicy(
                password_sign_in=password_sign_in,
                updated_at=self._clock.now(),
                revision=old.revision + 1,
            )
            await whole.accounts.replace_sign_in_policy(new)
        return new
