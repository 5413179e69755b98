"""Service accounts and their secrets. A change reaches gateways with its transaction."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import UNSET

from mainspring.capabilities.oauth.domain import (
    ACCOUNT_READ,
    ACCOUNT_WRITE,
    MAX_SECRETS,
    SECRET_PREFIX,
    AccountChanges,
    AccountSecret,
    ServiceAccount,
    checked_account,
)
from mainspring.capabilities.oauth.ports import Accounts, OAuthStore, Standings
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
)
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id, new_secret
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import ActorKind, Scope
from mainspring.snapshot import resources

_SELF = Scope.platform("service-accounts")


class CreatedSecret(msgspec.Struct, frozen=True):
    """A secret in clear, which is shown this once."""

    kept: AccountSecret
    secret: str


class CreatedAccount(msgspec.Struct, frozen=True):
    """A new account with its first secret in clear, which is shown this once."""

    account: ServiceAccount
    secret: str


class AccountService:
    """Creates, changes and removes service accounts, and rotates their secrets."""

    def __init__(
        self, store: OAuthStore, tenancy: TenancyService, standings: Standings, clock: Clock
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._standings = standings
        self._clock = clock

    async def create(
        self,
        scope: Scope,
        org_id: str,
        *,
        name: str,
        project_ids: Sequence[str],
        changes: AccountChanges,
    ) -> CreatedAccount:
        """Create an account with a secret; ``changes`` are its other fields.

        A person who makes one answers for it, unless ``changes`` name another.

        Raises:
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the name is taken in the organisation.
        """
        scope = authorize(scope, ACCOUNT_WRITE, org_id=org_id)
        await self._check_owner(org_id, changes)
        now = self._clock.now()
        account = checked_account(
            apply_changes(
                ServiceAccount(
                    id=new_id("svc"),
                    org_id=org_id,
                    name=name,
                    project_ids=tuple(dict.fromkeys(project_ids)),
                    owner_id=scope.actor.id if scope.actor.kind is ActorKind.USER else None,
                    created_at=now,
                    updated_at=now,
                ),
                changes,
            )
        )
        await self._check_projects(scope, org_id, account.project_ids)
        created = self._made_secret(account, None)
        async with self._store.begin(scope) as accounts:
            await accounts.add(account)
            await accounts.add_secret(created.kept)
            await accounts.publish([account.resource([created.kept.id])])
        return CreatedAccount(account, created.secret)

    async def get(self, scope: Scope, account_id: str) -> ServiceAccount:
        """Return one account.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = (await self._found(scope, ACCOUNT_READ, account_id))[1]
        async with self._store.begin(scope) as accounts:
            return existing(await accounts.get(account_id))

    async def list_of(
        self, scope: Scope, org_id: str, page: PageRequest, *, owner_left: bool | None = None
    ) -> Page[ServiceAccount]:
        """Return an organisation's accounts, oldest first.

        ``owner_left`` keeps those whose owner has left (or has not).

        Raises:
            NotFoundError: if the caller sees no such organisation.
        """
        after = decode_cursor(page.cursor, str)
        scope = authorize(scope, ACCOUNT_READ, org_id=org_id)
        async with self._store.begin(scope) as accounts:
            found = await accounts.of_organization(
                org_id, owner_left=owner_left, after=after, limit=page.limit + 1
            )
        return page_of(found, page.limit, lambda account: account.id)

    async def update(
        self,
        scope: Scope,
        account_id: str,
        changes: AccountChanges,
        *,
        expected_revision: int | None = None,
    ) -> ServiceAccount:
        """Change an account; tokens that it holds follow within moments.

        Raises:
            NotFoundError: if there is none that the caller may see.
            InvalidRequestError: if a field is not acceptable.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        held, scope = await self._found(scope, ACCOUNT_WRITE, account_id)
        if isinstance(changes.project_ids, tuple):
            await self._check_projects(scope, held.org_id, changes.project_ids)
        await self._check_owner(held.org_id, changes)
        async with self._store.begin(scope) as accounts:
            old = existing(await accounts.lock(account_id))
            check_revision(expected_revision, old.revision)
            new = msgspec.structs.replace(
                checked_account(apply_changes(old, changes)),
                updated_at=self._clock.now(),
                revision=old.revision + 1,
            )
            if changes.owner_id is not UNSET:
                new = msgspec.structs.replace(new, owner_left_at=None)
            await accounts.replace(new)
            await self._publish(accounts, new)
        return new

    async def remove(self, scope: Scope, account_id: str) -> None:
        """Remove an account; its tokens end at every gateway.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = (await self._found(scope, ACCOUNT_WRITE, account_id))[1]
        async with self._store.begin(scope) as accounts:
            await accounts.remove(account_id)
            await accounts.publish(deletes=[(resources.ServiceAccount.kind, account_id)])

    async def secrets(self, scope: Scope, account_id: str) -> Sequence[AccountSecret]:
        """Return an account's secrets that were not revoked, oldest first; never in clear.

        Raises:
            NotFoundError: if there is no account that the caller may see.
        """
        scope = (await self._found(scope, ACCOUNT_READ, account_id))[1]
        async with self._store.begin(scope) as accounts:
            return await accounts.secrets(account_id)

    async def add_secret(
        self,
        scope: Scope,
        account_id: str,
        *,
        expires_at: datetime | None = None,
        others_end_in: timedelta | None = None,
    ) -> CreatedSecret:
        """Give an account another secret; the others end after the overlap, if one is given.

        Raises:
            NotFoundError: if there is no account that the caller may see.
            InvalidRequestError: if the expiry has passed already.
            ConflictError: if it has as many secrets as it may.
        """
        held, scope = await self._found(scope, ACCOUNT_WRITE, account_id)
        now = self._clock.now()
        if expires_at is not None and expires_at <= now:
            raise InvalidRequestError("the expiry has passed already", param="expires_at")
        created = self._made_secret(held, expires_at)
        async with self._store.begin(scope) as accounts:
            account = existing(await accounts.lock(account_id))
            others = await accounts.secrets(account_id)
            if sum(each.is_live(now) for each in others) >= MAX_SECRETS:
                raise ConflictError(f"an account has no more than {MAX_SECRETS} secrets")
            if others_end_in is not None:
                await accounts.end_secrets([each.id for each in others], now + others_end_in)
            await accounts.add_secret(created.kept)
            await self._publish(accounts, account)
        return created

    async def revoke_secret(self, scope: Scope, account_id: str, secret_id: str) -> None:
        """End a secret, and every token that was got by it.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = (await self._found(scope, ACCOUNT_WRITE, account_id))[1]
        async with self._store.begin(scope) as accounts:
            account = existing(await accounts.lock(account_id))
            if secret_id not in {each.id for each in await accounts.secrets(account_id)}:
                raise NotFoundError
            await accounts.revoke_secret(secret_id, self._clock.now())
            await self._publish(accounts, account)

    async def _publish(self, accounts: Accounts, account: ServiceAccount) -> None:
        secrets = await accounts.secrets(account.id)
        await accounts.publish([account.resource(each.id for each in secrets)])

    def _made_secret(self, account: ServiceAccount, expires_at: datetime | None) -> CreatedSecret:
        secret = new_secret(SECRET_PREFIX)
        kept = AccountSecret(
            id=new_id("sec"),
            org_id=account.org_id,
            account_id=account.id,
            digest=hashlib.sha256(secret.encode()).digest(),
            hint=f"{secret[:7]}…",
            created_at=self._clock.now(),
            expires_at=expires_at,
        )
        return CreatedSecret(kept, secret)

    async def _check_projects(self, scope: Scope, org_id: str, project_ids: Sequence[str]) -> None:
        for project_id in project_ids:
            # Who may make accounts in the organisation may make them for each of its projects.
            try:
                narrowed = await self._tenancy.project_scope(scope, ACCOUNT_WRITE, project_id)
            except NotFoundError:
                narrowed = None
            if narrowed is None or not await self._is_of(org_id, project_id):
                raise InvalidRequestError(
                    f"the organisation has no project {project_id}", param="project_ids"
                )

    async def _check_owner(self, org_id: str, changes: AccountChanges) -> None:
        owner_id = changes.owner_id
        if isinstance(owner_id, str) and not await self._standings.stands_for(owner_id, org_id, ""):
            raise InvalidRequestError(
                "the organisation has no such person, or not any more", param="owner_id"
            )

    async def _is_of(self, org_id: str, project_id: str) -> bool:
        return (await self._tenancy.get_project(_SELF, project_id)).org_id == org_id

    async def _found(
        self, scope: Scope, permission: Permission, account_id: str
    ) -> tuple[ServiceAccount, Scope]:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.begin(_SELF) as accounts:
            account = existing(await accounts.get(account_id))
        return account, authorize(scope, permission, org_id=account.org_id)


class OrganizationAccounts:
    """Tenancy's view of the accounts: it asks for their end when an organisation goes."""

    def __init__(self, store: OAuthStore) -> None:
        self._store = store

    async def release_organization(self, scope: Scope, org_id: str) -> None:
        """Remove every account of an organisation that is being removed."""
        scope = authorize(scope, ACCOUNT_WRITE, org_id=org_id)
        async with self._store.begin(scope) as accounts:
            ids = await accounts.remove_of(org_id)
            await accounts.publish(deletes=[(resources.ServiceAccount.kind, each) for each in ids])
