"""Accounts: made, changed, disabled, and ended in all that they hold."""

from collections.abc import Collection

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.capabilities.identity.domain import (
    BUILT_IN_ROLES,
    LANGUAGES,
    USER_DISABLE,
    USER_READ,
    USER_WRITE,
    Level,
    Role,
    User,
    checked_email,
    checked_password,
    checked_person_name,
)
from mainspring.capabilities.identity.ports import Ended, IdentityStore, PasswordHasher, Whole
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
)
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope


class UserChanges(msgspec.Struct, frozen=True):
    """What may change about an account; ``UNSET`` stays as it is."""

    name: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    platform_roles: tuple[str, ...] | UnsetType = UNSET
    break_glass: bool | UnsetType = UNSET


class AccountService:
    """The accounts of the platform."""

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
        platform_roles: Collection[str] = (),
    ) -> User:
        """Create an account that signs in by password.

        Raises:
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the address has an account.
        """
        granted = authorize(scope, USER_WRITE, org_id=PLATFORM_ORG)
        user = await self.prepared_user(
            email=email, name=name, password=password, language=language
        )
        user = _with_roles(user, platform_roles)
        refuse_beyond(scope, user.all_platform_roles)
        async with self._store.accounts(granted) as accounts:
            await accounts.add_user(user)
        return user

    async def get_user(self, scope: Scope, user_id: str) -> User:
        """Return one account.

        Raises:
            NotFoundError: if there is none.
        """
        scope = authorize(scope, USER_READ, org_id=PLATFORM_ORG)
        async with self._store.accounts(scope) as accounts:
            return _present(await accounts.user(user_id))

    async def list_users(self, scope: Scope, page: PageRequest, *, email: str | None) -> Page[User]:
        """Return the accounts, oldest first; ``email`` asks for the one of that address."""
        after = decode_cursor(page.cursor, str)
        scope = authorize(scope, USER_READ, org_id=PLATFORM_ORG)
        wanted = None if email is None else email.strip().lower()
        async with self._store.accounts(scope) as accounts:
            found = await accounts.users(email=wanted, after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda user: user.id)

    async def update_user(
        self,
        scope: Scope,
        user_id: str,
        changes: UserChanges,
        *,
        expected_revision: int | None = None,
    ) -> User:
        """Change an account.

        Raises:
            NotFoundError: if there is none.
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if nobody would administer the platform any more.
            PermissionDeniedError: if the caller gives or takes a role that is more than its own.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        granted = authorize(scope, USER_WRITE, org_id=PLATFORM_ORG)
        async with self._store.whole(granted) as whole:
            people = whole.people
            admins = await people.count_platform_admins()
            old = _present((await people.users([user_id])).get(user_id))
            check_revision(expected_revision, old.revision)
            new = old
            if isinstance(changes.name, str):
                new = msgspec.structs.replace(new, name=checked_person_name(changes.name))
            if isinstance(changes.language, str):
                new = msgspec.structs.replace(new, language=checked_language(changes.language))
            if not isinstance(changes.platform_roles, UnsetType):
                new = _with_roles(new, changes.platform_roles)
                refuse_beyond(scope, set(old.all_platform_roles) ^ set(new.all_platform_roles))
            if isinstance(changes.break_glass, bool) and changes.break_glass != new.break_glass:
                refuse_beyond(scope, [Role.PLATFORM_ADMIN])
                new = msgspec.structs.replace(new, break_glass=changes.break_glass)
            if old.is_platform_admin and not new.is_platform_admin:
                _refuse_last(old, admins)
            if not (new.is_platform_admin and new.break_glass):
                await _refuse_last_emergency(whole, old)
            new = msgspec.structs.replace(
                new, updated_at=self._clock.now(), revision=old.revision + 1
            )
            await people.replace_user(new)
        return new

    async def disable_user(self, scope: Scope, user_id: str) -> tuple[User, Ended]:
        """Close an account, and end its sessions, tokens and keys everywhere.

        Gateways hear of it with this transaction, and refuse tokens of providers as well that are
        made for the person; nothing that the person holds opens
        anything a moment later. Calls that are under way go on to their end.

        Raises:
            NotFoundError: if there is none.
            ConflictError: if nobody would administer the platform any more.
        """
        granted = authorize(scope, USER_DISABLE, org_id=PLATFORM_ORG)
        now = self._clock.now()
        async with self._store.whole(granted) as whole:
            people = whole.people
            admins = await people.count_platform_admins()
            user = _present((await people.users([user_id])).get(user_id))
            if user.disabled_at is None:
                if user.is_platform_admin:
                    _refuse_last(user, admins)
                await _refuse_last_emergency(whole, user)
                user = msgspec.structs.replace(
                    user, disabled_at=now, updated_at=now, revision=user.revision + 1
                )
                await people.replace_user(user)
            return user, await people.end_everything(user_id, now, closed=True)

    async def enable_user(self, scope: Scope, user_id: str) -> User:
        """Open a closed account again; what it held stays ended.

        Raises:
            NotFoundError: if there is none.
        """
        granted = authorize(scope, USER_WRITE, org_id=PLATFORM_ORG)
        async with self._store.people(granted) as people:
            user = _present((await people.users([user_id])).get(user_id))
            if user.disabled_at is None:
                return user
            refuse_beyond(scope, user.all_platform_roles)
            user = msgspec.structs.replace(
                user,
                disabled_at=None,
                updated_at=self._clock.now(),
                revision=user.revision + 1,
            )
            await people.replace_user(user)
            await people.unblock(user_id, org_id=None)
            return user

    async def revoke_credentials(self, scope: Scope, user_id: str) -> Ended:
        """End everything that a person holds; the account itself stays open.

        Raises:
            NotFoundError: if there is none.
        """
        granted = authorize(scope, USER_DISABLE, org_id=PLATFORM_ORG)
        async with self._store.people(granted) as people:
            user = _present((await people.users([user_id])).get(user_id))
            closed = user.disabled_at is not None
            return await people.end_everything(user_id, self._clock.now(), closed=closed)

    async def prepared_user(
        self,
        *,
        email: str,
        name: str,
        password: str,
        language: str,
        is_platform_admin: bool = False,
    ) -> User:
        """Return an account that is checked and not kept yet; hashing takes its time.

        Raises:
            InvalidRequestError: if a field is not acceptable.
        """
        email = checked_email(email)
        password = checked_password(password, email=email)
        language = checked_language(language)
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


def checked_language(language: str) -> str:
    """Return ``language``.

    Raises:
        InvalidRequestError: if the platform does not speak it.
    """
    if language not in LANGUAGES:
        raise InvalidRequestError(
            f"the language is one of {', '.join(LANGUAGES)}", param="language"
        )
    return language


def _with_roles(user: User, roles: Collection[str]) -> User:
    for role in roles:
        if role not in BUILT_IN_ROLES or Level.PLATFORM not in BUILT_IN_ROLES[role].levels:
            raise InvalidRequestError(
                f"{role!r} is no role of the platform", param="platform_roles"
            )
    others = sorted(set(roles) - {Role.PLATFORM_ADMIN})
    return msgspec.structs.replace(
        user,
        is_platform_admin=Role.PLATFORM_ADMIN in roles,
        platform_roles=tuple(str(role) for role in others),
    )


def refuse_beyond(scope: Scope, roles: Collection[str]) -> None:
    """Nobody gives, takes or restores what they do not have themselves."""
    if scope.crosses_tenants:
        return
    for role in roles:
        wanted = BUILT_IN_ROLES[role].permissions
        held = [grant for grant in scope.grants if grant.org_id is None]
        if not any("*" in grant.permissions or wanted <= grant.permissions for grant in held):
            raise PermissionDeniedError(f"the role {role} is more than you have yourself")


def _refuse_last(user: User, admins: int) -> None:
    if user.disabled_at is None and admins <= 1:
        raise ConflictError("this is the platform's last administrator")


async def _refuse_last_emergency(whole: Whole, user: User) -> None:
    """While passwords are off somebody must be able to come in without the provider."""
    if not (user.is_platform_admin and user.break_glass):
        return
    policy = await whole.accounts.lock_sign_in_policy()
    if not policy.password_sign_in and await whole.people.count_emergency_admins(but=user.id) < 1:
        raise ConflictError(
            "passwords are switched off, and this is the last account for emergencies"
        )


def _present(user: User | None) -> User:
    if user is None:
        raise NotFoundError("there is no such account")
    return user
