"""Accounts and memberships."""

from mainspring.capabilities.identity.domain import (
    LANGUAGES,
    USER_WRITE,
    Membership,
    Role,
    User,
    checked_email,
    checked_password,
    checked_person_name,
)
from mainspring.capabilities.identity.ports import IdentityStore, PasswordHasher
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import InvalidRequestError, NotFoundError
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import PLATFORM_ORG, Scope


class AccountService:
    """Creates accounts and puts them into organisations."""

    def __init__(self, store: IdentityStore, hasher: PasswordHasher, clock: Clock) -> None:
        self._store = store
        self._hasher = hasher
        self._clock = clock

    async def create_user(
        self,
        scope: Scope,
        *,
        email: str,
        name: str,
        password: str,
        language: str = "en",
        is_platform_admin: bool = False,
    ) -> User:
        """Create an account that signs in by password.

        Raises:
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the address has an account.
        """
        scope = authorize(scope, USER_WRITE, org_id=PLATFORM_ORG)
        user = await self.prepared_user(
            email=email,
            name=name,
            password=password,
            language=language,
            is_platform_admin=is_platform_admin,
        )
        async with self._store.accounts(scope) as accounts:
            await accounts.add_user(user)
        return user

    async def put_member(self, scope: Scope, org_id: str, user_id: str, role: Role) -> Membership:
        """Make a person a member of an organisation, or change their role.

        Raises:
            NotFoundError: if there is no such account.
        """
        scope = authorize(scope, USER_WRITE, org_id=org_id)
        membership = Membership(
            org_id=org_id, user_id=user_id, role=role, created_at=self._clock.now()
        )
        async with self._store.accounts(Scope.platform("identity")) as accounts:
            if await accounts.user(user_id) is None:
                raise NotFoundError("there is no such account")
        async with self._store.accounts(scope) as accounts:
            await accounts.put_membership(membership)
        return membership

    async def prepared_user(
        self, *, email: str, name: str, password: str, language: str, is_platform_admin: bool
    ) -> User:
        """Return an account that is checked and not kept yet; hashing takes its time.

        Raises:
            InvalidRequestError: if a field is not acceptable.
        """
        email = checked_email(email)
        password = checked_password(password, email=email)
        if language not in LANGUAGES:
            raise InvalidRequestError(
                f"the language is one of {', '.join(LANGUAGES)}", param="language"
            )
        now = self._clock.now()
        return User(
            id=new_id("usr"),
            email=email,
            name=checked_person_name(name),
            language=language,
            password_hash=await self._hasher.hash(password),
            is_platform_admin=is_platform_admin,
            created_at=now,
            updated_at=now,
        )
