"""An organisation's directory: its tokens, and what it says of people and groups."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from mainspring.capabilities.identity.domain import (
    PROVIDER_READ,
    PROVIDER_WRITE,
    SCIM,
    Membership,
    Role,
    User,
    checked_email,
    digest_of,
    hint_of,
)
from mainspring.capabilities.identity.domain.accounts import MAX_NAME, checked_person_name
from mainspring.capabilities.identity.domain.directory import (
    DIRECTORY_PREFIX,
    MAX_MEMBERS,
    MAX_TOKENS,
    NOBODYS_DOMAIN,
    DirectoryGroup,
    DirectoryToken,
    DirectoryUser,
    GroupSaid,
    PersonSaid,
    Wanted,
)
from mainspring.capabilities.identity.ports import DirectoryWhole, IdentityStore
from mainspring.capabilities.identity.service.members import check_role
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    SignInRequiredError,
)
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id, new_secret
from mainspring.kernel.scope import Actor, ActorKind, Scope

_SELF = Scope.platform("directories")
_SEEN_EVERY = timedelta(minutes=1)


class CreatedDirectoryToken(msgspec.Struct, frozen=True):
    """A token with its secret, which is shown this once."""

    token: DirectoryToken
    secret: str


class KnownPerson(msgspec.Struct, frozen=True):
    """A person of a directory with the groups (id, name) that they are in there."""

    user: DirectoryUser
    groups: tuple[tuple[str, str], ...]


class KnownGroup(msgspec.Struct, frozen=True):
    """A group of a directory with its people (id, name)."""

    group: DirectoryGroup
    members: tuple[tuple[str, str], ...]


class DirectoryTokenService:
    """Tokens by which directories write here."""

    def __init__(self, store: IdentityStore, tenancy: TenancyService, clock: Clock) -> None:
        self._store = store
        self._tenancy = tenancy
        self._clock = clock

    async def create(
        self, scope: Scope, org_id: str, *, name: str, expires_at: datetime | None = None
    ) -> CreatedDirectoryToken:
        """Create a token; whoever shows it decides who belongs to the organisation.

        Raises:
            NotFoundError: if the caller sees no such organisation.
            InvalidRequestError: if a field is not acceptable.
            PermissionDeniedError: if a group that a directory could fill gives more than the
                caller has.
            ConflictError: if there are as many as there may be.
        """
        granted = authorize(scope, PROVIDER_WRITE, org_id=org_id)
        await self._tenancy.check_organization(org_id)
        now = self._clock.now()
        if expires_at is not None and expires_at <= now:
            raise InvalidRequestError("the expiry has passed already", param="expires_at")
        secret = new_secret(DIRECTORY_PREFIX)
        token = DirectoryToken(
            id=new_id("dtk"),
            org_id=org_id,
            name=checked_person_name(name),
            hint=hint_of(secret),
            digest=digest_of(secret),
            created_by=scope.actor.id,
            created_at=now,
            expires_at=expires_at,
        )
        async with self._store.directory(granted) as whole:
            for group in await whole.people.fed_groups(org_id):
                for each in group.roles:
                    await check_role(
                        whole.people, scope, each.role, org_id, each.project_id, taken=True
                    )
            if len(await whole.directory.tokens(org_id)) >= MAX_TOKENS:
                raise ConflictError(f"an organisation has at most {MAX_TOKENS} directory tokens")
            await whole.directory.add_token(token)
        return CreatedDirectoryToken(token, secret)

    async def list_of(self, scope: Scope, org_id: str) -> Sequence[DirectoryToken]:
        """Return the organisation's tokens that are not revoked, oldest first."""
        scope = authorize(scope, PROVIDER_READ, org_id=org_id)
        async with self._store.directory(scope) as whole:
            return await whole.directory.tokens(org_id)

    async def revoke(self, scope: Scope, org_id: str, token_id: str) -> None:
        """End a token.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = authorize(scope, PROVIDER_WRITE, org_id=org_id)
        async with self._store.directory(scope) as whole:
            if not await whole.directory.revoke_token(org_id, token_id, self._clock.now()):
                raise NotFoundError

    async def recognise(self, secret: str) -> Scope:
        """Return the scope of the directory that shows this token: its organisation, no grants.

        Raises:
            SignInRequiredError: if it ended, or there never was one.
        """
        now = self._clock.now()
        async with self._store.directory(_SELF) as whole:
            token = await whole.directory.token_by_digest(digest_of(secret))
            if token is None or not token.is_live(now):
                raise SignInRequiredError("the directory's token is not valid")
            if token.last_used_at is None or now - token.last_used_at >= _SEEN_EVERY:
                await whole.directory.touch_token(token.id, now)
        return Scope(org_id=token.org_id, actor=Actor(ActorKind.SERVICE, token.id))


class DirectoryService:
    """People and groups as a directory writes them; each scope is of one directory.

    A directory governs its own organisation: it makes accounts for new people, and closes those
    that it made. Of an account that was here before it governs the place in the organisation only,
    and it takes in nobody who is not a member already.
    """

    def __init__(self, store: IdentityStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def people(
        self, scope: Scope, wanted: Wanted, *, offset: int, limit: int
    ) -> tuple[int, Sequence[KnownPerson]]:
        """Return how many people there are, and up to ``limit`` of them, oldest first."""
        async with self._store.directory(scope) as whole:
            total, users = await whole.directory.users(
                scope.org_id, wanted, offset=offset, limit=limit
            )
            groups = await whole.directory.groups_of([each.id for each in users])
        return total, [KnownPerson(each, tuple(groups.get(each.id, ()))) for each in users]

    async def person(self, scope: Scope, directory_user_id: str) -> KnownPerson:
        """Return one person.

        Raises:
            NotFoundError: if there is none of that id in this directory.
        """
        _, found = await self.people(scope, Wanted(id=directory_user_id), offset=0, limit=1)
        return existing(found[0] if found else None)

    async def add_person(self, scope: Scope, said: PersonSaid) -> KnownPerson:
        """Take a person in.

        Raises:
            ConflictError: if the name or the address is taken.
            InvalidRequestError: if a field is not acceptable.
        """
        now = self._clock.now()
        org_id = scope.org_id
        directory_user_id = new_id("dus")
        async with self._store.directory(scope.across_tenants()) as whole:
            user, owned, before = await self._account(whole, org_id, directory_user_id, said)
            if await whole.people.member(org_id, user.id) is None:
                await whole.people.put_member(
                    Membership(
                        org_id=org_id,
                        user_id=user.id,
                        role=Role.GUEST.value,
                        source=SCIM,
                        created_at=now,
                    )
                )
            entry = DirectoryUser(
                id=directory_user_id,
                org_id=org_id,
                user_id=user.id,
                user_name=said.user_name,
                external_id=said.external_id,
                owned=owned,
                closed=before is not None and before.closed,
                content=said.content,
                created_at=now,
                updated_at=now,
            )
            # What the directory had closed before opens again with the new entry.
            entry = await self._bring(whole, entry, user, active=said.active is not False, now=now)
            await whole.directory.add_user(entry)
        return KnownPerson(entry, ())

    async def replace_person(
        self,
        scope: Scope,
        directory_user_id: str,
        said: PersonSaid,
        *,
        expected_revision: int | None = None,
    ) -> KnownPerson:
        """Write what the directory says now.

        Raises:
            NotFoundError: if there is none of that id in this directory.
            ConflictError: if the name or the address is taken.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        now = self._clock.now()
        async with self._store.directory(scope.across_tenants()) as whole:
            old = existing(await whole.directory.lock_user(scope.org_id, directory_user_id))
            check_revision(expected_revision, old.revision)
            user = existing(await whole.accounts.user(old.user_id))
            if old.owned:
                user = await self._renamed(whole, user, said)
            new = msgspec.structs.replace(
                old,
                user_name=said.user_name,
                external_id=said.external_id,
                content=said.content,
                updated_at=now,
                revision=old.revision + 1,
            )
            active = old.active if said.active is None else said.active
            new = await self._bring(whole, new, user, active=active, now=now)
            await whole.directory.replace_user(new)
        return await self.person(scope, directory_user_id)

    async def remove_person(
        self, scope: Scope, directory_user_id: str, *, expected_revision: int | None = None
    ) -> None:
        """Take a person out of the organisation, and end what they hold.

        Raises:
            NotFoundError: if there is none of that id in this directory.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        now = self._clock.now()
        async with self._store.directory(scope.across_tenants()) as whole:
            old = existing(await whole.directory.lock_user(scope.org_id, directory_user_id))
            check_revision(expected_revision, old.revision)
            user = existing(await whole.accounts.user(old.user_id))
            gone = await self._bring(whole, old, user, active=False, now=now)
            await whole.directory.leave_groups(old.id)
            await whole.people.remove_member(old.org_id, old.user_id)
            await whole.directory.replace_user(
                msgspec.structs.replace(
                    gone, removed_at=now, updated_at=now, revision=old.revision + 1
                )
            )

    async def groups(
        self, scope: Scope, wanted: Wanted, *, offset: int, limit: int
    ) -> tuple[int, Sequence[KnownGroup]]:
        """Return how many groups there are, and up to ``limit`` of them, oldest first."""
        async with self._store.directory(scope) as whole:
            total, groups = await whole.directory.groups(
                scope.org_id, wanted, offset=offset, limit=limit
            )
            members: Mapping[str, Sequence[tuple[str, str]]] = await whole.directory.members(
                [each.id for each in groups]
            )
        return total, [KnownGroup(each, tuple(members.get(each.id, ()))) for each in groups]

    async def group(self, scope: Scope, group_id: str) -> KnownGroup:
        """Return one group.

        Raises:
            NotFoundError: if there is none of that id in this directory.
        """
        _, found = await self.groups(scope, Wanted(id=group_id), offset=0, limit=1)
        return existing(found[0] if found else None)

    async def add_group(self, scope: Scope, said: GroupSaid) -> KnownGroup:
        """Take a group in.

        Raises:
            ConflictError: if the name is taken.
            InvalidRequestError: if a member is nobody.
        """
        now = self._clock.now()
        made = DirectoryGroup(
            id=new_id("dgr"),
            org_id=scope.org_id,
            display_name=said.display_name,
            external_id=said.external_id,
            created_at=now,
            updated_at=now,
        )
        async with self._store.directory(scope) as whole:
            await whole.directory.add_group(made)
            await self._fill(whole, made, said, now)
        return await self.group(scope, made.id)

    async def replace_group(
        self,
        scope: Scope,
        group_id: str,
        said: GroupSaid,
        *,
        expected_revision: int | None = None,
    ) -> KnownGroup:
        """Write what the directory says now.

        Raises:
            NotFoundError: if there is none of that id in this directory.
            ConflictError: if the name is taken.
            InvalidRequestError: if a member is nobody.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        now = self._clock.now()
        async with self._store.directory(scope) as whole:
            old = existing(await whole.directory.lock_group(scope.org_id, group_id))
            check_revision(expected_revision, old.revision)
            new = msgspec.structs.replace(
                old,
                display_name=said.display_name,
                external_id=said.external_id,
                updated_at=now,
                revision=old.revision + 1,
            )
            await whole.directory.replace_group(new)
            await self._fill(whole, new, said, now)
        return await self.group(scope, group_id)

    async def remove_group(
        self, scope: Scope, group_id: str, *, expected_revision: int | None = None
    ) -> None:
        """Take a group out; its people lose what it gave them.

        Raises:
            NotFoundError: if there is none of that id in this directory.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        async with self._store.directory(scope) as whole:
            old = existing(await whole.directory.lock_group(scope.org_id, group_id))
            check_revision(expected_revision, old.revision)
            await whole.directory.remove_group(group_id)
            await whole.people.derive_from_directory(scope.org_id, self._clock.now())

    # Within

    async def _fill(
        self, whole: DirectoryWhole, group: DirectoryGroup, said: GroupSaid, now: datetime
    ) -> None:
        if len(said.members) > MAX_MEMBERS:
            raise InvalidRequestError(f"a group has at most {MAX_MEMBERS} members", param="members")
        unknown = await whole.directory.set_members(group, said.members)
        if unknown:
            raise InvalidRequestError(
                f"there is nobody with the id {min(unknown)}", param="members"
            )
        await whole.people.derive_from_directory(group.org_id, now)

    async def _account(
        self, whole: DirectoryWhole, org_id: str, directory_user_id: str, said: PersonSaid
    ) -> tuple[User, bool, DirectoryUser | None]:
        """Return the person's account, whether it is the directory's own, and its former entry."""
        email = _address(said, directory_user_id)
        present = await whole.accounts.user_by_email(email)
        if present is None:
            now = self._clock.now()
            made = User(
                id=new_id("usr"),
                email=email,
                name=_name(said),
                language="en",
                managed_by=org_id,
                created_at=now,
                updated_at=now,
            )
            await whole.accounts.add_user(made)
            return made, True, None
        owned = present.managed_by == org_id
        before = await whole.directory.user_of(org_id, present.id)
        if before is not None:
            if before.removed_at is None:
                raise ConflictError("another person of the directory has this address")
            await whole.directory.forget_user(before.id)
        elif not owned and await whole.people.member(org_id, present.id) is None:
            raise ConflictError(
                "this address has an account that does not belong to the organisation; invite it"
            )
        return present, owned, before

    async def _bring(
        self,
        whole: DirectoryWhole,
        entry: DirectoryUser,
        user: User,
        *,
        active: bool,
        now: datetime,
    ) -> DirectoryUser:
        """Open or close what the directory governs; return the entry as it is then."""
        member = await whole.people.member(entry.org_id, entry.user_id)
        if member is not None and member.suspended is active:
            await whole.people.put_member(msgspec.structs.replace(member, suspended=not active))
        closed = entry.closed
        if active:
            if entry.owned and entry.closed and user.disabled_at is not None:
                await self._set_disabled(whole, user, None)
                await whole.people.unblock(user.id, org_id=None)
            await whole.people.unblock(user.id, org_id=entry.org_id)
            closed = False
        elif entry.owned and not user.is_platform_admin:
            if user.disabled_at is None:
                await self._set_disabled(whole, user, now)
                closed = True
            await whole.people.end_everything(user.id, now, closed=True)
        else:
            await whole.people.end_sessions_in(user.id, entry.org_id)
            await whole.people.end_keys(user.id, now, org_id=entry.org_id)
            await whole.people.block_in(user.id, entry.org_id)
        return msgspec.structs.replace(entry, active=active, closed=closed)

    async def _set_disabled(self, whole: DirectoryWhole, user: User, at: datetime | None) -> None:
        await whole.accounts.replace_user(
            msgspec.structs.replace(
                user, disabled_at=at, updated_at=self._clock.now(), revision=user.revision + 1
            )
        )

    async def _renamed(self, whole: DirectoryWhole, user: User, said: PersonSaid) -> User:
        """Return the account with the name and the address that the directory says now."""
        email = user.email if said.email is None else checked_email(said.email)
        name = _name(said) if said.name else user.name
        if (email, name) == (user.email, user.name):
            return user
        changed = msgspec.structs.replace(
            user, email=email, name=name, updated_at=self._clock.now(), revision=user.revision + 1
        )
        await whole.accounts.replace_user(changed)
        return changed


def _address(said: PersonSaid, directory_user_id: str) -> str:
    if said.email is not None:
        return checked_email(said.email)
    try:
        return checked_email(said.user_name)
    except InvalidRequestError:
        return f"{directory_user_id}@{NOBODYS_DOMAIN}"


def _name(said: PersonSaid) -> str:
    return (said.name or said.user_name).strip()[:MAX_NAME] or said.user_name[:MAX_NAME]
